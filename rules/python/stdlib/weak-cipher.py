from Crypto.Cipher import AES, ARC4, DES
from cryptography.hazmat.primitives.ciphers import modes


def flawed(key):
    # ruleid: python.stdlib.weak-cipher
    DES.new(key, DES.MODE_CBC)
    # ruleid: python.stdlib.weak-cipher
    AES.new(key, AES.MODE_ECB)
    # ruleid: python.stdlib.weak-cipher
    ARC4.new(key)
    # ruleid: python.stdlib.weak-cipher
    modes.ECB()


def sound(key):
    # ok: python.stdlib.weak-cipher
    AES.new(key, AES.MODE_GCM)
    # ok: python.stdlib.weak-cipher
    AES.new(key, AES.MODE_EAX)
    # ok: python.stdlib.weak-cipher
    modes.GCM(key)
