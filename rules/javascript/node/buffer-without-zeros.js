// ruleid: javascript.node.buffer-without-zeros
const a = new Buffer(size);
// ruleid: javascript.node.buffer-without-zeros
const b = new Buffer(16);
// ruleid: javascript.node.buffer-without-zeros
const c = Buffer.allocUnsafeSlow(1024);
// ok: javascript.node.buffer-without-zeros
const d = Buffer.alloc(size);
// ok: javascript.node.buffer-without-zeros
const e = Buffer.from("text");
// ok: javascript.node.buffer-without-zeros
const f = new Buffers(16);
