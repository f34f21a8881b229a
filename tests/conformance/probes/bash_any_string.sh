# ruleid: bash_any_string
eval "echo $A"
# todook: bash_any_string
eval "echo"
eval plain
