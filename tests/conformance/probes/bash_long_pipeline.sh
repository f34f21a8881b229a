a | b | c
# ruleid: bash_long_pipeline
wipe d
# ruleid: bash_long_pipeline
wipe e && f
