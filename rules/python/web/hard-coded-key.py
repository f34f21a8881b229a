import os
import jwt


def flawed(app):
    # ruleid: python.web.hard-coded-key
    app.secret_key = "correct horse battery"
    # ruleid: python.web.hard-coded-key
    app.config["SECRET_KEY"] = "correct horse battery"
    # ruleid: python.web.hard-coded-key
    jwt.encode({"name": "value"}, "correct horse battery", algorithm="HS256")


def sound(app):
    # ok: python.web.hard-coded-key
    app.secret_key = os.environ["SECRET_KEY"]
    # ok: python.web.hard-coded-key
    app.config["SECRET_KEY"] = os.environ["SECRET_KEY"]
    # ok: python.web.hard-coded-key
    app.config["NAME"] = "correct horse battery"
