import os


def flawed(path):
    # ruleid: python.stdlib.permissive-file-mode
    os.chmod(path, 0o777)
    # ruleid: python.stdlib.permissive-file-mode
    os.chmod(path, 0o666)
    # ruleid: python.stdlib.permissive-file-mode
    os.chmod(path, 0o757)


def sound(path):
    # ok: python.stdlib.permissive-file-mode
    os.chmod(path, 0o600)
    # ok: python.stdlib.permissive-file-mode
    os.chmod(path, 0o755)
    # ok: python.stdlib.permissive-file-mode
    os.mkdir(path, 0o700)
