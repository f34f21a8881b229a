FROM debian:12
RUN useradd app
USER app:app
# ok: dockerfile.image.no-user
ENTRYPOINT ["/bin/app"]
