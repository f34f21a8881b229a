FROM debian:12
RUN make
# ruleid: dockerfile.image.no-user
CMD ["/bin/app"]
