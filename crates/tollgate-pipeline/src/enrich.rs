//! Filling in what findings say about files: the lines around them, GitHub's line hash, missing columns
//! and the text that tells one finding from another. Secret values are taken out of all of it.
//!
//! Each file is read once. Files are reached through the root only; a link that leads out of it is not
//! followed.

use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use tollgate_core::line_hash::{LineHash, line_hashes};
use tollgate_core::{Finding, Position, Region, RepoPath, ScannerOutcome, Snippet, SourceLocation, Subject};

use crate::fingerprint::fold_text;
use crate::foreign_paths;
use crate::redact::Secrets;

const CONTEXT_LINES: u32 = 3;
/// With more places than this nobody reads the lines around each, and they would fill the memory.
const PLACES_WITH_CONTEXT: usize = 200_000;
const MAX_REGION_LINES: u32 = 30;
const MAX_LINE_CHARS: usize = 400;
const MAX_FILE_BYTES: u64 = 64 << 20;
const MAX_IDENTITY_CHARS: usize = 2000;

/// Fills in the findings of all outcomes. Files are looked up below `root`.
pub fn enrich(outcomes: &mut [ScannerOutcome], root: &Path) {
    let mut findings: Vec<&mut Finding> =
        outcomes.iter_mut().flat_map(|outcome| outcome.findings.iter_mut()).collect();
    enrich_findings(&mut findings, root);
}

/// As [`enrich`], for findings wherever they are.
pub fn enrich_findings(findings: &mut [&mut Finding], root: &Path) {
    let Ok(root) = root.canonicalize() else { return };
    foreign_paths::settle(findings, &root);
    let (requests, sensitive) = gather(findings);
    let order: Vec<&RepoPath> = {
        let mut paths: Vec<&RepoPath> = requests.keys().collect();
        paths.sort();
        paths
    };
    let places: usize = requests.values().map(Vec::len).sum();
    let context = if places > PLACES_WITH_CONTEXT { 0 } else { CONTEXT_LINES };
    let answers: Vec<FileAnswers> = order
        .par_iter()
        .map(|path| {
            let ranges = sensitive.get(*path).map_or(&[][..], Vec::as_slice);
            let root = Root { path: &root, context };
            answer(root, path, &requests[*path], ranges)
        })
        .collect();
    let mut values = Vec::new();
    let mut by_path: FxHashMap<RepoPath, std::vec::IntoIter<Option<Answer>>> = FxHashMap::default();
    for (path, mut answers) in order.into_iter().zip(answers) {
        values.append(&mut answers.secret_values);
        by_path.insert(path.clone(), answers.answers.into_iter());
    }
    let secrets = Secrets::new(values);
    for finding in findings {
        each_location(finding, &mut |location| {
            if let Some(Some(answer)) = by_path.get_mut(&location.path).and_then(Iterator::next) {
                location.region = answer.region;
                location.snippet = answer.snippet;
                location.line_hash = answer.line_hash.or(location.line_hash.take());
                return answer.text;
            }
            None
        });
        redact(finding, &secrets);
    }
}

/// Regions to look up, per file in the order of the findings.
type Requests = FxHashMap<RepoPath, Vec<Region>>;
/// Byte ranges of secrets, per file.
type Sensitive = FxHashMap<RepoPath, Vec<(u32, u32)>>;

fn gather(findings: &mut [&mut Finding]) -> (Requests, Sensitive) {
    let mut requests = Requests::default();
    let mut sensitive = Sensitive::default();
    for finding in findings {
        each_location(finding, &mut |location| {
            match requests.get_mut(&location.path) {
                Some(regions) => regions.push(location.region),
                None => {
                    requests.insert(location.path.clone(), vec![location.region]);
                }
            }
            None
        });
        if let Subject::Code(code) = &finding.subject
            && !code.sensitive.is_empty()
        {
            sensitive.entry(code.location.path.clone()).or_default().extend(&code.sensitive);
        }
    }
    (requests, sensitive)
}

/// Calls `visit` with every location of a finding, always in the same order. The text it gives back for
/// the primary location becomes the identity of a finding that has none.
pub(crate) fn each_location(
    finding: &mut Finding,
    visit: &mut dyn FnMut(&mut SourceLocation) -> Option<String>,
) {
    match &mut finding.subject {
        Subject::Code(code) => {
            let text = visit(&mut code.location);
            if let (true, Some(text)) = (code.identity.is_empty(), text) {
                code.identity = text;
            }
            for step in code.trace.iter_mut().flat_map(|trace| trace.steps_mut()) {
                visit(&mut step.location);
            }
        }
        Subject::Package(package) => {
            visit(&mut package.location);
        }
        Subject::Endpoint(endpoint) => {
            if let Some(source) = &mut endpoint.source {
                visit(source);
            }
        }
        Subject::Nowhere => {}
    }
    for related in &mut finding.related {
        visit(&mut related.location);
    }
}

fn redact(finding: &mut Finding, secrets: &Secrets) {
    if secrets.is_empty() {
        return;
    }
    each_location(finding, &mut |location| {
        if let Some(snippet) = &mut location.snippet {
            secrets.mask(&mut snippet.text);
        }
        None
    });
    secrets.redact(&mut finding.message);
    for related in &mut finding.related {
        secrets.redact(&mut related.message);
    }
    if let Subject::Code(code) = &mut finding.subject {
        secrets.redact_identity(&mut code.identity);
        for step in code.trace.iter_mut().flat_map(|trace| trace.steps_mut()) {
            secrets.redact(&mut step.message);
        }
    }
    finding.fixes.retain(|fix| !secrets.shown_by(fix));
}

struct Answer {
    region: Region,
    snippet: Option<Snippet>,
    line_hash: Option<LineHash>,
    /// The region's own text with white space folded.
    text: Option<String>,
}

struct FileAnswers {
    answers: Vec<Option<Answer>>,
    secret_values: Vec<String>,
}

/// The scanned folder and how many lines to show around a place in it.
#[derive(Clone, Copy)]
struct Root<'a> {
    path: &'a Path,
    context: u32,
}

fn answer(root: Root<'_>, path: &RepoPath, regions: &[Region], sensitive: &[(u32, u32)]) -> FileAnswers {
    let Some(bytes) = read_below(root.path, path) else {
        return FileAnswers { answers: Vec::new(), secret_values: Vec::new() };
    };
    let hashes = line_hashes(&String::from_utf8_lossy(&bytes));
    let mut secret_values = Vec::new();
    let mut masked = bytes.clone();
    for (start, end) in sensitive {
        let range = (*start as usize).min(bytes.len())..(*end as usize).min(bytes.len());
        if range.start >= range.end {
            continue;
        }
        secret_values.push(String::from_utf8_lossy(&bytes[range.clone()]).into_owned());
        for byte in &mut masked[range] {
            if !matches!(*byte, b'\n' | b'\r') {
                *byte = b'*';
            }
        }
    }
    drop(bytes);
    let text = String::from_utf8_lossy(&masked);
    let lines = Lines::of(&text);
    let answers = regions.iter().map(|region| lines.answer(*region, &hashes, root.context)).collect();
    FileAnswers { answers, secret_values }
}

fn read_below(root: &Path, path: &RepoPath) -> Option<Vec<u8>> {
    if path.as_str().is_empty() {
        return None;
    }
    let file: PathBuf = path.to_path(root).canonicalize().ok()?;
    let metadata = fs::metadata(&file).ok()?;
    let readable = file.starts_with(root) && metadata.is_file() && metadata.len() <= MAX_FILE_BYTES;
    if readable { fs::read(file).ok() } else { None }
}

/// A text and where its lines start.
struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    fn of(text: &'a str) -> Self {
        let starts =
            std::iter::once(0).chain(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1)).collect();
        Self { text, starts }
    }

    /// A line without its end, by its number from 1.
    fn line(&self, number: u32) -> Option<&'a str> {
        let index = number.checked_sub(1)? as usize;
        let start = *self.starts.get(index)?;
        let end = self.starts.get(index + 1).map_or(self.text.len(), |next| next - 1);
        Some(self.text[start..end].trim_end_matches('\r'))
    }

    fn offset(&self, position: Position) -> Option<usize> {
        let line = self.line(position.line)?;
        let start = self.starts[position.line as usize - 1];
        let column = position.column.saturating_sub(1) as usize;
        Some(start + line.char_indices().nth(column).map_or(line.len(), |(at, _)| at))
    }

    fn answer(&self, region: Region, hashes: &[LineHash], context: u32) -> Option<Answer> {
        let first = region.start().line;
        let line = self.line(first)?;
        let region = if region.is_whole_line() && region.bytes().is_none() {
            let indent = line.chars().take_while(|c| c.is_whitespace()).count();
            let end = line.trim_end().chars().count();
            let at = |column: usize| Position {
                line: first,
                column: u32::try_from(column).unwrap_or(u32::MAX - 1).saturating_add(1),
            };
            Region::new(at(indent.min(end)), at(end))
        } else {
            region
        };
        let start = self.offset(region.start())?;
        let end = self.offset(region.end()).unwrap_or(self.text.len()).max(start);
        let region = match (region.bytes(), u32::try_from(start), u32::try_from(end)) {
            (None, Ok(start), Ok(end)) => region.with_bytes(start, end),
            _ => region,
        };
        let own = &self.text[start..end];
        let own = own.char_indices().nth(MAX_IDENTITY_CHARS).map_or(own, |(cut, _)| &own[..cut]);
        Some(Answer {
            region,
            snippet: Some(self.snippet(region, context)),
            line_hash: hashes.get(first as usize - 1).cloned(),
            text: Some(fold_text(own)).filter(|text| !text.is_empty()),
        })
    }

    fn snippet(&self, region: Region, context: u32) -> Snippet {
        let first_line = region.start().line.saturating_sub(context).max(1);
        let region_end = region.end().line.min(region.start().line.saturating_add(MAX_REGION_LINES));
        let mut text = String::new();
        for number in first_line..=region_end.saturating_add(context) {
            let Some(line) = self.line(number) else { break };
            // The empty rest after a final line break is no line.
            if number as usize == self.starts.len() && line.is_empty() && number > region_end {
                break;
            }
            if number > first_line {
                text.push('\n');
            }
            match line.char_indices().nth(MAX_LINE_CHARS) {
                None => text.push_str(line),
                Some((cut, _)) => {
                    text.push_str(&line[..cut]);
                    text.push('…');
                }
            }
        }
        Snippet { first_line, text }
    }
}

#[cfg(test)]
mod tests;
