# ruleid: python_keyword_last
f(1, safe=False)
# ruleid: python_keyword_last
f(other=1, safe=False)
f(1, safe=False, other=1)
