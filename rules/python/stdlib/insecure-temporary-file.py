import os
import tempfile
from tempfile import mktemp


def flawed():
    # ruleid: python.stdlib.insecure-temporary-file
    tempfile.mktemp()
    # ruleid: python.stdlib.insecure-temporary-file
    mktemp(suffix=".txt")
    # ruleid: python.stdlib.insecure-temporary-file
    os.tempnam("/tmp")


def sound():
    # ok: python.stdlib.insecure-temporary-file
    tempfile.mkstemp()
    # ok: python.stdlib.insecure-temporary-file
    tempfile.mkdtemp()
    # ok: python.stdlib.insecure-temporary-file
    tempfile.NamedTemporaryFile()
