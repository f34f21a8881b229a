def flawed(response, app):
    # ruleid: python.web.cookie-not-http-only
    response.set_cookie("session", "value", httponly=True)
    # ruleid: python.web.cookie-not-http-only
    response.set_signed_cookie("session", "value", httponly=True)
    # ruleid: python.web.cookie-not-http-only
    app.config["SESSION_COOKIE_HTTPONLY"] = True


def sound(response, app):
    # ok: python.web.cookie-not-http-only
    response.set_cookie("session", "value", httponly=True, secure=True)
    # ok: python.web.cookie-not-http-only
    app.config["SESSION_COOKIE_HTTPONLY"] = True
    # ok: python.web.cookie-not-http-only
    app.config["SESSION_COOKIE_NAME"] = False
