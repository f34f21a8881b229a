class UsersController < ApplicationController
  def show
    name = params[:name]
    # ruleid: ruby.rails.cross-site-scripting
    page = "<b>#{name}</b>".html_safe
    # ruleid: ruby.rails.cross-site-scripting
    raw(params[:name])
    # ruleid: ruby.rails.cross-site-scripting
    render(inline: "Hello " + name)
    # ok: ruby.rails.cross-site-scripting
    page = "<b>#{h(name)}</b>".html_safe
    # ok: ruby.rails.cross-site-scripting
    raw("<b>fixed</b>")
    # ok: ruby.rails.cross-site-scripting
    render(plain: name)
  end
end
