import random
import secrets


def flawed(session, response):
    # ruleid: python.stdlib.weak-random-secret
    token = str(random.random())
    value = "".join(random.choices("abcdef", k=20))
    # ruleid: python.stdlib.weak-random-secret
    session["remember"] = value
    # ruleid: python.stdlib.weak-random-secret
    response.set_cookie("remember", value)


def sound(session, response):
    # ok: python.stdlib.weak-random-secret
    token = secrets.token_urlsafe()
    # ok: python.stdlib.weak-random-secret
    delay = random.random()
    # ok: python.stdlib.weak-random-secret
    session["remember"] = str(random.SystemRandom().random())
