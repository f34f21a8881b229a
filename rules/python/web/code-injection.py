import ast
import json
from flask import request


def calculate():
    text = request.form["expression"]
    # ruleid: python.web.code-injection
    eval(text)
    # ruleid: python.web.code-injection
    exec("result = " + text)
    # ruleid: python.web.code-injection
    compile(text, "input", "exec")
    # ok: python.web.code-injection
    ast.literal_eval(text)
    # ok: python.web.code-injection
    json.loads(text)
    # ok: python.web.code-injection
    eval("1 + 1")
    # ok: python.web.code-injection
    eval(str(int(text)))
