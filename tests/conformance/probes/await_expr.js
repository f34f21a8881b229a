// ruleid: await-expr
async function g() { await f(); }
