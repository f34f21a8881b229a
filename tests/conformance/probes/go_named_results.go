package p

// ruleid: go_named_results
func a() (n int, err error) { return }

// ruleid: go_named_results
func b() (int, error) { return 0, nil }

func c() int { return 0 }
