"""Accounts and how their passwords are kept."""

import hashlib
import os

from flask import Blueprint

routes = Blueprint("accounts", __name__)


@routes.get("/account")
def account():
    return "<p>Sign in to see your account.</p>"


def stored_password(password):
    # Flaw 11: a fast hash without salt.
    return hashlib.md5(password.encode()).hexdigest()


def safe_stored_password(password):
    salt = os.urandom(16)
    return salt + hashlib.scrypt(password.encode(), salt=salt, n=2**14, r=8, p=1)
