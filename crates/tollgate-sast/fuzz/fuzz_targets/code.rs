//! Code of any text goes through every built-in rule, taint included. The first byte picks the language.
#![no_main]

use std::path::PathBuf;
use std::sync::LazyLock;
use std::time::Duration;

use libfuzzer_sys::fuzz_target;
use tollgate_sast::trial::Trial;

static RULES: LazyLock<Trial> =
    LazyLock::new(|| Trial::of_paths(&[PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../rules"))]));

const NAMES: &[&str] = &[
    "a.py", "a.js", "a.tsx", "a.tf", "a.java", "a.go", "a.rb", "a.yaml", "a.php", "a.cs", "Dockerfile",
    "a.json", "a.sh", "a.c", "a.cpp", "a.kt", "a.rs", "a.scala", "a.swift", "a.sol", "a.html", "a.xml", "a.cls",
    "a.ex", "a.dart",
];

fuzz_target!(|input: (u8, &str)| {
    let (pick, text) = input;
    let _ = RULES.scan(NAMES[usize::from(pick) % NAMES.len()], text, Duration::from_secs(10));
});
