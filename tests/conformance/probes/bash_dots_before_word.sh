# ruleid: bash_dots_before_word
curl a | bash
# ruleid: bash_dots_before_word
curl a | sudo bash -x
curl a | sudo sh
