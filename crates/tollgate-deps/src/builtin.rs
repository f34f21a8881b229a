//! A few notorious advisories that are part of the program, so that a first scan without index and
//! network is not blind.

use std::io::Cursor;

use crate::graph::Ecosystem;
use crate::index::{Builder, IndexFile};

/// One advisory a line; the file tells its columns.
const DATA: &str = include_str!("../data/builtin.tsv");

/// The set as indexes in memory.
pub(crate) fn indexes() -> Vec<(Ecosystem, IndexFile)> {
    Ecosystem::ALL.into_iter().filter_map(|ecosystem| Some((ecosystem, index(ecosystem)?))).collect()
}

fn index(ecosystem: Ecosystem) -> Option<IndexFile> {
    let mut builder = Builder::new(Cursor::new(Vec::new()), ecosystem).ok()?;
    let mut any = false;
    for row in DATA.lines().filter_map(Row::parse).filter(|row| row.ecosystem == ecosystem) {
        builder.add(row.id, row.record().to_string().as_bytes()).ok()?;
        any = true;
    }
    if !any {
        return None;
    }
    let (out, _) = builder.finish(|_| {}).ok()?;
    IndexFile::in_memory("the built-in advisories", out.into_inner()).ok()
}

/// A line of the data: id, aliases, ecosystem, package, ranges, rating, weaknesses, summary.
struct Row<'a> {
    id: &'a str,
    aliases: &'a str,
    ecosystem: Ecosystem,
    package: &'a str,
    ranges: &'a str,
    rating: &'a str,
    weaknesses: &'a str,
    summary: &'a str,
}

impl<'a> Row<'a> {
    fn parse(line: &'a str) -> Option<Self> {
        if line.starts_with('#') {
            return None;
        }
        let mut fields = line.split('\t').map(str::trim);
        let mut next = || fields.next();
        Some(Self {
            id: next()?,
            aliases: next()?,
            ecosystem: Ecosystem::parse_osv(next()?)?.0,
            package: next()?,
            ranges: next()?,
            rating: next()?,
            weaknesses: next()?,
            summary: next()?,
        })
    }

    /// The row as a record of the OSV schema.
    fn record(&self) -> serde_json::Value {
        let words =
            |text: &'a str| text.split([',', ' ']).filter(|word| !word.is_empty()).collect::<Vec<_>>();
        let mut ranges = Vec::new();
        let mut versions = Vec::new();
        for range in self.ranges.split(';').map(str::trim) {
            if let Some(version) = range.strip_prefix('=') {
                versions.push(version);
                continue;
            }
            let (from, to) = range.split_once("..").unwrap_or((range, ""));
            let mut events =
                vec![serde_json::json!({ "introduced": if from.is_empty() { "0" } else { from } })];
            if let Some(last) = to.strip_prefix('=') {
                events.push(serde_json::json!({ "last_affected": last }));
            } else if !to.is_empty() {
                events.push(serde_json::json!({ "fixed": to }));
            }
            ranges.push(serde_json::json!({ "type": "ECOSYSTEM", "events": events }));
        }
        serde_json::json!({
            "id": self.id,
            "aliases": words(self.aliases),
            "summary": self.summary,
            "affected": [{
                "package": { "ecosystem": self.ecosystem.osv_name(), "name": self.package },
                "ranges": ranges,
                "versions": versions,
            }],
            "references": [{ "type": "ADVISORY", "url": format!("https://osv.dev/vulnerability/{}", self.id) }],
            "database_specific": {
                "severity": self.rating,
                "cwe_ids": words(self.weaknesses),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::Index;

    #[test]
    fn every_line_is_understood() {
        let lines = DATA.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
        for line in lines {
            let row = Row::parse(line).unwrap_or_else(|| panic!("{line}"));
            assert!(!row.summary.is_empty() && row.summary.len() < 160, "{line}");
            let read = crate::osv::read::read(row.record().to_string().as_bytes(), row.ecosystem).unwrap();
            assert!(read.faults.is_empty(), "{line}: {:?}", read.faults);
            assert!(read.rating.is_some() && !read.cwes.is_empty() && read.affected.len() == 1, "{line}");
            assert!(!read.affected[0].spans.is_empty() || !read.affected[0].versions.is_empty(), "{line}");
        }
        for (_, index) in indexes() {
            let description = index.description().unwrap();
            assert_eq!((description.refused, description.faulty), (0, 0), "{:?}", description.named);
        }
    }

    #[test]
    fn notorious_versions_are_found() {
        let index = Index::builtin();
        assert!(index.is_builtin() && index.age(0).is_none());
        let check = |ecosystem, name: &str, version: &str, expected: &str| {
            let found = index.matches(ecosystem, name, version).unwrap();
            assert!(
                found.iter().any(|advisory| advisory.id.as_str() == expected),
                "{name} {version}: {found:?}"
            );
        };
        check(Ecosystem::Maven, "org.apache.logging.log4j:log4j-core", "2.14.1", "GHSA-jfh8-c2jp-5v3q");
        check(Ecosystem::Npm, "event-stream", "3.3.6", "GHSA-mh6f-8j2x-4483");
        check(Ecosystem::CratesIo, "time", "0.1.43", "RUSTSEC-2020-0071");
        assert!(index.matches(Ecosystem::Npm, "event-stream", "4.0.1").unwrap().is_empty());
        assert!(
            index
                .matches(Ecosystem::Maven, "org.apache.logging.log4j:log4j-core", "2.17.1")
                .unwrap()
                .is_empty()
        );
    }
}
