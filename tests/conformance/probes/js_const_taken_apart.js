// ruleid: js_const_taken_apart
const whole = read(1);
const { part } = read(2);
const [first] = read(3);
let other = read(4);
