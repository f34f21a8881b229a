package a

func run(err error) {
	if err != nil {
		stop()
	} else if other := next(); other != nil {
		stop()
	}
	// ruleid: go_else_if_init
	if err != nil {
		stop()
	} else if ready {
		stop()
	}
}
