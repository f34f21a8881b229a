import os
import pathlib
from flask import request, send_file
from werkzeug.utils import secure_filename


def download():
    name = request.args.get("name")
    # ruleid: python.web.path-traversal
    open("/srv/files/" + name)
    path = os.path.join("/srv/files", name)
    # ruleid: python.web.path-traversal
    send_file(path)
    # ruleid: python.web.path-traversal
    os.remove(f"/srv/files/{name}")
    target = pathlib.Path("/srv/files") / name
    # ruleid: python.web.path-traversal
    target.read_text()
    # ok: python.web.path-traversal
    open(os.path.join("/srv/files", os.path.basename(name)))
    # ok: python.web.path-traversal
    send_file(os.path.join("/srv/files", secure_filename(name)))
    # ok: python.web.path-traversal
    open("/srv/files/" + str(int(name)))


def checked():
    path = os.path.realpath(os.path.join("/srv/files", request.args["name"]))
    if not path.startswith("/srv/files/"):
        raise ValueError(path)
    # ok: python.web.path-traversal
    return open(path)
