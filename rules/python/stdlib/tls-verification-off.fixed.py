import ssl

import httpx
import requests


def flawed(url, context):
    # ruleid: python.stdlib.tls-verification-off
    requests.get(url, verify=True, timeout=5)
    # ruleid: python.stdlib.tls-verification-off
    httpx.Client(verify=True)
    # ruleid: python.stdlib.tls-verification-off
    context.verify_mode = ssl.CERT_NONE


def sound(url, context):
    # ok: python.stdlib.tls-verification-off
    requests.get(url, timeout=5)
    # ok: python.stdlib.tls-verification-off
    requests.get(url, verify="/etc/ssl/private-ca.pem", timeout=5)
    # ok: python.stdlib.tls-verification-off
    context.verify_mode = ssl.CERT_REQUIRED
