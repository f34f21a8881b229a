x = src()
# ruleid: t-container
sink([1, x])
# ruleid: t-container
sink({'a': x})
# ruleid: t-container
sink((1, x))
# ruleid: t-container
sink(f'{x}')
