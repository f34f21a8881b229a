FROM debian:12
# ruleid: dockerfile.image.credentials-in-layer
COPY id_rsa /root/.ssh/id_rsa
# ruleid: dockerfile.image.credentials-in-layer
COPY .npmrc /app/
# ruleid: dockerfile.image.credentials-in-layer
ADD --chown=app .env /app/.env
# ok: dockerfile.image.credentials-in-layer
COPY package.json /app/
# ok: dockerfile.image.credentials-in-layer
COPY environment /app/
# ok: dockerfile.image.credentials-in-layer
RUN --mount=type=secret,id=npmrc npm ci
