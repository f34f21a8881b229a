class Users
  def find(users)
    # ruleid: ruby.web.nosql-injection
    users.find({ name: params[:name], word: params[:word] })
    # ruleid: ruby.web.nosql-injection
    users.delete_many({ name: params[:name] })
    # ruleid: ruby.web.nosql-injection
    User.for_js("this.name == '" + params[:name] + "'")
    # ok: ruby.web.nosql-injection
    users.find({ name: params[:name].to_s })
    # ok: ruby.web.nosql-injection
    users.find({ name: "fixed" })
    # ok: ruby.web.nosql-injection
    users.insert_one({ name: params[:name] })
  end
end
