# ruleid: bash_assign
a=b
# ruleid: bash_assign
export c=d
e+=f
g=h i
