x = src()
x = 1
sink(x)
