class UsersController < ApplicationController
  def show
    name = params[:name]
    # ruleid: ruby.web.unsafe-deserialization
    Marshal.load(Base64.decode64(cookies[:state]))
    # ruleid: ruby.web.unsafe-deserialization
    YAML.load(name)
    # ruleid: ruby.web.unsafe-deserialization
    YAML.unsafe_load(params[:data])
    # ok: ruby.web.unsafe-deserialization
    YAML.safe_load(name)
    # ok: ruby.web.unsafe-deserialization
    JSON.parse(name)
    # ok: ruby.web.unsafe-deserialization
    Marshal.load(File.binread("cache.bin"))
  end
end
