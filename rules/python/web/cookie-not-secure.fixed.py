def flawed(response):
    # ruleid: python.web.cookie-not-secure
    response.set_cookie("session", "value", secure=True)
    # ruleid: python.web.cookie-not-secure
    response.set_cookie("session", "value", path="/", secure=True, httponly=True)
    # ruleid: python.web.cookie-not-secure
    response.set_signed_cookie("session", "value", secure=True)


def sound(response):
    # ok: python.web.cookie-not-secure
    response.set_cookie("session", "value", secure=True)
    # ok: python.web.cookie-not-secure
    response.set_cookie("session", "value", httponly=False, secure=True)
    # ok: python.web.cookie-not-secure
    response.delete_cookie("session")
