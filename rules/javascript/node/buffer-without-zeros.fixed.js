// ruleid: javascript.node.buffer-without-zeros
const a = Buffer.alloc(size);
// ruleid: javascript.node.buffer-without-zeros
const b = Buffer.alloc(16);
// ruleid: javascript.node.buffer-without-zeros
const c = Buffer.alloc(1024);
// ok: javascript.node.buffer-without-zeros
const d = Buffer.alloc(size);
// ok: javascript.node.buffer-without-zeros
const e = Buffer.from("text");
// ok: javascript.node.buffer-without-zeros
const f = new Buffers(16);
