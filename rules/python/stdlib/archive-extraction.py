import tarfile
import zipfile


def flawed(path):
    # ruleid: python.stdlib.archive-extraction
    tarfile.open(path).extractall("/srv")
    archive = tarfile.open(path)
    # ruleid: python.stdlib.archive-extraction
    archive.extractall()
    with tarfile.open(path) as opened:
        # ruleid: python.stdlib.archive-extraction
        opened.extractall("/srv")


def sound(path):
    with tarfile.open(path) as opened:
        # ok: python.stdlib.archive-extraction
        opened.extractall("/srv", filter="data")
    # ok: python.stdlib.archive-extraction
    zipfile.ZipFile(path).extractall("/srv")
    # ok: python.stdlib.archive-extraction
    tarfile.open(path).getnames()
