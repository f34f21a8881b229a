//! Rule files of any bytes load, or say why not.
#![no_main]

use std::time::Duration;

use libfuzzer_sys::fuzz_target;
use tollgate_sast::trial::Trial;

fuzz_target!(|input: &[u8]| {
    let trial = Trial::of_text(&String::from_utf8_lossy(input));
    if trial.count() > 0 {
        let _ = trial.scan("a.py", "import os\nos.system(input())\n", Duration::from_secs(60));
        let _ = trial.scan("a.js", "const x = require('x');\nx.run(f(1, 'a'));\n", Duration::from_secs(60));
    }
});
