// ruleid: javascript.web.slow-regex
const a = /^(a+)+$/;
// ruleid: javascript.web.slow-regex
const b = /^([a-z]+)*@example$/;
// ruleid: javascript.web.slow-regex
const c = new RegExp("(x+x+)+y");
// ok: javascript.web.slow-regex
const d = /^[a-z]+$/;
// ok: javascript.web.slow-regex
const e = /^(ab)+$/;
// ok: javascript.web.slow-regex
const f = new RegExp("^x{1,5}$");
