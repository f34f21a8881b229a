class UsersController < ApplicationController
  def show
    name = params[:name]
    # ruleid: ruby.web.command-injection
    system("ping -c 1 #{name}")
    # ruleid: ruby.web.command-injection
    exec("ping " + params[:host])
    # ruleid: ruby.web.command-injection
    IO.popen("ping #{name}")
    # ok: ruby.web.command-injection
    system("ping", "-c", "1", name)
    # ok: ruby.web.command-injection
    system("ping -c 1 #{Shellwords.escape(name)}")
    # ok: ruby.web.command-injection
    system("ping -c #{params[:count].to_i} localhost")
  end
end
