import sqlite3
import sqlalchemy
from flask import Flask, request

app = Flask(__name__)


@app.route("/user")
def user():
    cursor = sqlite3.connect("app.db").cursor()
    name = request.args.get("name")
    # ruleid: python.web.sql-injection
    cursor.execute("SELECT * FROM user WHERE name = '" + name + "'")
    statement = f"SELECT * FROM user WHERE name = '{name}'"
    # ruleid: python.web.sql-injection
    cursor.execute(statement)
    # ruleid: python.web.sql-injection
    sqlalchemy.text("SELECT * FROM user WHERE name = '%s'" % name)
    # ok: python.web.sql-injection
    cursor.execute("SELECT * FROM user WHERE name = ?", (name,))
    page = int(request.args["page"])
    # ok: python.web.sql-injection
    cursor.execute(f"SELECT * FROM user LIMIT {page}")
    name = "fixed"
    # ok: python.web.sql-injection
    cursor.execute("SELECT * FROM user WHERE name = '" + name + "'")


def search(request):
    cursor = sqlite3.connect("app.db").cursor()
    # ruleid: python.web.sql-injection
    cursor.execute("SELECT * FROM item WHERE title LIKE '%" + request.GET["q"] + "%'")


@app.route("/item/<name>")
def item(name):
    cursor = sqlite3.connect("app.db").cursor()
    # ruleid: python.web.sql-injection
    cursor.execute("SELECT * FROM item WHERE name = '" + name + "'")
