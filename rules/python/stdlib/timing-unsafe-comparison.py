import hmac


def flawed(key, body, given):
    # ruleid: python.stdlib.timing-unsafe-comparison
    if hmac.new(key, body, "sha256").hexdigest() == given:
        return True
    # ruleid: python.stdlib.timing-unsafe-comparison
    if given != hmac.new(key, body, "sha256").hexdigest():
        return False
    # ruleid: python.stdlib.timing-unsafe-comparison
    return hmac.new(key, body, "sha256").digest() == given


def sound(key, body, given):
    # ok: python.stdlib.timing-unsafe-comparison
    hmac.compare_digest(hmac.new(key, body, "sha256").hexdigest(), given)
    # ok: python.stdlib.timing-unsafe-comparison
    computed = hmac.new(key, body, "sha256").hexdigest()
    # ok: python.stdlib.timing-unsafe-comparison
    return len(given) == 64
