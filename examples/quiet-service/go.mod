module example.com/quiet

go 1.25.4
