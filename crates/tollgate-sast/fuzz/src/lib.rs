//! What the fuzz targets share: how the bytes of an input are read.

use std::borrow::Cow;

/// One file name for each language.
pub const NAMES: &[&str] = &[
    "a.py",
    "a.js",
    "a.tsx",
    "a.tf",
    "a.java",
    "a.go",
    "a.rb",
    "a.yaml",
    "a.php",
    "a.cs",
    "Dockerfile",
    "a.json",
    "a.sh",
    "a.c",
    "a.cpp",
    "a.kt",
    "a.rs",
    "a.scala",
    "a.swift",
    "a.sol",
    "a.html",
    "a.xml",
    "a.cls",
    "a.ex",
    "a.dart",
    "a.ml",
    "a.ts",
];

/// The file name that the first byte of an input picks, and the text after it.
#[must_use]
pub fn named(input: &[u8]) -> (&'static str, Cow<'_, str>) {
    let (pick, text) = input.split_first().unwrap_or((&0, &[]));
    (NAMES[usize::from(*pick) % NAMES.len()], String::from_utf8_lossy(text))
}
