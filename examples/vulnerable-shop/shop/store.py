"""The database: one in-memory SQLite for the life of the process, used by one request at a time."""

import contextlib
import sqlite3
import threading

_connection = sqlite3.connect(":memory:", check_same_thread=False)
_lock = threading.Lock()


@contextlib.contextmanager
def database():
    with _lock, _connection:
        yield _connection


def prepare():
    with database() as db:
        db.executescript(
            """
            CREATE TABLE IF NOT EXISTS product (id INTEGER PRIMARY KEY, name TEXT, price REAL);
            CREATE TABLE IF NOT EXISTS entry (id INTEGER PRIMARY KEY, text TEXT);
            CREATE TABLE IF NOT EXISTS safe_entry (id INTEGER PRIMARY KEY, text TEXT);
            DELETE FROM product;
            INSERT INTO product (name, price) VALUES ('kettle', 30), ('lamp', 45), ('ladder', 80);
            """
        )
