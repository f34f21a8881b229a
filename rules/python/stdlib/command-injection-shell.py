import os
import shlex
import subprocess
from subprocess import run


def flawed(host, names):
    # ruleid: python.stdlib.shell-command-from-variable
    subprocess.run("ping " + host, shell=True, check=True)
    # ruleid: python.stdlib.shell-command-from-variable
    run(f"ping {host}", shell=True)
    # ruleid: python.stdlib.shell-command-from-variable
    os.system("ping %s" % host)
    # ruleid: python.stdlib.shell-command-from-variable
    os.popen("ping " + host).read()


def sound(host):
    # ok: python.stdlib.shell-command-from-variable
    subprocess.run(["ping", host], check=True)
    # ok: python.stdlib.shell-command-from-variable
    subprocess.run("ping " + "localhost", shell=True)
    # ok: python.stdlib.shell-command-from-variable
    os.system("ping " + shlex.quote(host))
    # ok: python.stdlib.shell-command-from-variable
    subprocess.run("ping " + host)
