//! Scans a folder with rule files and prints time, memory, findings and gaps: for comparing speed.
//!
//! ```text
//! measure FOLDER --rules FILE-OR-DIR… [--builtin] [--jobs N] [--cache DIR] [--single-files]
//!     --list           names every finding by file, line and rule; --ranges by where it begins and ends
//!     --floor          also reads every file once and parses it, nothing else, and prints our multiple of it
//!     --count 50,500   scans once with each number of rules, chosen evenly
//!     --copies 1,2,4   scans the folder that many times over at once
//!     --slowest 10     also scans each file by itself and names those that take longest
//! ```
//!
//! Processor time is what to compare on a busy machine; it is read from `/proc` and missing elsewhere.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rayon::prelude::*;
use tollgate_core::facts::Facts;
use tollgate_core::{
    Cancel, Events, FileEntry, Inventory, Language, RepoPath, ScanContext, Scanner, ScannerOutcome,
};
use tollgate_sast::rule::RuleLanguage;
use tollgate_sast::trial::{self, Trial};
use tollgate_sast::{SastScanner, SastSettings};

struct Options {
    settings: SastSettings,
    folder: PathBuf,
    jobs: NonZeroUsize,
    cache: Option<PathBuf>,
    list: bool,
    ranges: bool,
    floor: bool,
    counts: Vec<usize>,
    copies: Vec<usize>,
    slowest: usize,
}

#[expect(clippy::print_stderr, reason = "printing is what this program is for")]
fn main() {
    let options = options();
    let started = (Instant::now(), processor_time());
    let scanner = match SastScanner::new(options.settings.clone()) {
        Ok(scanner) => scanner,
        Err(errors) => {
            errors.iter().for_each(|error| eprintln!("{error}"));
            return;
        }
    };
    print(&format!("{} rules loaded in {}", scanner.rules().len(), since(started)));
    let mut files = Vec::new();
    walk(&options.folder, &options.folder, &mut files);
    if options.floor {
        floor(&options, &scanner, &files);
    }
    if options.slowest > 0 {
        slowest(&options, &files);
    }
    for copies in &options.copies {
        let files = copied(&files, *copies);
        for count in &options.counts {
            let chosen =
                if *count == 0 { None } else { Some(with_rules(&options.settings, &scanner, *count)) };
            scan(&options, chosen.as_ref().unwrap_or(&scanner), &files);
        }
    }
}

fn options() -> Options {
    let mut options = Options {
        settings: SastSettings { builtin: false, ..SastSettings::default() },
        folder: PathBuf::from("."),
        jobs: NonZeroUsize::MIN.saturating_add(1),
        cache: None,
        list: false,
        ranges: false,
        floor: false,
        counts: vec![0],
        copies: vec![1],
        slowest: 0,
    };
    let numbers = |text: Option<String>| -> Vec<usize> {
        text.iter().flat_map(|text| text.split(',')).filter_map(|number| number.parse().ok()).collect()
    };
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match &*argument {
            "--rules" => options.settings.rules.extend(arguments.next().map(PathBuf::from)),
            "--builtin" => options.settings.builtin = true,
            "--jobs" => {
                options.jobs =
                    arguments.next().and_then(|text| text.parse().ok()).unwrap_or(NonZeroUsize::MIN);
            }
            "--cache" => options.cache = arguments.next().map(PathBuf::from),
            "--list" => options.list = true,
            "--ranges" => options.ranges = true,
            "--single-files" => options.settings.cross_file = false,
            "--floor" => options.floor = true,
            "--count" => options.counts = numbers(arguments.next()),
            "--slowest" => {
                options.slowest = arguments.next().and_then(|text| text.parse().ok()).unwrap_or_default();
            }
            "--copies" => options.copies = numbers(arguments.next()),
            _ => options.folder = PathBuf::from(argument),
        }
    }
    options
}

/// A scanner of so many of the rules, chosen evenly.
fn with_rules(settings: &SastSettings, all: &SastScanner, count: usize) -> SastScanner {
    let rules = all.rules();
    let kept = |at: usize| at * count / rules.len() != (at + 1) * count / rules.len() || count >= rules.len();
    let disable = (0..rules.len()).filter(|at| !kept(*at)).map(|at| rules[at].id().as_str().to_owned());
    let settings = SastSettings { disable: disable.collect(), ..settings.clone() };
    SastScanner::new(settings).expect("the same rules were read before")
}

fn scan(options: &Options, scanner: &SastScanner, files: &[FileEntry]) {
    let inventory = Inventory::new(options.folder.clone(), files.to_vec(), Vec::new());
    let (facts, events, cancel) = (Facts::default(), Events::ignored(), Cancel::new());
    let started = (Instant::now(), processor_time());
    let outcome = scanner.scan(&ScanContext {
        inventory: &inventory,
        facts: &facts,
        events: &events,
        cancel: &cancel,
        jobs: options.jobs,
        cache: options.cache.as_deref(),
    });
    let took = since(started);
    if options.list || options.ranges {
        list(&outcome, options.ranges);
    }
    print(&format!(
        "{} rules, {} files and {} bytes in {took}, {} findings, {} gaps, peak memory {}",
        scanner.rules().len(),
        outcome.coverage.examined,
        outcome.coverage.bytes,
        outcome.findings.len(),
        outcome.coverage.skipped.len(),
        peak_memory(),
    ));
}

/// Reads and parses every file of a language that rules are for, and nothing else.
fn floor(options: &Options, scanner: &SastScanner, files: &[FileEntry]) {
    let is_for = |language: Language| {
        scanner.rules().iter().any(|rule| rule.languages.contains(&RuleLanguage::Code(language)))
    };
    let own: Vec<&FileEntry> = files.iter().filter(|file| file.language.is_some_and(is_for)).collect();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(options.jobs.get()).build();
    let Ok(pool) = pool else { return };
    let started = (Instant::now(), processor_time());
    let parsed = pool.install(|| {
        let parses = |file: &&&FileEntry| {
            let text = std::fs::read(&file.absolute).unwrap_or_default();
            trial::parses(file.path.as_str(), &String::from_utf8_lossy(&text))
        };
        own.par_iter().filter(parses).count()
    });
    let bytes: u64 = own.iter().map(|file| file.size).sum();
    print(&format!("floor: {parsed} files and {bytes} bytes read and parsed in {}", since(started)));
}

fn slowest(options: &Options, files: &[FileEntry]) {
    let trial = Trial::of_paths(&options.settings.rules);
    let time = |file: &FileEntry| {
        let text = std::fs::read(&file.absolute).unwrap_or_default();
        // The first of a language also compiles its rules.
        let _ = trial.scan(file.path.as_str(), "", options.settings.file_timeout);
        let started = processor_time();
        let _ =
            trial.scan(file.path.as_str(), &String::from_utf8_lossy(&text), options.settings.file_timeout);
        processor_time().zip(started).map_or(Duration::ZERO, |(now, before)| now.saturating_sub(before))
    };
    let mut timed: Vec<(Duration, &FileEntry)> = files.iter().map(|file| (time(file), file)).collect();
    timed.sort_by_key(|(time, _)| std::cmp::Reverse(*time));
    for (time, file) in timed.iter().take(options.slowest) {
        print(&format!("{:.2} s {}", time.as_secs_f64(), file.path));
    }
}

fn copied(files: &[FileEntry], copies: usize) -> Vec<FileEntry> {
    let copy = |number: usize| {
        files.iter().map(move |file| {
            let path = RepoPath::new(format!("copy{number}/{}", file.path));
            FileEntry { path: path.expect("a path below a folder is a path"), ..file.clone() }
        })
    };
    files.iter().cloned().chain((1..copies).flat_map(copy)).collect()
}

#[expect(clippy::print_stderr, reason = "printing is what this program is for")]
fn list(outcome: &ScannerOutcome, ranges: bool) {
    for finding in &outcome.findings {
        if let Some(location) = finding.source() {
            let (start, end) = (location.region.start(), location.region.end());
            let place = if ranges {
                format!("{}:{}-{}:{}", start.line, start.column, end.line, end.column)
            } else {
                start.line.to_string()
            };
            print(&format!("{}:{place} {}", location.path, finding.rule));
        }
    }
    for skipped in &outcome.coverage.skipped {
        eprintln!("gap: {} {:?}", skipped.path, skipped.reason);
    }
    for diagnostic in &outcome.diagnostics {
        eprintln!("{:?}: {}", diagnostic.level, diagnostic.message.lines().next().unwrap_or_default());
    }
}

#[expect(clippy::print_stdout, reason = "printing is what this program is for")]
fn print(line: &str) {
    println!("{line}");
}

fn since((wall, processor): (Instant, Option<Duration>)) -> String {
    let own = processor_time().zip(processor).map(|(now, before)| now.saturating_sub(before));
    let own = own.map_or_else(String::new, |own| format!(" ({:.2} s of processor time)", own.as_secs_f64()));
    format!("{:.3} s{own}", wall.elapsed().as_secs_f64())
}

/// User and system time of the process; the kernel counts hundredths of a second.
fn processor_time() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/self/stat").ok()?;
    let fields: Vec<&str> = text.rsplit(')').next()?.split_whitespace().collect();
    let ticks = |at: usize| fields.get(at)?.parse::<u64>().ok();
    Some(Duration::from_millis((ticks(11)? + ticks(12)?) * 10))
}

fn peak_memory() -> String {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or_else(|| "unknown".to_owned(), |line| line.trim().to_owned())
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
