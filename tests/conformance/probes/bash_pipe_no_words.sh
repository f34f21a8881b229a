a b | c
# ruleid: bash_pipe_no_words
a | c
