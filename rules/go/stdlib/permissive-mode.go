package example

import (
	"os"
)

func files(data []byte) {
	// ruleid: go.stdlib.permissive-mode
	os.Chmod("a", 0777)
	// ruleid: go.stdlib.permissive-mode
	os.WriteFile("a", data, 0o666)
	// ruleid: go.stdlib.permissive-mode
	os.MkdirAll("a", 0o777)
	// ok: go.stdlib.permissive-mode
	os.Chmod("a", 0o755)
	// ok: go.stdlib.permissive-mode
	os.WriteFile("a", data, 0600)
	// ok: go.stdlib.permissive-mode
	os.OpenFile("a", os.O_RDONLY, 0o644)
}
