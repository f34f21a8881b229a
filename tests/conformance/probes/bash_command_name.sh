# ruleid: bash_command_name
curl -s https://a.example
# ruleid: bash_command_name
x=$(curl b)
echo curl2
