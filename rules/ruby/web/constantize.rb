class Users
  def find(user)
    # ruleid: ruby.web.constantize
    params[:kind].constantize
    # ruleid: ruby.web.constantize
    Object.const_get(params[:kind])
    # ruleid: ruby.web.constantize
    user.send(params[:action_name])
    # ok: ruby.web.constantize
    user.send(:name)
    # ok: ruby.web.constantize
    KINDS.fetch(params[:kind])
    # ok: ruby.web.constantize
    user.send(:name=, params[:name])
  end
end
