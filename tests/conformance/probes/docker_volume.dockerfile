FROM a:1
# ruleid: docker_volume
VOLUME /b
# ruleid: docker_volume
VOLUME ["/b", "/c"]
VOLUME /b /c
