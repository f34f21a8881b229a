//! Places of the scanned tree as SARIF writes them.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;
use serde_sarif::sarif;
use tollgate_core::{Region, RepoPath, Snippet, SourceLocation};

use super::SOURCE_ROOT;
use super::extras::{bag, value};
use crate::wire;

/// What a relative reference may hold unescaped: the `pchar` of RFC 3986 without `:`, which in a first
/// segment would read as a scheme, and `/` between segments.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';')
    .remove(b'=')
    .remove(b'@')
    .remove(b'/');

/// The path as a relative URI reference.
pub(super) fn uri(path: &RepoPath) -> String {
    if path.as_str().is_empty() {
        return "./".to_owned();
    }
    utf8_percent_encode(path.as_str(), ESCAPED).to_string()
}

/// The folder as an absolute `file:` URI that ends with `/`.
pub(super) fn root_uri(root: &str) -> String {
    let slashed = root.replace('\\', "/");
    let path = utf8_percent_encode(slashed.trim_matches('/'), ESCAPED).to_string();
    // A drive letter keeps its colon, and only there does one stand in a folder's URI.
    let path = path.replacen("%3A", ":", usize::from(slashed.as_bytes().get(1) == Some(&b':')));
    if path.is_empty() { "file:///".to_owned() } else { format!("file:///{path}/") }
}

pub(super) fn artifact(path: &RepoPath) -> sarif::ArtifactLocation {
    sarif::ArtifactLocation::builder().uri(uri(path)).uri_base_id(SOURCE_ROOT).build()
}

/// The location with its surrounding text.
pub(super) fn physical(location: &SourceLocation) -> sarif::PhysicalLocation {
    let mut physical = sarif::PhysicalLocation::builder()
        .artifact_location(artifact(&location.path))
        .region(region(&location.region))
        .build();
    let Some(snippet) = &location.snippet else { return physical };
    match placing(&location.region, snippet) {
        Placing::Region => set_snippet(&mut physical, &snippet.text),
        Placing::Context { text } => {
            if let Some(text) = text {
                set_snippet(&mut physical, &text);
            }
            let last = snippet.first_line + line_count(&snippet.text) - 1;
            let mut context = sarif::Region::builder()
                .start_line(i64::from(snippet.first_line))
                .end_line(i64::from(last))
                .build();
            context.snippet = Some(sarif::ArtifactContent::builder().text(snippet.text.clone()).build());
            physical.context_region = Some(context);
        }
        Placing::Apart => {
            let snippet = wire::Snippet { first_line: snippet.first_line, text: snippet.text.clone() };
            physical.properties = Some(bag([("snippet", value(&snippet))]));
        }
    }
    physical
}

fn set_snippet(physical: &mut sarif::PhysicalLocation, text: &str) {
    if let Some(region) = &mut physical.region {
        region.snippet = Some(sarif::ArtifactContent::builder().text(text).build());
    }
}

/// Where the lines around a region go. A context region must truly contain its region.
enum Placing {
    /// They are the region itself.
    Region,
    /// They contain the region, whose own text is this where it can be cut out.
    Context { text: Option<String> },
    /// They show only a part of the region.
    Apart,
}

fn placing(region: &Region, snippet: &Snippet) -> Placing {
    let last = snippet.first_line + line_count(&snippet.text) - 1;
    let (start, end) = (region.start(), region.end());
    if start.line < snippet.first_line || end.line > last {
        return Placing::Apart;
    }
    if region.is_whole_line() {
        let wider = snippet.first_line < last;
        return if wider { Placing::Context { text: None } } else { Placing::Region };
    }
    let lines: Vec<&str> = snippet.text.split('\n').collect();
    let line = |number: u32| lines[(number - snippet.first_line) as usize];
    let whole = start.line == snippet.first_line
        && end.line == last
        && start.column == 1
        && end.column as usize > line(last).chars().count();
    if whole {
        return Placing::Region;
    }
    let skip = |text: &str, column: u32| -> String { text.chars().skip(column as usize - 1).collect() };
    let keep = |text: &str, column: u32| -> String { text.chars().take(column as usize - 1).collect() };
    let text = if start.line == end.line {
        skip(&keep(line(start.line), end.column), start.column)
    } else {
        let mut text = skip(line(start.line), start.column);
        for between in start.line + 1..end.line {
            text.push('\n');
            text.push_str(line(between));
        }
        text.push('\n');
        text.push_str(&keep(line(end.line), end.column));
        text
    };
    Placing::Context { text: (!text.is_empty()).then_some(text) }
}

fn line_count(text: &str) -> u32 {
    1 + u32::try_from(text.matches('\n').count()).unwrap_or(u32::MAX - 1)
}

/// The region of a result; a whole line has no columns.
pub(super) fn region(region: &Region) -> sarif::Region {
    if region.is_whole_line() && region.bytes().is_none() {
        return sarif::Region::builder().start_line(i64::from(region.start().line)).build();
    }
    exact_region(region)
}

/// The region with its columns in any case, for what an edit replaces.
pub(super) fn exact_region(region: &Region) -> sarif::Region {
    let mut written = sarif::Region::builder()
        .start_line(i64::from(region.start().line))
        .start_column(i64::from(region.start().column))
        .end_line(i64::from(region.end().line))
        .end_column(i64::from(region.end().column))
        .build();
    if let Some((start, end)) = region.bytes() {
        written.byte_offset = Some(i64::from(start));
        written.byte_length = Some(i64::from(end - start));
    }
    written
}

/// A location with a message; an empty message is left out.
pub(super) fn location(location: &SourceLocation, message: &str) -> sarif::Location {
    let mut written = sarif::Location::builder().physical_location(physical(location)).build();
    if !message.is_empty() {
        written.message = Some(message.into());
    }
    written
}

/// A location that stands in where a finding has none, so that code hosts accept the result.
pub(super) fn stand_in() -> sarif::Location {
    let artifact = sarif::ArtifactLocation::builder().uri("tollgate.toml").uri_base_id(SOURCE_ROOT).build();
    let physical = sarif::PhysicalLocation::builder()
        .artifact_location(artifact)
        .region(region(&Region::line(1)))
        .build();
    sarif::Location::builder()
        .physical_location(physical)
        .properties(bag([(super::STAND_IN, json!(true))]))
        .build()
}
