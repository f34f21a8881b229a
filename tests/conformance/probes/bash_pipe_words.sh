# ruleid: bash_pipe_words
cat a | grep b
# ruleid: bash_pipe_words
cat a | grep b | wc
cat a
grep b | cat a
