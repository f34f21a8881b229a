// ruleid: js_function_header
function a() { b(); }
foo(function c() { b(); });
foo(() => b());
