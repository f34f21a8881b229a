FROM debian:12
# ruleid: dockerfile.image.unverified-packages
RUN apt-get install -y --allow-unauthenticated tool
# ruleid: dockerfile.image.unverified-packages
RUN apk add --allow-untrusted tool.apk
# ruleid: dockerfile.image.unverified-packages
RUN dnf install -y --nogpgcheck tool
# ok: dockerfile.image.unverified-packages
RUN apt-get install -y --no-install-recommends tool
# ok: dockerfile.image.unverified-packages
RUN apk add --no-cache tool
# ok: dockerfile.image.unverified-packages
RUN dnf install -y tool
