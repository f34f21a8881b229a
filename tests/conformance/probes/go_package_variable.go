package p

const a = "x"

var b = "x"

func f() {
	// ruleid: go_package_variable
	use(a)
	use(b)
	var c = "x"
	// ruleid: go_package_variable
	use(c)
}
