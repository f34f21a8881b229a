class Users
  def set(config)
    # ruleid: ruby.rails.every-parameter-permitted
    config.action_controller.permit_all_parameters = false
    # ruleid: ruby.rails.every-parameter-permitted
    ActionController::Parameters.permit_all_parameters = false
    # ruleid: ruby.rails.every-parameter-permitted
    User.new(params.to_unsafe_h)
    # ok: ruby.rails.every-parameter-permitted
    config.action_controller.permit_all_parameters = false
    # ok: ruby.rails.every-parameter-permitted
    User.new(params.permit(:name))
    # ok: ruby.rails.every-parameter-permitted
    table.to_unsafe_h
  end
end
