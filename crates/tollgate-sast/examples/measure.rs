//! Scans a folder with rule files and prints time, findings and gaps: for comparing speed.
//!
//! `measure FOLDER --rules FILE-OR-DIR… [--jobs N] [--cache DIR] [--single-files] [--list]`

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::time::Instant;

use tollgate_core::facts::Facts;
use tollgate_core::{Cancel, Events, FileEntry, Inventory, Language, RepoPath, ScanContext, Scanner};
use tollgate_sast::{SastScanner, SastSettings};

#[expect(clippy::print_stdout, clippy::print_stderr, reason = "printing is what this program is for")]
fn main() {
    let mut settings = SastSettings { builtin: false, ..SastSettings::default() };
    let (mut folder, mut jobs, mut cache, mut list) = (PathBuf::from("."), 2, None, false);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match &*argument {
            "--rules" => settings.rules.extend(arguments.next().map(PathBuf::from)),
            "--builtin" => settings.builtin = true,
            "--jobs" => jobs = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(2),
            "--cache" => cache = arguments.next().map(PathBuf::from),
            "--list" => list = true,
            "--single-files" => settings.cross_file = false,
            _ => folder = PathBuf::from(argument),
        }
    }
    let started = Instant::now();
    let scanner = match SastScanner::new(settings) {
        Ok(scanner) => scanner,
        Err(errors) => {
            errors.iter().for_each(|error| eprintln!("{error}"));
            return;
        }
    };
    let loaded = started.elapsed();
    let mut files = Vec::new();
    walk(&folder, &folder, &mut files);
    let inventory = Inventory::new(folder.clone(), files, Vec::new());
    let (facts, events, cancel) = (Facts::default(), Events::ignored(), Cancel::new());
    let walked = started.elapsed();
    let outcome = scanner.scan(&ScanContext {
        inventory: &inventory,
        facts: &facts,
        events: &events,
        cancel: &cancel,
        jobs: NonZeroUsize::new(jobs).unwrap_or(NonZeroUsize::MIN),
        cache: cache.as_deref(),
    });
    if list {
        for finding in &outcome.findings {
            if let Some(location) = finding.source() {
                println!("{}:{} {}", location.path, location.region.start().line, finding.rule);
            }
        }
    }
    for diagnostic in outcome.diagnostics.iter().take(20) {
        eprintln!("{:?}: {}", diagnostic.level, diagnostic.message.lines().next().unwrap_or_default());
    }
    println!(
        "{} rules loaded in {:.3} s, {} files and {} bytes in {:.3} s, {} findings, {} gaps",
        scanner.rules().len(),
        loaded.as_secs_f64(),
        outcome.coverage.examined,
        outcome.coverage.bytes,
        (started.elapsed() - walked).as_secs_f64(),
        outcome.findings.len(),
        outcome.coverage.skipped.len(),
    );
}

fn walk(root: &Path, folder: &Path, files: &mut Vec<FileEntry>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let Ok(metadata) = entry.path().symlink_metadata() else { continue };
        if metadata.is_dir() {
            if entry.file_name() != ".git" {
                walk(root, &entry.path(), files);
            }
        } else if metadata.is_file() {
            let Ok(path) = RepoPath::below(root, &entry.path()) else { continue };
            files.push(FileEntry {
                language: Language::from_file_name(path.file_name()),
                path,
                absolute: entry.path(),
                size: metadata.len(),
                changed: true,
                generated: false,
            });
        }
    }
}
