FROM debian:12
# ruleid: dockerfile.image.remote-shell-port
EXPOSE 22
# ruleid: dockerfile.image.remote-shell-port
EXPOSE 8080 22/tcp
# ruleid: dockerfile.image.remote-shell-port
EXPOSE 23
# ok: dockerfile.image.remote-shell-port
EXPOSE 8022
# ok: dockerfile.image.remote-shell-port
EXPOSE 8080/tcp
# ok: dockerfile.image.remote-shell-port
EXPOSE 2222
