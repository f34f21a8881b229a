import re
from flask import request


def find(lines):
    term = request.args["term"]
    # ruleid: python.web.regex-injection
    re.search(term, lines)
    # ruleid: python.web.regex-injection
    re.compile("^" + term + "$")
    # ruleid: python.web.regex-injection
    re.findall(f"{term}+", lines)
    # ok: python.web.regex-injection
    re.search(re.escape(term), lines)
    # ok: python.web.regex-injection
    re.search("^[a-z]+$", term)
    # ok: python.web.regex-injection
    re.compile(r"\d+").match(term)
