# ruleid: dockerfile.image.latest-tag
FROM debian:latest
# ruleid: dockerfile.image.latest-tag
FROM example/tool:latest AS build
# ruleid: dockerfile.image.latest-tag
FROM example/tool
# ok: dockerfile.image.latest-tag
FROM debian:12.5
# ok: dockerfile.image.latest-tag
FROM debian@sha256:0000000000000000000000000000000000000000000000000000000000000000
# ok: dockerfile.image.latest-tag
FROM scratch
# ok: dockerfile.image.latest-tag
FROM example/latest:1.0
