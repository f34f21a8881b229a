# ruleid: ruby.stdlib.weak-hash
Digest::MD5.hexdigest(password)
# ruleid: ruby.stdlib.weak-hash
Digest::SHA1.hexdigest(password)
# ruleid: ruby.stdlib.weak-hash
OpenSSL::Digest::MD5.new("text")
# ok: ruby.stdlib.weak-hash
Digest::SHA256.hexdigest(password)
# ok: ruby.stdlib.weak-hash
OpenSSL::Digest::SHA256.new("text")
# ok: ruby.stdlib.weak-hash
BCrypt::Password.create(password)
