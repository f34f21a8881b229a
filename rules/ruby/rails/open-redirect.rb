class UsersController < ApplicationController
  def show
    name = params[:name]
    # ruleid: ruby.rails.open-redirect
    redirect_to(params[:next])
    # ruleid: ruby.rails.open-redirect
    redirect_to("http://#{name}")
    # ruleid: ruby.rails.open-redirect
    redirect_to(name, allow_other_host: true)
    # ok: ruby.rails.open-redirect
    redirect_to("/home")
    # ok: ruby.rails.open-redirect
    redirect_to(url_from(params[:next]))
    # ok: ruby.rails.open-redirect
    redirect_to(user_path(name))
  end
end
