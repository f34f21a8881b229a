FROM a
# ruleid: docker-run
RUN apt-get update
RUN ls
