import jwt


def flawed(token, key):
    # ruleid: python.web.jwt-not-verified
    jwt.decode(token, options={"verify_signature": False})
    # ruleid: python.web.jwt-not-verified
    jwt.decode(token, key, verify=False)
    # ruleid: python.web.jwt-not-verified
    jwt.decode(token, key, algorithms=["HS256", "none"])


def sound(token, key):
    # ok: python.web.jwt-not-verified
    jwt.decode(token, key, algorithms=["HS256"])
    # ok: python.web.jwt-not-verified
    jwt.decode(token, key, algorithms=["HS256"], options={"verify_exp": False})
    # ok: python.web.jwt-not-verified
    jwt.encode({"name": "value"}, key, algorithm="HS256")
