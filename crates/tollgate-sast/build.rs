//! Packs the built-in rules into one text for the binary.

use std::path::{Path, PathBuf};
use std::{env, fs};

/// Folders of `rules/` that hold no static rules.
const OTHER: [&str; 2] = ["secrets", "dynamic"];

fn main() {
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets the manifest folder"));
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets the output folder"));
    let folder = here.join("../../rules");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files = Vec::new();
    collect(&folder, &mut files);
    let mut packed = String::new();
    let mut named: Vec<(String, PathBuf)> = files
        .into_iter()
        .filter_map(|file| {
            let relative = file.strip_prefix(&folder).ok()?;
            let parts: Vec<String> =
                relative.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
            let is_other = parts.first().is_some_and(|first| OTHER.contains(&first.as_str()));
            // Files at the top are tables, not rules.
            (!is_other && parts.len() > 1).then(|| (format!("rules/{}", parts.join("/")), file))
        })
        .collect();
    named.sort();
    for (path, file) in named {
        let text = fs::read_to_string(&file).expect("rule files are UTF-8 text");
        packed.push_str(&path);
        packed.push('\0');
        packed.push_str(&text.replace('\0', ""));
        packed.push('\0');
    }
    fs::write(out.join("rules.txt"), packed).expect("the output folder can be written");
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if path.is_dir() {
            println!("cargo::rerun-if-changed={}", path.display());
            collect(&path, files);
        } else if is_rule_file(&name) {
            println!("cargo::rerun-if-changed={}", path.display());
            files.push(path);
        }
    }
}

/// `x.yaml`, but neither targets (`x.test.yaml`) nor repaired targets (`x.fixed.yaml`).
fn is_rule_file(name: &str) -> bool {
    let parts: Vec<&str> = name.split('.').collect();
    matches!(parts.last(), Some(&"yaml")) && !parts.iter().any(|part| matches!(*part, "test" | "fixed"))
}
