package example

import (
	"fmt"
	"math/rand"
)

func values() {
	// ruleid: go.stdlib.weak-random
	token := fmt.Sprint(rand.Int63())
	// ruleid: go.stdlib.weak-random
	sessionID := rand.Intn(1000000)
	var password string
	// ruleid: go.stdlib.weak-random
	password = fmt.Sprint(rand.Int())
	// ok: go.stdlib.weak-random
	delay := rand.Intn(10)
	// ok: go.stdlib.weak-random
	index := rand.Perm(4)
	// ok: go.stdlib.weak-random
	token = fmt.Sprint(source.Read())
}
