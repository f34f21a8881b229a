// ruleid: js_optional_chain
a.b(1)
a?.b(1)
