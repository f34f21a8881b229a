package example

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
)

func sums(data []byte) {
	// ruleid: go.stdlib.weak-hash
	md5.Sum(data)
	// ruleid: go.stdlib.weak-hash
	sha1.Sum(data)
	// ruleid: go.stdlib.weak-hash
	h := md5.New()
	// ok: go.stdlib.weak-hash
	sha256.Sum256(data)
	// ok: go.stdlib.weak-hash
	sha256.New()
	// ok: go.stdlib.weak-hash
	cache.Sum(data)
}
