// ok: js_template_escapes
use(`one
two`);
use(`one
// ruleid: js_template_escapes
\`two
three`);
use(`one${x}
// ruleid: js_template_escapes
\`two
three`);
// ok: js_template_escapes
use("one\ntwo");
