# ruleid: ruby.stdlib.tls-verification-off
http.verify_mode = OpenSSL::SSL::VERIFY_PEER
# ruleid: ruby.stdlib.tls-verification-off
HTTParty.get("https://example.org", verify: false)
# ruleid: ruby.stdlib.tls-verification-off
RestClient::Request.execute(url: "https://example.org", verify_ssl: false)
# ok: ruby.stdlib.tls-verification-off
http.verify_mode = OpenSSL::SSL::VERIFY_PEER
# ok: ruby.stdlib.tls-verification-off
HTTParty.get("https://example.org", verify: true)
# ok: ruby.stdlib.tls-verification-off
HTTParty.get("https://example.org", follow: false)
