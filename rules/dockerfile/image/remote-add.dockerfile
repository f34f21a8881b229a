FROM debian:12
# ruleid: dockerfile.image.remote-add
ADD https://example.com/tool.tar.gz /opt/
# ruleid: dockerfile.image.remote-add
ADD --chown=app http://example.com/app.jar /app/
# ruleid: dockerfile.image.remote-add
ADD --chmod=755 https://example.com/run /usr/bin/run
# ok: dockerfile.image.remote-add
ADD --checksum=sha256:00aa https://example.com/tool.tar.gz /opt/
# ok: dockerfile.image.remote-add
ADD tool.tar.gz /opt/
# ok: dockerfile.image.remote-add
COPY https.txt /opt/
