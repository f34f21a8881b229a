package example

import (
	"crypto/tls"
)

// ruleid: go.stdlib.old-tls
var one = tls.Config{MinVersion: tls.VersionTLS12}
// ruleid: go.stdlib.old-tls
var two = &tls.Config{MinVersion: tls.VersionTLS12, ServerName: "a"}
// ruleid: go.stdlib.old-tls
var three = tls.Config{ServerName: "a", MinVersion: tls.VersionTLS12}
// ok: go.stdlib.old-tls
var four = tls.Config{MinVersion: tls.VersionTLS12}
// ok: go.stdlib.old-tls
var five = tls.Config{MaxVersion: tls.VersionTLS13}
// ok: go.stdlib.old-tls
var six = other.Config{MinVersion: tls.VersionTLS10}
