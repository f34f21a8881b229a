// ruleid: ts_cast_pattern
const a = b as C;
const d = e;
