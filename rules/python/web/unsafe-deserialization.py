import base64
import json
import pickle
import yaml
from flask import request


def restore():
    # ruleid: python.web.unsafe-deserialization
    pickle.loads(base64.b64decode(request.cookies["state"]))
    body = request.data
    # ruleid: python.web.unsafe-deserialization
    yaml.load(body, Loader=yaml.Loader)
    # ruleid: python.web.unsafe-deserialization
    yaml.unsafe_load(body)
    # ok: python.web.unsafe-deserialization
    yaml.safe_load(body)
    # ok: python.web.unsafe-deserialization
    yaml.load(body, Loader=yaml.SafeLoader)
    # ok: python.web.unsafe-deserialization
    json.loads(body)
    # ok: python.web.unsafe-deserialization
    pickle.loads(open("model.bin", "rb").read())
