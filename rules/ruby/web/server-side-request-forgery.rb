class UsersController < ApplicationController
  def show
    name = params[:name]
    # ruleid: ruby.web.server-side-request-forgery
    Net::HTTP.get(URI(params[:url]))
    # ruleid: ruby.web.server-side-request-forgery
    HTTParty.get("http://#{name}")
    # ruleid: ruby.web.server-side-request-forgery
    URI.open(name)
    # ok: ruby.web.server-side-request-forgery
    Net::HTTP.get(URI("https://api.example.org/"))
    # ok: ruby.web.server-side-request-forgery
    HTTParty.get("https://api.example.org/item/#{name.to_i}")
    # ok: ruby.web.server-side-request-forgery
    HTTParty.post("https://api.example.org/", body: name)
  end
end
