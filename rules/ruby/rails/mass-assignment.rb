class UsersController < ApplicationController
  def show
    name = params[:name]
    # ruleid: ruby.rails.mass-assignment
    params.permit!
    # ruleid: ruby.rails.mass-assignment
    User.create(params.require(:user).permit!)
    # ruleid: ruby.rails.mass-assignment
    User.update(params[:user].permit!)
    # ok: ruby.rails.mass-assignment
    params.permit(:name)
    # ok: ruby.rails.mass-assignment
    User.create(params.require(:user).permit(:name, :mail))
    # ok: ruby.rails.mass-assignment
    User.create(name: params[:name])
  end
end
