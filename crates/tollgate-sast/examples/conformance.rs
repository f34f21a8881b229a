//! Runs the annotated tests of a checkout of rules and prints how many rules pass, by language.
//!
//! `conformance DIR [--split dev|holdout|all] [--language NAME] [--failures] [--across-functions] [--save FILE]`

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use sha2::{Digest, Sha256};
use tollgate_sast::testing::{self, TestReport};

const SKIPPED: [&str; 5] = [".git", ".github", "scripts", "stats", "node_modules"];

#[derive(Default)]
struct Options {
    root: PathBuf,
    split: String,
    language: Option<String>,
    only: Option<String>,
    failures: bool,
    verbose: bool,
    across: bool,
    save: Option<PathBuf>,
}

#[expect(clippy::print_stdout, clippy::print_stderr, reason = "printing is what this program is for")]
fn main() {
    let options = options();
    let mut files = Vec::new();
    collect(&options.root, &mut files);
    files.sort();
    files.retain(|file| is_selected(file, &options));
    let started = Instant::now();
    let reports: Vec<(PathBuf, TestReport)> = {
        use rayon::prelude::*;
        let test = if options.across { testing::test_dir_across_functions } else { testing::test_dir };
        files.par_iter().map(|file| (file.clone(), test(std::slice::from_ref(file)))).collect()
    };
    let mut languages: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let (mut passed, mut all, mut fixes, mut fixed) = (0, 0, 0, 0);
    for (file, report) in &reports {
        let mut rules: BTreeMap<&str, (bool, &[String])> = BTreeMap::new();
        for result in &report.results {
            let entry = rules.entry(&result.rule).or_insert((true, &result.languages));
            entry.0 &= result.passed();
        }
        let name = file.strip_prefix(&options.root).unwrap_or(file).display();
        for error in &report.errors {
            // A rule that does not load fails, whatever its targets say.
            let rule = error.rule.as_deref().unwrap_or("?");
            rules.insert(rule, (false, &[]));
            if options.failures {
                println!("ERROR {name} {}", error.problem.to_string().lines().next().unwrap_or_default());
            }
        }
        for (rule, (good, own)) in &rules {
            if options.language.as_ref().is_some_and(|wanted| !own.contains(wanted) && !own.is_empty()) {
                continue;
            }
            all += 1;
            passed += usize::from(*good);
            let unknown = ["?".to_owned()];
            for language in if own.is_empty() { &unknown[..] } else { own } {
                let entry = languages.entry(language.clone()).or_default();
                entry.0 += usize::from(*good);
                entry.1 += 1;
            }
            if options.failures && !good {
                println!("FAIL {name} {rule}");
            }
        }
        if options.verbose {
            print!("{report}");
        }
        fixes += report.fixes.len();
        for fix in &report.fixes {
            fixed += usize::from(fix.difference.is_empty());
            if options.failures && !fix.difference.is_empty() {
                println!("FIX {}", fix.fixed.display());
            }
        }
    }
    let mut table: Vec<_> = languages.iter().collect();
    table.sort_by_key(|(name, (_, count))| (std::cmp::Reverse(*count), *name));
    let mut text = String::new();
    for (name, (good, count)) in table {
        text.push_str(&format!("{name:<12} {good:>5} / {count:<5} {:>6.1} %\n", percent(*good, *count)));
    }
    text.push_str(&format!(
        "rules passed {passed} / {all} ({:.2} %)   fixes {fixed} / {fixes}   rule files {}   split {}\n",
        percent(passed, all),
        reports.len(),
        options.split,
    ));
    print!("{text}");
    eprintln!("{:.1} s", started.elapsed().as_secs_f64());
    if let Some(path) = &options.save
        && let Err(error) = std::fs::write(path, &text)
    {
        eprintln!("{} cannot be written: {error}", path.display());
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of rules are small")]
fn percent(good: usize, count: usize) -> f64 {
    if count == 0 { 0.0 } else { 100.0 * good as f64 / count as f64 }
}

fn options() -> Options {
    let mut options = Options { split: "dev".to_owned(), ..Options::default() };
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match &*argument {
            "--split" => options.split = arguments.next().unwrap_or_default(),
            "--language" => options.language = arguments.next(),
            "--only" => options.only = arguments.next(),
            "--failures" => options.failures = true,
            "--verbose" => options.verbose = true,
            "--across-functions" => options.across = true,
            "--save" => options.save = arguments.next().map(PathBuf::from),
            _ => options.root = PathBuf::from(argument),
        }
    }
    options
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = entry.path();
        if name.starts_with('.') || SKIPPED.contains(&&*name) {
            continue;
        }
        if path.is_dir() {
            collect(&path, files);
        } else if is_rule_file(&name) && has_rules(&path) {
            files.push(path);
        }
    }
}

fn is_rule_file(name: &str) -> bool {
    let parts: Vec<&str> = name.split('.').collect();
    matches!(parts.last(), Some(&("yaml" | "yml")))
        && !parts.iter().any(|part| matches!(*part, "test" | "fixed"))
}

fn has_rules(path: &Path) -> bool {
    std::fs::read_to_string(path).is_ok_and(|text| text.lines().any(|line| line.starts_with("rules:")))
}

/// A stable 60 % of the files, by their path, to develop on.
fn is_selected(file: &Path, options: &Options) -> bool {
    let relative = file.strip_prefix(&options.root).unwrap_or(file).to_string_lossy().replace('\\', "/");
    if options.only.as_ref().is_some_and(|only| !relative.contains(only.as_str())) {
        return false;
    }
    let digest = Sha256::digest(relative.as_bytes());
    let number = u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]]);
    match &*options.split {
        "all" => true,
        "holdout" => number % 100 >= 60,
        _ => number % 100 < 60,
    }
}
