FROM a:1
# ruleid: docker_run_chain
RUN fetch b | sh
# ruleid: docker_run_chain
RUN set -e && fetch b | sh
RUN fetch b; ls | sh
RUN fetch b
