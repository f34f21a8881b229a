// ruleid: js_step_is_assignment
a.innerHTML = b
// ruleid: js_step_is_assignment
a.innerHTML += b
a.innerHTML == b
