package p

func a() {
	var r string
	if c {
		r = "a"
	}
	foo(r)
	s := "b"
	// ruleid: go_unassigned
	foo(s)
}
