import paramiko


def flawed(client):
    # ruleid: python.stdlib.host-key-not-checked
    client.set_missing_host_key_policy(paramiko.AutoAddPolicy())
    # ruleid: python.stdlib.host-key-not-checked
    client.set_missing_host_key_policy(paramiko.AutoAddPolicy)
    # ruleid: python.stdlib.host-key-not-checked
    client.set_missing_host_key_policy(paramiko.WarningPolicy())


def sound(client):
    # ok: python.stdlib.host-key-not-checked
    client.set_missing_host_key_policy(paramiko.RejectPolicy())
    # ok: python.stdlib.host-key-not-checked
    client.load_system_host_keys()
    # ok: python.stdlib.host-key-not-checked
    client.connect("example.org")
