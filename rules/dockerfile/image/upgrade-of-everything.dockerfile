FROM debian:12
# ruleid: dockerfile.image.upgrade-of-everything
RUN apt-get update && apt-get -y upgrade
# ruleid: dockerfile.image.upgrade-of-everything
RUN apk upgrade --no-cache
# ruleid: dockerfile.image.upgrade-of-everything
RUN yum -y update
# ok: dockerfile.image.upgrade-of-everything
RUN apt-get update && apt-get install -y curl
# ok: dockerfile.image.upgrade-of-everything
RUN apk add --no-cache curl
# ok: dockerfile.image.upgrade-of-everything
RUN echo upgrade
