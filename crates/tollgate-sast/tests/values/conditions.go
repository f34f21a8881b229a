package conditions

func set(p *bool) { *p = true }

func f() {
	x := source()
	open := false
	set(&open)
	if open {
		// ruleid: conditions
		sink(x)
	}
	limit := 3
	if limit > 5 {
		sink(x)
	}
	switch limit {
	case 1, 2:
		sink(x)
	case 3:
		// ruleid: conditions
		sink(x)
	default:
		sink(x)
	}
}
