FROM debian:12
# ruleid: dockerfile.image.recommended-packages
RUN apt-get install -y curl
# ruleid: dockerfile.image.recommended-packages
RUN apt-get update && apt-get install -y curl
# ruleid: dockerfile.image.recommended-packages
RUN apt-get -y install curl
# ok: dockerfile.image.recommended-packages
RUN apt-get install -y --no-install-recommends curl
# ok: dockerfile.image.recommended-packages
RUN apt-get update
# ok: dockerfile.image.recommended-packages
RUN apk add curl
