FROM debian:12
# ruleid: dockerfile.image.secret-in-environment
ENV DB_PASSWORD=hunter42x
# ruleid: dockerfile.image.secret-in-environment
ENV API_KEY "k3y-9f27ab31"
# ruleid: dockerfile.image.secret-in-environment
ARG AUTH_TOKEN=f81d4fae7dec
# ok: dockerfile.image.secret-in-environment
ARG AUTH_TOKEN
# ok: dockerfile.image.secret-in-environment
ENV DB_PASSWORD_FILE=/run/secrets/db
# ok: dockerfile.image.secret-in-environment
ENV DB_PASSWORD=$GIVEN
# ok: dockerfile.image.secret-in-environment
ENV LANG=C.UTF-8
