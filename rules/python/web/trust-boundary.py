import flask
from flask import request, session


def login(users):
    # ruleid: python.web.trust-boundary
    session["user"] = request.form["user"]
    role = request.cookies.get("role")
    # ruleid: python.web.trust-boundary
    flask.session["role"] = "role " + role
    # ruleid: python.web.trust-boundary
    session[request.args["key"]] = "yes"
    # ok: python.web.trust-boundary
    session["page"] = int(request.args["page"])
    # ok: python.web.trust-boundary
    session["user"] = "guest"
    # ok: python.web.trust-boundary
    session["theme"] = len(role)


def store(request):
    # ruleid: python.web.trust-boundary
    request.session["role"] = request.POST["role"]
