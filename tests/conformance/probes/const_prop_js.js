const k = 'a';
// ruleid: const-prop-js
f(k);
let j = 'a';
// ruleid: const-prop-js
f(j);
