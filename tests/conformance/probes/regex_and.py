# ruleid: regex-and
f(secret)
f(other)
# secret
