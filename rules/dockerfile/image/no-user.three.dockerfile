FROM alpine:3.20
ENV NAME=user
# ruleid: dockerfile.image.no-user
CMD /bin/app
