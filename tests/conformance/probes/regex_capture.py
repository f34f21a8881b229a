x = 1
# ruleid: regex-capture
# k=abc
# k=xyz
