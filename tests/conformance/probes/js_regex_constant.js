const letters = /^a+$/;
const digits = /^[0-9]+$/;
// ruleid: js_regex_constant
letters.test(input);
digits.test(input);
