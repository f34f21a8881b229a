x = src()
sink(clean(x))
y = clean(x)
sink(y)
clean(x)
# ruleid: t-sanitizer
sink(x)
