class Sessions
  def set(config)
    # ruleid: ruby.rails.cookie-flags
    cookies[:session] = { value: "x", secure: true }
    # ruleid: ruby.rails.cookie-flags
    cookies[:session] = { value: "x", httponly: true }
    # ruleid: ruby.rails.cookie-flags
    config.session_store(:cookie_store, key: "_app", httponly: true)
    # ruleid: ruby.rails.cookie-flags
    config.force_ssl = true
    # ok: ruby.rails.cookie-flags
    cookies[:session] = { value: "x", secure: true, httponly: true }
    # ok: ruby.rails.cookie-flags
    config.session_store(:cookie_store, key: "_app")
    # ok: ruby.rails.cookie-flags
    config.force_ssl = true
  end
end
