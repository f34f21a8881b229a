//! From the bytes of a record to an [`Advisory`] of one ecosystem.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value};
use tollgate_core::{Cwe, RuleId, Severity};

use super::advisory::{Advisory, Affected, Informational, Rating, covers};
use super::schema;
use super::severity;
use super::span::{Event, spans};
use crate::graph::Ecosystem;
use crate::version::{VersionKey, version_key};

/// The major version of the schema whose meaning is known.
const SCHEMA_MAJOR: &str = "1";
/// Longest text of an advisory that is kept, in bytes.
const MAX_DETAILS: usize = 8 << 10;
/// Longest version or symbol that is believed.
const MAX_WORD: usize = 1 << 10;
/// Most entries of any list that are kept for people to read.
const MAX_SHOWN: usize = 32;

/// Why a record was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// It does not have the shape of the schema.
    #[error("it is no OSV record: {0}")]
    Malformed(String),
    /// It was written for a schema whose meaning is unknown.
    #[error("its schema version `{0}` is unknown")]
    UnknownSchema(String),
    /// Its id cannot be one.
    #[error("its id `{0}` is none")]
    InvalidId(String),
}

/// Reads a record and keeps what it says about packages of `ecosystem`.
pub(crate) fn read(bytes: &[u8], ecosystem: Ecosystem) -> Result<Advisory, RecordError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let record: schema::Record = match serde_json::from_slice(bytes) {
        Ok(record) => record,
        Err(error) => {
            // A newer schema may have another shape; its version says more than the parser.
            if let Ok(probe) = serde_json::from_slice::<SchemaProbe>(bytes) {
                known_schema(probe.schema_version.as_deref())?;
            }
            return Err(RecordError::Malformed(error.to_string()));
        }
    };
    known_schema(record.schema_version.as_deref())?;
    understand(record, ecosystem)
}

#[derive(Deserialize)]
struct SchemaProbe {
    schema_version: Option<String>,
}

fn known_schema(version: Option<&str>) -> Result<(), RecordError> {
    match version {
        None => Ok(()),
        Some(version) if version.split('.').next() == Some(SCHEMA_MAJOR) => Ok(()),
        Some(version) => Err(RecordError::UnknownSchema(version.chars().take(40).collect())),
    }
}

fn understand(record: schema::Record, ecosystem: Ecosystem) -> Result<Advisory, RecordError> {
    let id = RuleId::parse(&record.id)
        .ok()
        .filter(|id| id.as_str().len() <= MAX_WORD)
        .ok_or_else(|| RecordError::InvalidId(record.id.chars().take(80).collect()))?;
    let mut faults = Vec::new();
    let mut aliases: Vec<RuleId> = record
        .aliases
        .unwrap_or_default()
        .iter()
        .filter_map(|alias| RuleId::parse(alias).ok())
        .filter(|alias| *alias != id && alias.as_str().len() <= MAX_WORD)
        .collect();
    aliases.sort();
    aliases.dedup();
    let extra = record.database_specific.as_ref();
    let own = severity::from_list(record.severity.as_deref()).or_else(|| severity::from_extra(extra));

    let mut cwes = weaknesses(extra);
    let mut affected: BTreeMap<String, Affected> = BTreeMap::new();
    let mut seen: BTreeMap<String, bool> = BTreeMap::new();
    for entry in record.affected.unwrap_or_default() {
        let Some(package) = &entry.package else { continue };
        if Ecosystem::parse_osv(&package.ecosystem).is_none_or(|(found, _)| found != ecosystem) {
            continue;
        }
        let name = ecosystem.normalise_name(&package.name);
        if name.is_empty() || name.len() > MAX_WORD {
            faults.push("an affected package without a usable name".to_owned());
            continue;
        }
        cwes.extend(weaknesses(entry.database_specific.as_ref()));
        let informational = informational(entry.database_specific.as_ref());
        let merged = affected
            .entry(name.clone())
            .or_insert_with(|| Affected { name: name.clone(), ..Affected::default() });
        // Several entries for one package: it is only a notice when all of them say so.
        let first = seen.insert(name, true).is_none();
        merged.informational = if first { informational } else { merged.informational.and(informational) };
        merge(merged, &entry, ecosystem, &mut faults);
    }
    cwes.sort_unstable();
    cwes.dedup();
    for entry in affected.values_mut() {
        finish(entry, ecosystem);
    }
    let affected: Vec<Affected> = affected.into_values().collect();
    let mut rating = own;
    if id.as_str().starts_with("MAL-") {
        rating = rating.or(Some(Rating { severity: Severity::Critical, score: None }));
        if cwes.is_empty() {
            cwes.push(Cwe(506));
        }
    }
    Ok(Advisory {
        id,
        aliases,
        related: capped(record.related),
        upstream: capped(record.upstream),
        modified: record.modified.as_deref().and_then(seconds).unwrap_or(0),
        published: record.published.unwrap_or_default(),
        withdrawn: record.withdrawn.filter(|date| !date.is_empty()),
        summary: cut(record.summary.unwrap_or_default(), MAX_WORD),
        details: cut(record.details.unwrap_or_default(), MAX_DETAILS),
        rating,
        cwes,
        references: references(record.references.unwrap_or_default()),
        affected,
        faults,
    })
}

/// A date and time of the schema as seconds since 1970.
pub(crate) fn seconds(text: &str) -> Option<i64> {
    text.parse::<Timestamp>().ok().map(Timestamp::as_second)
}

fn merge(merged: &mut Affected, entry: &schema::Affected, ecosystem: Ecosystem, faults: &mut Vec<String>) {
    for range in entry.ranges.iter().flatten() {
        match range.kind.as_str() {
            "GIT" => {}
            "SEMVER" | "ECOSYSTEM" => match read_range(range, ecosystem) {
                Ok(read) => {
                    merged.spans.extend(spans(read.events));
                    merged.fixed.extend(read.fixed);
                    push_text(&mut merged.text, &read.text);
                }
                Err(fault) => faults.push(format!("a range of `{}`: {fault}", merged.name)),
            },
            other => {
                let kind: String = other.chars().take(40).collect();
                faults.push(format!("a range of `{}` of the unknown type `{kind}`", merged.name));
            }
        }
    }
    let versions = entry.versions.iter().flatten().filter(|version| version.len() <= MAX_WORD);
    merged.versions.extend(versions.map(|version| version_key(ecosystem, version)));
    if entry.ranges.as_ref().is_none_or(|ranges| ranges.iter().all(|range| range.kind == "GIT")) {
        let shown: Vec<&str> = entry.versions.iter().flatten().take(MAX_SHOWN).map(String::as_str).collect();
        push_text(&mut merged.text, &shown.join(", "));
    }
    merged.symbols.extend(symbols(entry));
    let rating = severity::from_list(entry.severity.as_deref())
        .or_else(|| severity::from_extra(entry.database_specific.as_ref()))
        .or_else(|| severity::from_extra(entry.ecosystem_specific.as_ref()));
    merged.rating = merged.rating.max(rating);
}

/// Puts the merged lists in order and drops versions that a span holds anyway.
fn finish(entry: &mut Affected, ecosystem: Ecosystem) {
    let Affected { spans, versions, .. } = entry;
    spans.sort_by(|a, b| a.lower.cmp(&b.lower));
    spans.dedup();
    versions.retain(|version| !covers(spans.iter(), version));
    versions.sort();
    versions.dedup();
    entry.fixed.sort_by_cached_key(|text| (version_key(ecosystem, text), text.clone()));
    entry.fixed.dedup();
    entry.symbols.sort();
    entry.symbols.dedup();
}

struct ReadRange {
    events: Vec<Event>,
    fixed: Vec<String>,
    text: String,
}

fn read_range(range: &schema::Range, ecosystem: Ecosystem) -> Result<ReadRange, String> {
    let mut events = Vec::new();
    let mut fixed = Vec::new();
    let mut text: Vec<String> = Vec::new();
    let mut introduced = false;
    for event in &range.events {
        if event.is_empty() {
            return Err("an event without a version".to_owned());
        }
        for (kind, version) in event {
            let version = version.as_str().map(str::trim).ok_or("a version that is no text")?;
            match kind.as_str() {
                "introduced" => {
                    introduced = true;
                    events.push(Event::Introduced(lower_bound(version, ecosystem)?));
                    text.push(if version == "0" { String::new() } else { format!(">= {version}") });
                }
                "fixed" => {
                    events.push(Event::Fixed(bound(version, ecosystem)?));
                    fixed.push(version.to_owned());
                    text.push(format!("< {version}"));
                }
                "last_affected" => {
                    events.push(Event::LastAffected(bound(version, ecosystem)?));
                    text.push(format!("<= {version}"));
                }
                "limit" if version == "*" => events.push(Event::Limit(None)),
                "limit" => {
                    events.push(Event::Limit(Some(bound(version, ecosystem)?)));
                    text.push(format!("before {version}"));
                }
                other => {
                    return Err(format!(
                        "the unknown event `{}`",
                        other.chars().take(40).collect::<String>()
                    ));
                }
            }
        }
    }
    if !introduced {
        return Err("no event says where it begins".to_owned());
    }
    let mut words = String::new();
    for part in text.iter().filter(|part| !part.is_empty()) {
        if !words.is_empty() {
            words.push_str(if part.starts_with(">=") { " or " } else { " " });
        }
        words.push_str(part);
    }
    if words.is_empty() {
        words.push_str("every version");
    }
    Ok(ReadRange { events, fixed, text: words })
}

fn lower_bound(version: &str, ecosystem: Ecosystem) -> Result<VersionKey, String> {
    // Both mean: from the very first one. The second is how RustSec and Go spell it.
    if matches!(version, "0" | "0.0.0-0") { Ok(VersionKey::MIN) } else { bound(version, ecosystem) }
}

fn bound(version: &str, ecosystem: Ecosystem) -> Result<VersionKey, String> {
    let key = version_key(ecosystem, version);
    if key.is_readable() && version.len() <= MAX_WORD {
        Ok(key)
    } else {
        Err(format!("`{}` is no version", version.chars().take(80).collect::<String>()))
    }
}

/// The symbols an entry names: Go's `imports`, RustSec's `affects.functions` and the older
/// `affected_functions`. A Go package without symbols is affected as a whole: `path.*`.
fn symbols(entry: &schema::Affected) -> Vec<String> {
    let mut found = Vec::new();
    for extra in [&entry.ecosystem_specific, &entry.database_specific].into_iter().flatten() {
        for import in extra.get("imports").and_then(Value::as_array).into_iter().flatten() {
            let Some(path) = import.get("path").and_then(Value::as_str) else { continue };
            let names = strings(import.get("symbols"));
            if names.is_empty() {
                found.push(format!("{path}.*"));
            }
            found.extend(names.iter().map(|name| format!("{path}.{name}")));
        }
        found.extend(strings(extra.get("affects").and_then(|affects| affects.get("functions"))));
        found.extend(strings(extra.get("affected_functions")));
    }
    found.retain(|symbol| symbol.len() <= MAX_WORD);
    found
}

/// A list of texts, or the keys of an object.
fn strings(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        Some(Value::Object(object)) => object.keys().cloned().collect(),
        _ => Vec::new(),
    }
}

fn weaknesses(extra: Option<&Map<String, Value>>) -> Vec<Cwe> {
    let Some(extra) = extra else { return Vec::new() };
    let mut found: Vec<Cwe> =
        strings(extra.get("cwe_ids")).iter().filter_map(|text| text.parse().ok()).collect();
    for entry in extra.get("cwes").and_then(Value::as_array).into_iter().flatten() {
        let text = entry.as_str().or_else(|| entry.get("cweId").and_then(Value::as_str));
        found.extend(text.and_then(|text| text.parse::<Cwe>().ok()));
    }
    found
}

fn informational(extra: Option<&Map<String, Value>>) -> Option<Informational> {
    match extra?.get("informational")?.as_str()? {
        "unmaintained" => Some(Informational::Unmaintained),
        "unsound" => Some(Informational::Unsound),
        _ => Some(Informational::Notice),
    }
}

/// Web pages, advisories before the rest.
fn references(list: Vec<schema::Reference>) -> Vec<String> {
    let (advisories, others): (Vec<_>, Vec<_>) = list
        .into_iter()
        .filter(|reference| reference.url.starts_with("http") && reference.url.len() <= 2 * MAX_WORD)
        .partition(|reference| reference.kind == "ADVISORY");
    let mut urls: Vec<String> = Vec::new();
    for reference in advisories.into_iter().chain(others) {
        if urls.len() < MAX_SHOWN && !urls.contains(&reference.url) {
            urls.push(reference.url);
        }
    }
    urls
}

fn capped(list: Option<Vec<String>>) -> Vec<String> {
    let mut list = list.unwrap_or_default();
    list.retain(|text| text.len() <= MAX_WORD);
    list.truncate(MAX_SHOWN);
    list
}

fn push_text(text: &mut String, more: &str) {
    if more.is_empty() || text.len() > MAX_DETAILS {
        return;
    }
    if !text.is_empty() {
        text.push_str(" or ");
    }
    text.push_str(more);
}

fn cut(mut text: String, limit: usize) -> String {
    if text.len() > limit {
        let end = text.floor_char_boundary(limit);
        text.truncate(end);
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn affected(ecosystem: Ecosystem, record: &str) -> Advisory {
        read(record.as_bytes(), ecosystem).unwrap()
    }

    fn record(affected: &str) -> String {
        format!(r#"{{"id":"T-1","modified":"2024-01-01T00:00:00Z","affected":[{affected}]}}"#)
    }

    #[test]
    fn several_entries_of_a_package_are_one() {
        let advisory = affected(
            Ecosystem::PyPi,
            &record(
                r#"{"package":{"ecosystem":"PyPI","name":"A.b"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"1.0"}]}]},
                {"package":{"ecosystem":"PyPI","name":"a-B"},"versions":["3.0","0.5"]},
                {"package":{"ecosystem":"npm","name":"a-b"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"}]}]},
                {"ranges":[{"type":"GIT","repo":"x","events":[{"introduced":"zzz"}]}]}"#,
            ),
        );
        assert_eq!(advisory.affected.len(), 1);
        let entry = &advisory.affected[0];
        let applies = |version: &str| entry.applies_to(&version_key(Ecosystem::PyPi, version));
        assert!(applies("0.9") && applies("3.0.0") && !applies("1.0") && !applies("2"));
        assert_eq!(entry.versions.len(), 1, "a version inside the range is not kept twice");
        assert_eq!(
            (entry.fixed.as_slice(), entry.text.as_str()),
            (&["1.0".to_owned()][..], "< 1.0 or 3.0, 0.5")
        );
    }

    #[test]
    fn bad_ranges_are_named_and_left_out() {
        let check = |range: &str, expected: &str| {
            let advisory = affected(
                Ecosystem::Npm,
                &record(&format!(r#"{{"package":{{"ecosystem":"npm","name":"a"}},"ranges":[{range}]}}"#)),
            );
            assert!(advisory.affected[0].spans.is_empty(), "{range}");
            assert!(advisory.faults[0].contains(expected), "{:?}", advisory.faults);
        };
        check(r#"{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"next"}]}"#, "`next` is no version");
        check(r#"{"type":"SEMVER","events":[{"fixed":"1.0.0"}]}"#, "no event says where it begins");
        check(
            r#"{"type":"SEMVER","events":[{"introduced":"0"},{"repaired":"1"}]}"#,
            "unknown event `repaired`",
        );
        check(r#"{"type":"SEMVER","events":[{"introduced":0}]}"#, "no text");
        check(r#"{"type":"SEMVER","events":[{}]}"#, "without a version");
        check(r#"{"type":"PHASE","events":[{"introduced":"0"}]}"#, "unknown type `PHASE`");
    }

    #[test]
    fn what_cannot_be_understood_is_refused() {
        let check = |record: &str, expected: &str| {
            let error = read(record.as_bytes(), Ecosystem::Npm).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        };
        check(r#"{"schema_version":"2.0.0","id":"A-1"}"#, "schema version `2.0.0`");
        check(r#"{"schema_version":"2.0.0","id":["A-1"]}"#, "schema version `2.0.0`");
        check(r#"{"id":"  "}"#, "id");
        check("[]", "no OSV record");
        check(r#"{"id":"A-1","affected""#, "no OSV record");
    }

    #[test]
    fn symbols_and_notices_are_read() {
        let go = affected(
            Ecosystem::Go,
            &record(
                r#"{"package":{"ecosystem":"Go","name":"m"},"ecosystem_specific":{"imports":[{"path":"m/a","symbols":["F","T.G"]},{"path":"m/b"}]}}"#,
            ),
        );
        assert_eq!(go.affected[0].symbols, ["m/a.F", "m/a.T.G", "m/b.*"]);
        let rust = affected(
            Ecosystem::CratesIo,
            &record(
                r#"{"package":{"ecosystem":"crates.io","name":"c"},"ecosystem_specific":{"affects":{"functions":["c::f"]},"affected_functions":null},"database_specific":{"informational":"unmaintained","cvss":null}}"#,
            ),
        );
        assert_eq!(rust.affected[0].symbols, ["c::f"]);
        assert_eq!(rust.affected[0].informational, Some(Informational::Unmaintained));
    }
}
