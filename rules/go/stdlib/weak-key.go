package example

import (
	"crypto/rand"
	"crypto/rsa"
)

func keys() {
	// ruleid: go.stdlib.weak-key
	rsa.GenerateKey(rand.Reader, 1024)
	// ruleid: go.stdlib.weak-key
	rsa.GenerateKey(rand.Reader, 512)
	// ruleid: go.stdlib.weak-key
	rsa.GenerateKey(nil, 2047)
	// ok: go.stdlib.weak-key
	rsa.GenerateKey(rand.Reader, 2048)
	// ok: go.stdlib.weak-key
	rsa.GenerateKey(rand.Reader, 4096)
	// ok: go.stdlib.weak-key
	dsa.GenerateKey(rand.Reader, 1024)
}
