import requests
import urllib.request
from flask import request

HOOKS = {"mail": "https://mail.example.org/hook"}


def preview():
    address = request.args["url"]
    # ruleid: python.web.server-side-request-forgery
    requests.get(address)
    # ruleid: python.web.server-side-request-forgery
    urllib.request.urlopen("http://" + address)
    session = requests.Session()
    # ruleid: python.web.server-side-request-forgery
    session.post(address)
    # ok: python.web.server-side-request-forgery
    requests.get("https://api.example.org/item", params={"q": address})
    # ok: python.web.server-side-request-forgery
    requests.post("https://api.example.org/item", data=address)
    # ok: python.web.server-side-request-forgery
    requests.get("https://api.example.org/item/" + address)
