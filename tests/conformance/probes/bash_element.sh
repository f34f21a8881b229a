# ruleid: bash_element
A=b
# ruleid: bash_element
A[0]=b
B=b
