package p

func f() {
	// ruleid: go_new_is_literal
	a := User{Name: "x"}
	// ruleid: go_new_is_literal
	b := new(User)
	c := make(map[string]int)
}
