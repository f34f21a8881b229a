import hashlib
from hashlib import md5


def flawed(text):
    # ruleid: python.stdlib.weak-hash
    a = hashlib.md5(text)
    # ruleid: python.stdlib.weak-hash
    b = md5(text).hexdigest()
    # ruleid: python.stdlib.weak-hash
    c = hashlib.new("sha1", text)
    return a, b, c


def sound(text):
    # ok: python.stdlib.weak-hash
    a = hashlib.sha256(text)
    # ok: python.stdlib.weak-hash
    b = hashlib.md5(text, usedforsecurity=False)
    # ok: python.stdlib.weak-hash
    c = hashlib.new("sha256", text)
    return a, b, c
