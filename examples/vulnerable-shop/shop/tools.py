"""Tools for the shop's staff."""

import ast
import base64
import json
import operator
import pickle
import re
import subprocess

from flask import Blueprint, jsonify, request

routes = Blueprint("tools", __name__)

OPERATORS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul}


@routes.get("/tools")
def tools():
    return "".join(
        f'<form method="post" action="{action}"><input name="host" value="127.0.0.1"><button>Ping</button></form>'
        for action in ("/ping", "/safe/ping")
    )


@routes.post("/ping")
def ping():
    # Flaw 3: the host becomes part of a shell command.
    host = request.form.get("host", "")
    answer = subprocess.run("echo pinging " + host, shell=True, capture_output=True, text=True, timeout=20)
    return answer.stdout, 200, {"Content-Type": "text/plain"}


@routes.post("/safe/ping")
def safe_ping():
    host = request.form.get("host", "")
    if not re.fullmatch(r"[0-9.]{7,15}", host):
        return "not an address", 400, {"Content-Type": "text/plain"}
    answer = subprocess.run(["echo", "pinging", host], capture_output=True, text=True, timeout=20)
    return answer.stdout, 200, {"Content-Type": "text/plain"}


@routes.get("/cart")
def cart():
    # Flaw 9: unpickling a cookie runs what it says.
    cookie = request.cookies.get("cart", "")
    try:
        items = pickle.loads(base64.b64decode(cookie)) if cookie else []
    except Exception:
        items = []
    return jsonify(items)


@routes.get("/safe/cart")
def safe_cart():
    cookie = request.cookies.get("cart", "")
    try:
        items = json.loads(base64.b64decode(cookie)) if cookie else []
    except ValueError:
        items = []
    return jsonify(items)


@routes.get("/discount")
def discount():
    # Flaw 10: the formula is run as code.
    formula = request.args.get("formula", "0")
    try:
        return str(eval(formula))
    except Exception:
        return "no formula", 400


@routes.get("/safe/discount")
def safe_discount():
    try:
        return str(compute(ast.parse(request.args.get("formula", "0"), mode="eval").body))
    except (ValueError, SyntaxError):
        return "no formula", 400


def compute(node):
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return node.value
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        return OPERATORS[type(node.op)](compute(node.left), compute(node.right))
    raise ValueError("not allowed")
