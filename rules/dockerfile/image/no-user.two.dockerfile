FROM debian:12 AS build
RUN make
FROM debian:12
# ruleid: dockerfile.image.no-user
ENTRYPOINT ["/bin/app"]
