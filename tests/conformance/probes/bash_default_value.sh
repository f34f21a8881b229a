# ruleid: bash_default_value
echo ${a:-b}
# ruleid: bash_default_value
echo $a
echo ${a[0]}
