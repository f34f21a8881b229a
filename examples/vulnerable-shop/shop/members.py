"""Members, who sign in with a token."""

import base64
import hashlib
import hmac
import json
import os

from flask import Blueprint, jsonify, request

routes = Blueprint("members", __name__)

# Flaw 14: a key that can be guessed. The safe twin draws one at each start.
KEY = b"changeme"
SAFE_KEY = os.urandom(32)

# Wrong passwords after which a member of the safe twin has to wait.
MOST_TRIES = 10

members = {}
safe_members = {}
safe_tries = {}


def encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def signature(key, text):
    return encode(hmac.new(key, text.encode(), hashlib.sha256).digest())


def token_for(key, name):
    claims = encode(json.dumps({"sub": name}).encode())
    text = encode(b'{"alg":"HS256","typ":"JWT"}') + "." + claims
    return text + "." + signature(key, text)


def name_in(key, token):
    """The name in a token with the right signature."""
    text, _, given = token.rpartition(".")
    if not hmac.compare_digest(signature(key, text), given):
        return None
    return json.loads(decode(text.split(".")[1]))["sub"]


def bearer(key):
    return name_in(key, request.headers.get("Authorization", "").removeprefix("Bearer "))


def sent():
    body = request.get_json(silent=True)
    return body if isinstance(body, dict) else {}


@routes.post("/members/register")
def register():
    body = sent()
    name = str(body.get("username", ""))
    if name in members or not name:
        return jsonify(error="taken"), 409
    # Flaw 15: whoever registers may say that they are an administrator.
    members[name] = {"admin": False, **body}
    return jsonify(username=name), 201


@routes.post("/safe/members/register")
def safe_register():
    name, password = str(sent().get("username", "")), str(sent().get("password", ""))
    if name in safe_members or not name:
        return jsonify(error="taken"), 409
    safe_members[name] = {"admin": False, "password": password}
    return jsonify(username=name), 201


@routes.post("/members/login")
def login():
    # Flaw 16: the answer tells which members exist, and flaw 17: anyone may try as often as they like.
    member = members.get(str(sent().get("username", "")))
    if member is None:
        return jsonify(error="no such member"), 401
    if member.get("password") != sent().get("password"):
        return jsonify(error="wrong password"), 401
    return jsonify(token=token_for(KEY, sent()["username"]))


@routes.post("/safe/members/login")
def safe_login():
    name = str(sent().get("username", ""))
    if safe_tries.get(name, 0) >= MOST_TRIES:
        return jsonify(error="try again later"), 429
    member = safe_members.get(name)
    if member is None or not hmac.compare_digest(member["password"], str(sent().get("password", ""))):
        safe_tries[name] = safe_tries.get(name, 0) + 1
        return jsonify(error="wrong name or password"), 401
    return jsonify(token=token_for(SAFE_KEY, name))


@routes.get("/members/me")
def me():
    name = bearer(KEY)
    if name not in members:
        return jsonify(error="sign in first"), 401
    return jsonify(username=name, admin=members[name]["admin"])


@routes.get("/safe/members/me")
def safe_me():
    name = bearer(SAFE_KEY)
    if name not in safe_members:
        return jsonify(error="sign in first"), 401
    return jsonify(username=name, admin=safe_members[name]["admin"])


@routes.put("/members/<name>/password")
def set_password(name):
    # Flaw 18: a member sets the password of any other.
    if bearer(KEY) not in members or name not in members:
        return jsonify(error="sign in first"), 401
    members[name]["password"] = sent().get("password")
    return "", 204


@routes.put("/safe/members/<name>/password")
def safe_set_password(name):
    if bearer(SAFE_KEY) != name or name not in safe_members:
        return jsonify(error="sign in first"), 401
    safe_members[name]["password"] = str(sent().get("password", ""))
    return "", 204


@routes.get("/badge")
def badge():
    # Flaw 19: the name in the token is read, its signature is not.
    try:
        name = json.loads(decode(request.args.get("token", "").split(".")[1]))["sub"]
    except (IndexError, KeyError, TypeError, ValueError):
        return jsonify(error="no token"), 401
    return jsonify(badge=f"member {name}" if name in members else "nobody")


@routes.get("/safe/badge")
def safe_badge():
    try:
        name = name_in(SAFE_KEY, request.args.get("token", ""))
    except (IndexError, KeyError, TypeError, ValueError):
        name = None
    if name not in safe_members:
        return jsonify(error="no token"), 401
    return jsonify(badge=f"member {name}")


@routes.get("/stock")
def stock():
    # Flaw 20: the function to call is not limited to a name.
    text = json.dumps({"kettle": 3, "lamp": 1})
    if function := request.args.get("callback"):
        text = f"{function}({text});"
    return text, 200, {"Content-Type": "application/javascript"}


@routes.get("/safe/stock")
def safe_stock():
    # Other sites that may read it are named by CORS, not by a callback.
    return jsonify(kettle=3, lamp=1)


def operation(*fields):
    body = {"type": "object", "properties": {field: {"type": "string"} for field in fields}}
    return {"requestBody": {"content": {"application/json": {"schema": body}}}}


@routes.get("/openapi.json")
def description():
    paths = {}
    for prefix in ("", "/safe"):
        named = {"name": "name", "in": "path", "required": True, "schema": {"type": "string"}}
        paths |= {
            f"{prefix}/members/register": {"post": operation("username", "password")},
            f"{prefix}/members/login": {"post": operation("username", "password")},
            f"{prefix}/members/me": {"get": {}},
            f"{prefix}/members/{{name}}/password": {"put": operation("password") | {"parameters": [named]}},
        }
    return jsonify(openapi="3.0.0", info={"title": "Members", "version": "1"}, paths=paths)
