# ruleid: dots-binop
v = 'a' + b
# ruleid: dots-binop
v = 'a' + b + c
v = b + 'a'
