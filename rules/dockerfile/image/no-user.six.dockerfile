FROM debian:12
# ok: dockerfile.image.no-user
RUN echo CMD
USER 1000
CMD ["/bin/app"]
