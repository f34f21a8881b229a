//! Places of other tools' results.

use serde_json::Value;
use tollgate_core::{Position, Region, Snippet, SourceLocation};

use super::context::RunContext;
use super::lenient::{index, int, str_of, text};
use super::uri::{Target, Tree, resolve};

/// Lines of a snippet that are kept.
const MAX_SNIPPET: usize = 20_000;

/// A place a result names.
#[derive(Debug)]
pub(super) enum Spot {
    /// In a file; `outside` when the file does not lie in the scanned tree, `flawed` names what of its
    /// region could not be read.
    File { location: SourceLocation, outside: bool, flawed: Option<&'static str> },
    /// A page of a running application.
    Web { url: String, excerpt: Option<String> },
}

/// The place a location names; `None` where it names none that can be understood.
pub(super) fn spot(tree: Tree<'_>, run: &RunContext, location: &Value) -> Option<Spot> {
    let physical = location.get("physicalLocation").unwrap_or(location);
    let artifact = physical.get("artifactLocation").or_else(|| physical.get("fileLocation"));
    let (uri, base) = match artifact {
        Some(Value::String(uri)) => (uri.clone(), None),
        Some(artifact) => {
            let shared = index(artifact, "index").and_then(|at| run.artifacts.get(at));
            let uri = text(artifact, "uri").filter(|uri| !uri.is_empty());
            match (uri, shared) {
                (Some(uri), _) => (uri, text(artifact, "uriBaseId")),
                (None, Some(shared)) => (shared.uri.clone(), shared.base.clone()),
                (None, None) => return None,
            }
        }
        None => (text(physical, "uri")?, None),
    };
    let target = resolve(tree, &run.bases, &uri, base.as_deref())?;
    let region = physical.get("region").unwrap_or(&Value::Null);
    let (path, outside) = match target {
        Target::Web(url) => {
            let excerpt = snippet_text(region).map(str::to_owned);
            return Some(Spot::Web { url, excerpt });
        }
        Target::File(path) => (path, false),
        Target::Outside(path) => (path, true),
    };
    let (found, flawed) = read_region(region);
    let mut location = SourceLocation::new(path, found);
    let context = physical.get("contextRegion").unwrap_or(&Value::Null);
    location.snippet = snippet(context, None).or_else(|| snippet(region, Some(&found)));
    Some(Spot::File { location, outside, flawed })
}

/// The region, and what of it could not be read.
pub(super) fn read_region(region: &Value) -> (Region, Option<&'static str>) {
    let positive = |key: &str| int(region, key).and_then(|n| u32::try_from(n).ok()).filter(|&n| n > 0);
    let named = |key: &str| region.get(key).is_some_and(|value| !value.is_null());
    if region.is_null() {
        return (Region::line(1), None);
    }
    let Some(line) = positive("startLine") else {
        // Lines cannot be told from offsets without the file.
        let flawed = if named("startLine") {
            Some("a region's `startLine` is no line number and is passed over")
        } else if ["charOffset", "byteOffset", "offset"].iter().any(|key| named(key)) {
            Some("a region is given by offsets alone, which is read as line 1")
        } else {
            None
        };
        let start = int(region, "byteOffset").and_then(|n| u32::try_from(n).ok());
        let length = int(region, "byteLength").and_then(|n| u32::try_from(n).ok()).unwrap_or(0);
        let region = Region::line(1);
        return (
            start.map_or(region, |start| region.with_bytes(start, start.saturating_add(length))),
            flawed,
        );
    };
    let mut flawed = None;
    if named("startColumn") && positive("startColumn").is_none()
        || named("endColumn") && positive("endColumn").is_none()
    {
        flawed = Some("a region's column is no column number and is passed over");
    }
    let end_line = positive("endLine").unwrap_or(line);
    if named("endLine") && end_line < line {
        flawed = Some("a region ends before it starts; its end is passed over");
    }
    let end_line = end_line.max(line);
    let columns = (positive("startColumn"), positive("endColumn"));
    let start = Position { line, column: columns.0.unwrap_or(1) };
    let built = match columns {
        (None, None) if end_line == line => Region::line(line),
        (_, Some(end)) => Region::new(start, Position { line: end_line, column: end }),
        // Up to the end of its last line.
        (_, None) => match snippet_text(region).filter(|text| !text.is_empty()) {
            Some(text) if end_line == line && !text.contains('\n') => {
                let wide = u32::try_from(text.trim_end().chars().count()).unwrap_or(0);
                Region::new(start, Position { line, column: start.column.saturating_add(wide) })
            }
            _ => Region::new(start, Position { line: end_line.saturating_add(1), column: 1 }),
        },
    };
    let bytes = int(region, "byteOffset").zip(int(region, "byteLength"));
    let bytes = bytes.and_then(|(at, length)| {
        let start = u32::try_from(at).ok()?;
        Some((start, start.checked_add(u32::try_from(length).ok()?)?))
    });
    (bytes.map_or(built, |(start, end)| built.with_bytes(start, end)), flawed)
}

/// The text of a region's snippet.
pub(super) fn snippet_text(region: &Value) -> Option<&str> {
    let snippet = region.get("snippet")?;
    snippet.as_str().or_else(|| str_of(snippet, "text"))
}

/// Lines that a region's snippet shows. A snippet that starts inside a line shows no lines.
fn snippet(region: &Value, of: Option<&Region>) -> Option<Snippet> {
    let text = snippet_text(region)?;
    let first =
        int(region, "startLine").and_then(|line| u32::try_from(line).ok()).filter(|&line| line > 0)?;
    if of.is_some_and(|region| region.start().column > 1) && int(region, "startColumn").unwrap_or(1) > 1 {
        return None;
    }
    let text = text.replace("\r\n", "\n");
    let text = text.strip_suffix('\n').unwrap_or(&text);
    (!text.is_empty() && text.len() <= MAX_SNIPPET)
        .then(|| Snippet { first_line: first, text: text.to_owned() })
}
