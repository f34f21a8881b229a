import urllib.parse
from flask import make_response, request


def view():
    response = make_response("fine")
    language = request.args["language"]
    # ruleid: python.web.header-injection
    response.headers["Content-Language"] = language
    # ruleid: python.web.header-injection
    response.headers.add("X-Language", language)
    # ruleid: python.web.header-injection
    response.headers["X-Name"] = "name=" + request.args["name"]
    # ok: python.web.header-injection
    response.headers["Content-Language"] = "en"
    # ok: python.web.header-injection
    response.headers["X-Language"] = urllib.parse.quote(language)
    # ok: python.web.header-injection
    response.headers["X-Count"] = str(int(request.args["count"]))
