import subprocess


def flawed(command, name):
    # ruleid: python.stdlib.shell-true
    subprocess.run(command, shell=True)
    # ruleid: python.stdlib.shell-true
    subprocess.call("ls " + name, shell=True)
    # ruleid: python.stdlib.shell-true
    subprocess.Popen(f"ls {name}", stdout=None, shell=True)


def sound(command, name):
    # ok: python.stdlib.shell-true
    subprocess.run("ls", shell=True)
    # ok: python.stdlib.shell-true
    subprocess.run(["ls", name])
    # ok: python.stdlib.shell-true
    subprocess.run(command, shell=False)
