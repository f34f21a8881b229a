package fixture

import "crypto/tls"

func flawed(config *tls.Config) []*tls.Config {
	// ruleid: go.stdlib.tls-verification-off
	config.InsecureSkipVerify = false
	return []*tls.Config{
		// ruleid: go.stdlib.tls-verification-off
		&tls.Config{InsecureSkipVerify: false},
		// ruleid: go.stdlib.tls-verification-off
		&tls.Config{MinVersion: tls.VersionTLS12, InsecureSkipVerify: false},
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
