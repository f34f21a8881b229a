const a = 1;
let b;
// ruleid: js_same_value
if (a === 1) {}
if (b === 1) {}
