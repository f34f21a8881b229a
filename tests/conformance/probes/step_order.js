// ruleid: step_order
a++
++a
