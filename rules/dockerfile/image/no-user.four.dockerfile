FROM debian:12
USER app
# ok: dockerfile.image.no-user
CMD ["/bin/app"]
