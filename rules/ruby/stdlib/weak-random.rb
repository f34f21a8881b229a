class Tokens
  def make
    # ruleid: ruby.stdlib.weak-random
    token = rand(1_000_000)
    # ruleid: ruby.stdlib.weak-random
    @reset_token = Random.rand(10**9).to_s
    # ruleid: ruby.stdlib.weak-random
    password = Random.new.bytes(8)
    # ok: ruby.stdlib.weak-random
    token = SecureRandom.hex(16)
    # ok: ruby.stdlib.weak-random
    colour = rand(6)
    # ok: ruby.stdlib.weak-random
    secret = ENV["SECRET"]
  end
end
