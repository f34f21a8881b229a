"""The vulnerable shop: flaws in the open, each beside a safe twin."""

from flask import Flask

from . import accounts, catalog, files, members, pages, store, tools


def create_app():
    app = Flask(__name__)
    store.prepare()
    for part in (accounts, catalog, files, members, pages, tools):
        app.register_blueprint(part.routes)
    return app
