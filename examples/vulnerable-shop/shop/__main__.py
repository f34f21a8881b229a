"""Serves the shop on loopback."""

import os

from . import create_app

if __name__ == "__main__":
    create_app().run(host="127.0.0.1", port=int(os.environ.get("SHOP_PORT", "8321")), threaded=True)
