FROM debian:12 AS one
# ruleid: dockerfile.image.root-user
USER root
RUN apt-get update
FROM debian:12 AS two
# ruleid: dockerfile.image.root-user
USER 0
FROM debian:12 AS three
# ok: dockerfile.image.root-user
USER root
RUN apt-get update
# ok: dockerfile.image.root-user
USER app
FROM debian:12 AS four
# ruleid: dockerfile.image.root-user
USER root:root
FROM debian:12 AS five
# ok: dockerfile.image.root-user
USER rootless
