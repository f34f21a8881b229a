# ruleid: bash_tests
[[ $a = b ]] && c
[ $a = b ] && c
