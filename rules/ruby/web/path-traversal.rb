class UsersController < ApplicationController
  def show
    name = params[:name]
    # ruleid: ruby.web.path-traversal
    send_file("/srv/files/" + name)
    # ruleid: ruby.web.path-traversal
    File.read("/srv/files/#{params[:name]}")
    # ruleid: ruby.web.path-traversal
    File.open(name, "w")
    # ok: ruby.web.path-traversal
    send_file("/srv/files/" + File.basename(name))
    # ok: ruby.web.path-traversal
    File.read("/srv/files/#{name.to_i}")
    # ok: ruby.web.path-traversal
    File.open("/srv/files/list.txt")
  end
end
