"""The database: one in-memory SQLite for the life of the process."""

import sqlite3
import threading

_connection = sqlite3.connect(":memory:", check_same_thread=False)
_lock = threading.Lock()


def prepare():
    with _lock:
        _connection.executescript(
            """
            CREATE TABLE IF NOT EXISTS product (id INTEGER PRIMARY KEY, name TEXT, price REAL);
            CREATE TABLE IF NOT EXISTS entry (id INTEGER PRIMARY KEY, text TEXT);
            CREATE TABLE IF NOT EXISTS safe_entry (id INTEGER PRIMARY KEY, text TEXT);
            DELETE FROM product;
            INSERT INTO product (name, price) VALUES ('kettle', 30), ('lamp', 45), ('ladder', 80);
            """
        )


def query(sql, parameters=()):
    with _lock:
        return _connection.execute(sql, parameters).fetchall()


def change(sql, parameters=()):
    with _lock:
        _connection.execute(sql, parameters)
        _connection.commit()
