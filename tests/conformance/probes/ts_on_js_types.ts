// ruleid: ts-on-js-types
const a: number = f();
// ruleid: ts-on-js-types
let b = f() as any;
