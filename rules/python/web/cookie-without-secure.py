def flawed(response):
    # ruleid: python.web.cookie-without-secure
    response.set_cookie("session", "value")
    # ruleid: python.web.cookie-without-secure
    response.set_cookie("session", "value", httponly=True)
    # ruleid: python.web.cookie-without-secure
    response.set_cookie("session", "value", max_age=60)


def sound(response, options, secure):
    # ok: python.web.cookie-without-secure
    response.set_cookie("session", "value", secure=True)
    # ok: python.web.cookie-without-secure
    response.set_cookie("session", "value", secure=secure, httponly=True)
    # ok: python.web.cookie-without-secure
    response.set_cookie("session", "value", **options)
