FROM debian:12
# ruleid: dockerfile.image.download-into-shell
RUN curl -fsSL https://example.com/install.sh | sh
# ruleid: dockerfile.image.download-into-shell
RUN wget -qO- https://example.com/install.sh | bash -s -- --yes
# ruleid: dockerfile.image.download-into-shell
RUN apt-get update && curl https://example.com/setup | sudo bash -
# ok: dockerfile.image.download-into-shell
RUN curl -fsSL -o /tmp/tool https://example.com/tool && echo "abc  /tmp/tool" | sha256sum -c
# ok: dockerfile.image.download-into-shell
RUN curl -fsSL https://example.com/tool.tar.gz | tar xz
# ok: dockerfile.image.download-into-shell
RUN cat install.sh | sh
