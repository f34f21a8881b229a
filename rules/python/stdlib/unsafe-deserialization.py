import json
import pickle

import yaml


def flawed(data):
    # ruleid: python.stdlib.unsafe-deserialization
    a = pickle.loads(data)
    # ruleid: python.stdlib.unsafe-deserialization
    b = yaml.load(data, Loader=yaml.Loader)
    # ruleid: python.stdlib.unsafe-deserialization
    c = yaml.unsafe_load(data)
    return a, b, c


def sound(data, thing):
    # ok: python.stdlib.unsafe-deserialization
    a = json.loads(data)
    # ok: python.stdlib.unsafe-deserialization
    b = yaml.load(data, Loader=yaml.SafeLoader)
    # ok: python.stdlib.unsafe-deserialization
    c = pickle.loads(pickle.dumps(thing))
    return a, b, c
