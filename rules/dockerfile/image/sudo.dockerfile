FROM debian:12
# ruleid: dockerfile.image.sudo
RUN sudo apt-get update
# ruleid: dockerfile.image.sudo
RUN cd /opt && sudo make install
# ruleid: dockerfile.image.sudo
RUN true; sudo ls
# ok: dockerfile.image.sudo
RUN apt-get update
# ok: dockerfile.image.sudo
RUN echo pseudo
# ok: dockerfile.image.sudo
RUN apt-get remove -y sudo
