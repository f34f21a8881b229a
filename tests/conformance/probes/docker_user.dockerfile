FROM a
# ruleid: docker-user
USER root
