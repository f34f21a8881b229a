# ruleid: regex-not
f(a)
f(skip)
