// ruleid: rust.memory.shared-by-force
unsafe impl Send for Handle {}
// ruleid: rust.memory.shared-by-force
unsafe impl Sync for Handle {}
// ruleid: rust.memory.shared-by-force
unsafe impl Send for Other {}
// ok: rust.memory.shared-by-force
impl Clone for Handle {}
// ok: rust.memory.shared-by-force
impl Drop for Handle {}
// ok: rust.memory.shared-by-force
impl Send2 for Handle {}
