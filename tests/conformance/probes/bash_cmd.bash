# ruleid: bash-cmd
curl http://a
wget x
