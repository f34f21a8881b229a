package p
func a() {
	// ruleid: go_loop_variables
	for i := range x {
	}
	for i, y := range x {
	}
}
