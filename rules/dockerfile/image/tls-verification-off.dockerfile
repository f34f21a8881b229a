FROM debian:12
# ruleid: dockerfile.image.tls-verification-off
RUN curl -k https://example.com/a -o a
# ruleid: dockerfile.image.tls-verification-off
RUN wget --no-check-certificate https://example.com/a
# ruleid: dockerfile.image.tls-verification-off
RUN git config --global http.sslVerify false
# ok: dockerfile.image.tls-verification-off
RUN curl -fsSL https://example.com/a -o a
# ok: dockerfile.image.tls-verification-off
RUN wget https://example.com/a
# ok: dockerfile.image.tls-verification-off
RUN git config --global http.sslVerify true
