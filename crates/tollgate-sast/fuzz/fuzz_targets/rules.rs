//! Rule files of any bytes load, or say why not.
#![no_main]

use std::time::Duration;

use libfuzzer_sys::fuzz_target;
use tollgate_sast::trial::Trial;

fuzz_target!(|text: &str| {
    let trial = Trial::of_text(text);
    if trial.count() > 0 {
        let _ = trial.scan("a.py", "import os\nos.system(input())\n", Duration::from_secs(10));
    }
});
