package example

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"crypto/rc4"
)

func ciphers(key []byte) {
	// ruleid: go.stdlib.weak-cipher
	des.NewCipher(key)
	// ruleid: go.stdlib.weak-cipher
	des.NewTripleDESCipher(key)
	// ruleid: go.stdlib.weak-cipher
	rc4.NewCipher(key)
	block, _ := aes.NewCipher(key)
	// ok: go.stdlib.weak-cipher
	aes.NewCipher(key)
	// ok: go.stdlib.weak-cipher
	cipher.NewGCM(block)
	// ok: go.stdlib.weak-cipher
	codes.NewCipher(key)
}
