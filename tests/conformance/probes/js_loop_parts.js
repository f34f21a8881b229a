// ruleid: js_loop_parts
for (let i = 0; i < 3; i++) { a(); }
for (const i of b) { a(); }
