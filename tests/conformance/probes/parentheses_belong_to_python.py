# ruleid: parentheses_belong_to_python
a = (
    load(1)
)
a = [
    # ruleid: parentheses_belong_to_python
    load(1),
]
