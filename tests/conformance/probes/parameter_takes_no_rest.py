# ruleid: parameter_takes_no_rest
def one(a):
    pass
# ok: parameter_takes_no_rest
def many(*a):
    pass
# ok: parameter_takes_no_rest
def named(**a):
    pass
# ruleid: parameter_takes_no_rest
def given(a=1):
    pass
