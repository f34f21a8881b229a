"""Products and the guest book."""

from flask import Blueprint, jsonify, redirect, request
from markupsafe import escape

from . import store

routes = Blueprint("catalog", __name__)


@routes.get("/products")
def products():
    # Flaw 1: the search term becomes part of the statement.
    term = request.args.get("q", "")
    with store.database() as db:
        rows = db.execute("SELECT id, name, price FROM product WHERE name LIKE '%" + term + "%'").fetchall()
    return jsonify([{"id": row[0], "name": row[1], "price": row[2]} for row in rows])


@routes.get("/safe/products")
def safe_products():
    term = request.args.get("q", "")
    with store.database() as db:
        rows = db.execute("SELECT id, name, price FROM product WHERE name LIKE ?", ("%" + term + "%",)).fetchall()
    return jsonify([{"id": row[0], "name": row[1], "price": row[2]} for row in rows])


@routes.get("/guestbook")
def guestbook():
    # Flaw 8, second half: what visitors wrote is shown as it is.
    with store.database() as db:
        rows = db.execute("SELECT text FROM entry").fetchall()
    entries = "".join("<li>" + row[0] + "</li>" for row in rows)
    return "<h1>Guest book</h1><ul>" + entries + "</ul>" + form("/guestbook")


@routes.post("/guestbook")
def sign_guestbook():
    with store.database() as db:
        db.execute("INSERT INTO entry (text) VALUES (?)", (request.form.get("text", ""),))
    return redirect("/guestbook")


@routes.get("/safe/guestbook")
def safe_guestbook():
    with store.database() as db:
        rows = db.execute("SELECT text FROM safe_entry").fetchall()
    entries = "".join("<li>" + str(escape(row[0])) + "</li>" for row in rows)
    return "<h1>Guest book</h1><ul>" + entries + "</ul>" + form("/safe/guestbook")


@routes.post("/safe/guestbook")
def sign_safe_guestbook():
    with store.database() as db:
        db.execute("INSERT INTO safe_entry (text) VALUES (?)", (request.form.get("text", ""),))
    return redirect("/safe/guestbook")


def form(action):
    return (
        '<form method="post" action="' + action + '">'
        '<input name="text" value="hello"><button>Sign</button></form>'
    )
