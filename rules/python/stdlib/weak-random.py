import random
import secrets
from random import randint


def flawed():
    # ruleid: python.stdlib.weak-random
    random.random()
    # ruleid: python.stdlib.weak-random
    randint(1, 10)
    # ruleid: python.stdlib.weak-random
    random.choice("abc")


def sound():
    # ok: python.stdlib.weak-random
    random.SystemRandom().random()
    # ok: python.stdlib.weak-random
    secrets.choice("abc")
    # ok: python.stdlib.weak-random
    random.shuffle([1, 2])
