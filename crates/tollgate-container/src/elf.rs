//! What a program needs beside itself to run in an empty image: its loader and shared libraries.

use std::collections::{BTreeMap, VecDeque};
use std::fs;
use std::path::{Path, PathBuf};

use goblin::elf::Elf;

use crate::error::EngineError;

/// Libraries found further away than this are not libraries of our own program.
const MOST_LIBRARIES: usize = 200;

/// The files a program needs, static programs none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Needs {
    /// Path the program names its loader by.
    pub(crate) loader: Option<PathBuf>,
    /// Shared libraries: name by which they are asked for, and file.
    pub(crate) libraries: BTreeMap<String, PathBuf>,
}

/// Follows the program's headers, without running anything.
pub(crate) fn needs(program: &Path) -> Result<Needs, EngineError> {
    let mut found = Needs::default();
    let mut folders = standard_folders();
    let head = read_headers(program)?;
    found.loader = head.loader.map(PathBuf::from);
    let mut waiting: VecDeque<(String, Vec<PathBuf>)> =
        head.libraries.into_iter().map(|name| (name, head.run_paths.clone())).collect();
    if let Some(folder) = found.loader.as_deref().and_then(Path::parent) {
        folders.push(folder.to_owned());
    }
    let loader_name = found.loader.as_deref().and_then(Path::file_name).map(ToOwned::to_owned);
    while let Some((name, run_paths)) = waiting.pop_front() {
        if found.libraries.contains_key(&name) || loader_name.as_deref() == Some(name.as_ref()) {
            continue;
        }
        let trouble = |reason: String| EngineError::Program { path: program.to_owned(), reason };
        if found.libraries.len() >= MOST_LIBRARIES {
            return Err(trouble(format!("it needs more than {MOST_LIBRARIES} shared libraries")));
        }
        let file = run_paths
            .iter()
            .chain(&folders)
            .map(|folder| folder.join(&name))
            .find(|file| file.is_file())
            .ok_or_else(|| trouble(format!("its shared library {name} is not found")))?;
        let head = read_headers(&file)?;
        waiting.extend(head.libraries.into_iter().map(|next| (next, head.run_paths.clone())));
        found.libraries.insert(name, file);
    }
    Ok(found)
}

struct Headers {
    loader: Option<String>,
    libraries: Vec<String>,
    run_paths: Vec<PathBuf>,
}

fn read_headers(path: &Path) -> Result<Headers, EngineError> {
    let bytes = fs::read(path).map_err(|source| EngineError::File { path: path.to_owned(), source })?;
    let elf = Elf::parse(&bytes).map_err(|_| EngineError::Program {
        path: path.to_owned(),
        reason: "it is no Linux program".to_owned(),
    })?;
    let origin =
        path.canonicalize().ok().and_then(|path| path.parent().map(Path::to_owned)).unwrap_or_default();
    let run_paths = elf
        .runpaths
        .iter()
        .chain(&elf.rpaths)
        .flat_map(|paths| paths.split(':'))
        .filter(|path| !path.is_empty())
        .map(|path| {
            PathBuf::from(
                path.replace("${ORIGIN}", &origin.to_string_lossy())
                    .replace("$ORIGIN", &origin.to_string_lossy()),
            )
        })
        .collect();
    Ok(Headers {
        loader: elf.interpreter.map(ToOwned::to_owned),
        libraries: elf.libraries.iter().map(|name| (*name).to_owned()).collect(),
        run_paths,
    })
}

/// Folders the loader looks into: its configuration first, then what is built into it.
fn standard_folders() -> Vec<PathBuf> {
    let mut folders = Vec::new();
    let mut files = vec![PathBuf::from("/etc/ld.so.conf")];
    if let Ok(entries) = fs::read_dir("/etc/ld.so.conf.d") {
        let mut more: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        more.sort();
        files.extend(more);
    }
    for file in files {
        let text = fs::read_to_string(file).unwrap_or_default();
        folders.extend(text.lines().map(str::trim).filter(|line| line.starts_with('/')).map(PathBuf::from));
    }
    let triple = format!("{}-linux-gnu", std::env::consts::ARCH);
    for parent in ["/lib", "/usr/lib"] {
        folders.push(Path::new(parent).join(&triple));
    }
    folders.extend(["/lib64", "/usr/lib64", "/lib", "/usr/lib", "/usr/local/lib"].map(PathBuf::from));
    folders
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libraries_of_this_test_are_found() {
        let needs = needs(&std::env::current_exe().unwrap()).unwrap();
        if needs.loader.is_some() {
            assert!(needs.libraries.keys().any(|name| name.starts_with("libc.")), "{needs:?}");
        }
        assert!(needs.libraries.values().all(|file| file.is_file()));
    }

    #[test]
    fn a_script_is_no_program() {
        let folder = tempfile::tempdir().unwrap();
        let script = folder.path().join("script");
        fs::write(&script, "#!/bin/sh\n").unwrap();
        let error = needs(&script).unwrap_err();
        assert!(
            error.to_string().ends_with("cannot run in a container image: it is no Linux program"),
            "{error}"
        );
    }
}
