package example

import (
	"os"
)

func temporary(data []byte) {
	// ruleid: go.stdlib.insecure-temporary-file
	os.Create("/tmp/out")
	// ruleid: go.stdlib.insecure-temporary-file
	os.WriteFile("/tmp/out.txt", data, 0o600)
	// ruleid: go.stdlib.insecure-temporary-file
	os.OpenFile("/var/tmp/out", os.O_CREATE, 0o600)
	// ok: go.stdlib.insecure-temporary-file
	os.CreateTemp("", "out")
	// ok: go.stdlib.insecure-temporary-file
	os.Create("out/tmp/a")
	// ok: go.stdlib.insecure-temporary-file
	os.ReadFile("/tmp/out")
}
