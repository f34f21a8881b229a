if fast:
    kind = "a"
else:
    kind = "b"
load(kind)
# ruleid: str_mvar_several
load("c")
