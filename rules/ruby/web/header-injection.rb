class Users
  def find
    # ruleid: ruby.web.header-injection
    response.headers["X-Name"] = params[:name]
    # ruleid: ruby.web.header-injection
    headers["X-Name"] = "n=" + params[:name]
    # ruleid: ruby.web.header-injection
    response.set_header("X-Name", params[:name])
    # ok: ruby.web.header-injection
    headers["X-Name"] = CGI.escape(params[:name])
    # ok: ruby.web.header-injection
    headers["X-Name"] = "fixed"
    # ok: ruby.web.header-injection
    table["X-Name"] = params[:name]
  end
end
