package p

// ruleid: go_receiver_is_parameter
func a() { use() }

func (t *T) b() { use() }
