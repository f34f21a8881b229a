package p

func f() {
	foo(1)
}

func g() {
	h(func() {
		// ruleid: implicit_return_go
		foo(2)
	})
}
