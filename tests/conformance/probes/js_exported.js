// ruleid: js_exported
export function a() { b(); }
function c() { b(); }
