# ruleid: interpolated_escape
x = "a\n#{y}b\tc"
z = "a\n#{y}b\nc"
