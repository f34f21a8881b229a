FROM debian:12
# ruleid: dockerfile.image.world-writable
RUN chmod 777 /app
# ruleid: dockerfile.image.world-writable
RUN chmod -R 0777 /app
# ruleid: dockerfile.image.world-writable
RUN mkdir /data && chmod a+rwx /data
# ok: dockerfile.image.world-writable
RUN chmod 755 /app
# ok: dockerfile.image.world-writable
RUN chmod 1777 /tmp
# ok: dockerfile.image.world-writable
RUN chmod u+w /app
