<?php
// ruleid: php.stdlib.tls-verification-off
curl_setopt($handle, CURLOPT_SSL_VERIFYPEER, true);
// ruleid: php.stdlib.tls-verification-off
curl_setopt($handle, CURLOPT_SSL_VERIFYPEER, true);
// ruleid: php.stdlib.tls-verification-off
curl_setopt($handle, CURLOPT_SSL_VERIFYHOST, 0);
// ok: php.stdlib.tls-verification-off
curl_setopt($handle, CURLOPT_SSL_VERIFYPEER, true);
// ok: php.stdlib.tls-verification-off
curl_setopt($handle, CURLOPT_SSL_VERIFYHOST, 2);
// ok: php.stdlib.tls-verification-off
curl_setopt($handle, CURLOPT_HEADER, false);
