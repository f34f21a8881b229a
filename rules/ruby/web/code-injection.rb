class UsersController < ApplicationController
  def show
    name = params[:name]
    # ruleid: ruby.web.code-injection
    eval(params[:code])
    # ruleid: ruby.web.code-injection
    name.constantize
    # ruleid: ruby.web.code-injection
    self.send(name)
    # ok: ruby.web.code-injection
    eval("1 + 1")
    # ok: ruby.web.code-injection
    "User".constantize
    # ok: ruby.web.code-injection
    self.send(:show, name)
  end
end
