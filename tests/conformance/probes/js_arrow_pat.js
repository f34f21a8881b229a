// ruleid: js-arrow-pat
f((a) => { g(); });
// ruleid: js-arrow-pat
f(function (a) { g(); });
