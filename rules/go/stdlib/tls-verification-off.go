package fixture

import "crypto/tls"

func flawed(config *tls.Config) []*tls.Config {
	// ruleid: go.stdlib.tls-verification-off
	config.InsecureSkipVerify = true
	return []*tls.Config{
		// ruleid: go.stdlib.tls-verification-off
		&tls.Config{InsecureSkipVerify: true},
		// ruleid: go.stdlib.tls-verification-off
		&tls.Config{MinVersion: tls.VersionTLS12, InsecureSkipVerify: true},
	}
}

func sound(config *tls.Config) []*tls.Config {
	// ok: go.stdlib.tls-verification-off
	config.InsecureSkipVerify = false
	return []*tls.Config{
		// ok: go.stdlib.tls-verification-off
		&tls.Config{InsecureSkipVerify: false},
		// ok: go.stdlib.tls-verification-off
		&tls.Config{MinVersion: tls.VersionTLS12},
	}
}
