import os
import shlex
import subprocess
from flask import request


def ping():
    host = request.args.get("host")
    # ruleid: python.web.command-injection
    os.system("ping -c 1 " + host)
    # ruleid: python.web.command-injection
    subprocess.run(f"ping -c 1 {host}", shell=True)
    # ruleid: python.web.command-injection
    subprocess.run(["sh", "-c", "ping " + host])
    words = []
    words.append(host)
    # ruleid: python.web.command-injection
    subprocess.Popen(words)
    # ok: python.web.command-injection
    os.system("ping -c 1 " + shlex.quote(host))
    # ok: python.web.command-injection
    subprocess.run(["ping", "-c", "1", "--", host])
    count = int(request.args["count"])
    # ok: python.web.command-injection
    os.system(f"ping -c {count} localhost")
