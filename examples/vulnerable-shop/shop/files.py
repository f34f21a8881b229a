"""Manuals on disk and pages elsewhere."""

import os
import urllib.request

from flask import Blueprint, abort, request

routes = Blueprint("files", __name__)

MANUALS = os.path.join(os.path.dirname(__file__), "manuals")
PARTNERS = {"catalogue": "http://127.0.0.1:8321/health"}


@routes.get("/manuals")
def manuals():
    # Flaw 4: the file name may climb out of the folder.
    name = request.args.get("file", "")
    try:
        with open(os.path.join(MANUALS, name), encoding="utf-8") as manual:
            return manual.read(), 200, {"Content-Type": "text/plain"}
    except OSError:
        abort(404)


@routes.get("/safe/manuals")
def safe_manuals():
    name = os.path.basename(request.args.get("file", ""))
    if name not in os.listdir(MANUALS):
        abort(404)
    with open(os.path.join(MANUALS, name), encoding="utf-8") as manual:
        return manual.read(), 200, {"Content-Type": "text/plain"}


@routes.get("/preview")
def preview():
    # Flaw 7: the server fetches whatever address it is given.
    url = request.args.get("url", "")
    try:
        with urllib.request.urlopen(url, timeout=3) as page:
            return page.read(2000).decode("utf-8", "replace"), 200, {"Content-Type": "text/plain"}
    except (OSError, ValueError):
        abort(502)


@routes.get("/safe/preview")
def safe_preview():
    partner = PARTNERS.get(request.args.get("url", ""))
    if partner is None:
        abort(404)
    with urllib.request.urlopen(partner, timeout=3) as page:
        return page.read(2000).decode("utf-8", "replace"), 200, {"Content-Type": "text/plain"}
