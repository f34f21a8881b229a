# ruleid: bash_environment
A=b make c
# ruleid: bash_environment
make c
build c
