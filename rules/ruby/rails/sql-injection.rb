class UsersController < ApplicationController
  def show
    name = params[:name]
    # ruleid: ruby.rails.sql-injection
    User.where("name = '#{params[:name]}'")
    # ruleid: ruby.rails.sql-injection
    User.find_by_sql("SELECT * FROM users WHERE name = '" + name + "'")
    # ruleid: ruby.rails.sql-injection
    User.connection.execute("DELETE FROM users WHERE name = '#{name}'")
    # ok: ruby.rails.sql-injection
    User.where(name: params[:name])
    # ok: ruby.rails.sql-injection
    User.where("name = ?", name)
    # ok: ruby.rails.sql-injection
    User.find_by_sql("SELECT * FROM users LIMIT #{params[:page].to_i}")
  end
end
