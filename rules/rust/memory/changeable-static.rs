// ruleid: rust.memory.changeable-static
static mut COUNT: u32 = 0;
// ruleid: rust.memory.changeable-static
static mut NAMES: Vec<u32> = Vec::new();
// ruleid: rust.memory.changeable-static
static mut READY: bool = false;
// ok: rust.memory.changeable-static
static LIMIT: u32 = 3;
// ok: rust.memory.changeable-static
static TOTAL: AtomicU32 = AtomicU32::new(0);
// ok: rust.memory.changeable-static
const mutable: u32 = 0;
