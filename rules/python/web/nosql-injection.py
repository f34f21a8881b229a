from flask import request


def login(db):
    body = request.get_json()
    # ruleid: python.web.nosql-injection
    db.users.find_one({"name": body["name"], "password": body["password"]})
    # ruleid: python.web.nosql-injection
    db.users.delete_many(body)
    # ruleid: python.web.nosql-injection
    db.users.find({"$where": "this.name == '" + body["name"] + "'"})
    # ok: python.web.nosql-injection
    db.users.find_one({"name": str(body["name"])})
    # ok: python.web.nosql-injection
    db.users.find_one({"age": int(body["age"])})
    # ok: python.web.nosql-injection
    db.users.find_one({"name": "admin"})
