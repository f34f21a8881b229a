FROM a:1
# ruleid: docker_command
RUN update && install b
# ruleid: docker_command
RUN update; install b
# ruleid: docker_command
CMD install c
CMD ["install", "c"]
