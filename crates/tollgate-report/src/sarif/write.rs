//! A report as SARIF.

use std::collections::BTreeMap;
use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Serialize;
use serde_json::json;
use serde_sarif::sarif;
use tollgate_core::{MergedFinding, Report, Severity, Verdict};
use url::Url;

use super::extras::{Gap, Revision, RunExtras, Violation, bag, entry, value};
use super::limits::{ByteCount, MAX_COMPRESSED_BYTES, MAX_RESULTS, by_weight};
use super::tool::Extensions;
use super::{SOURCE_ROOT, invocation, place, result};
use crate::format::WriteError;
use crate::wire;

/// Where the schema of the written files stands.
const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";
/// Version of what stands under the `tollgate` keys.
pub(crate) const FORMAT: u32 = 1;

/// Findings named for each broken threshold; fingerprints do not compress, and the gate can be asked again.
const MAX_NAMED: usize = 1_000;

/// Settings of the SARIF writer.
#[derive(Debug, Clone, Default)]
pub struct SarifOptions {
    /// Name under which a code host keeps this report apart from others of the same commit; `None` names
    /// it after the tool and, if any, the shard.
    pub category: Option<String>,
    /// Whether to write every result, whatever code hosts take.
    pub unlimited: bool,
}

/// Writes the report as one SARIF run.
///
/// # Errors
/// When the writer fails.
pub fn write_sarif(report: &Report, options: &SarifOptions, out: &mut dyn Write) -> Result<(), WriteError> {
    let extensions = Extensions::of(report);
    let order = by_weight(&report.findings);
    let most = if options.unlimited { usize::MAX } else { MAX_RESULTS };
    let mut kept = order.len().min(most);
    if !options.unlimited {
        kept = fit(report, &extensions, &order[..kept])?;
    }
    let mut kept_indices = order[..kept].to_vec();
    kept_indices.sort_unstable();
    let results = kept_indices.iter().map(|&at| sarif_result(&report.findings[at], &extensions)).collect();
    let omitted = order[kept..].iter().map(|&at| &report.findings[at]);
    let log = log(report, &extensions, results, &count(omitted), options);
    write_pretty(&log, out)
}

fn sarif_result(merged: &MergedFinding, extensions: &Extensions<'_>) -> sarif::Result {
    let rule = extensions.place(merged.finding.scanner.as_str(), &merged.finding.rule);
    result::result(merged, &rule)
}

/// How many results, in the order of their weight, fit into a compressed file.
fn fit(report: &Report, extensions: &Extensions<'_>, order: &[usize]) -> Result<usize, WriteError> {
    // All but the results, which are added one by one until the file would be too large.
    let frame = log(report, extensions, Vec::new(), &BTreeMap::new(), &SarifOptions::default());
    let mut compressed = GzEncoder::new(ByteCount::default(), Compression::fast());
    write_pretty(&frame, &mut compressed)?;
    for (at, &index) in order.iter().enumerate() {
        write_pretty(&sarif_result(&report.findings[index], extensions), &mut compressed)?;
        // The encoder holds back a little, and results stand deeper inside the log.
        if compressed.get_ref().0 > MAX_COMPRESSED_BYTES / 100 * 95 {
            return Ok(at);
        }
    }
    Ok(order.len())
}

fn write_pretty<T: Serialize>(data: &T, out: &mut dyn Write) -> Result<(), WriteError> {
    serde_json::to_writer_pretty(&mut *out, data).map_err(std::io::Error::from)?;
    out.write_all(b"\n")?;
    Ok(())
}

fn count<'a>(findings: impl Iterator<Item = &'a MergedFinding>) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for merged in findings {
        let severity = merged.finding.severity.map_or("unknown", Severity::as_str);
        *counts.entry(severity.to_owned()).or_insert(0) += 1;
    }
    counts
}

fn log(
    report: &Report,
    extensions: &Extensions<'_>,
    results: Vec<sarif::Result>,
    omitted: &BTreeMap<String, u64>,
    options: &SarifOptions,
) -> sarif::Sarif {
    let left_out: u64 = omitted.values().sum();
    let invocation = invocation::invocation(report, usize::try_from(left_out).unwrap_or(usize::MAX));
    let mut run = sarif::Run::builder()
        .tool(extensions.tool())
        .invocations(vec![invocation])
        .results(results)
        .column_kind(json!("unicodeCodePoints"))
        .default_encoding("utf-8")
        .newline_sequences(vec!["\r\n".to_owned(), "\n".to_owned()])
        .build();
    run.automation_details =
        Some(sarif::RunAutomationDetails::builder().id(category(report, options)).build());
    run.original_uri_base_ids = Some(BTreeMap::from([(SOURCE_ROOT.to_owned(), root(report))]));
    run.version_control_provenance = provenance(report).map(|details| vec![details]);
    run.properties = Some(properties(report, omitted));
    sarif::Sarif::builder().schema(SCHEMA).version(json!("2.1.0")).runs(vec![run]).build()
}

fn category(report: &Report, options: &SarifOptions) -> String {
    match (&options.category, report.invocation.shard) {
        // What follows the last slash tells runs of one category apart, and there is one run.
        (Some(category), _) => format!("{}/", category.trim_end_matches('/')),
        (None, Some((index, count))) => format!("tollgate/shard-{index}-of-{count}/"),
        (None, None) => "tollgate/".to_owned(),
    }
}

fn root(report: &Report) -> sarif::ArtifactLocation {
    let mut root = sarif::ArtifactLocation::builder()
        .description(sarif::Message::from("The root of the scanned tree."))
        .build();
    root.uri = report.root.as_deref().map(place::root_uri);
    root
}

fn provenance(report: &Report) -> Option<sarif::VersionControlDetails> {
    let revision = report.invocation.revision.as_ref()?;
    let remote = remote_url(revision.remote.as_deref()?)?;
    let mapped = sarif::ArtifactLocation::builder().uri_base_id(SOURCE_ROOT).build();
    let mut details =
        sarif::VersionControlDetails::builder().repository_uri(remote).mapped_to(mapped).build();
    details.revision_id.clone_from(&revision.commit);
    details.branch.clone_from(&revision.branch);
    Some(details)
}

/// The remote as a URL; `git@host:path` is the short form of an SSH URL.
fn remote_url(remote: &str) -> Option<String> {
    if let Ok(url) = Url::parse(remote)
        && url.has_host()
    {
        return Some(remote.to_owned());
    }
    let (host, path) = remote.split_once(':')?;
    let url = format!("ssh://{host}/{}", path.trim_start_matches('/'));
    Url::parse(&url).is_ok().then_some(url)
}

fn properties(report: &Report, omitted: &BTreeMap<String, u64>) -> sarif::PropertyBag {
    let facts = &report.invocation;
    let extras = RunExtras {
        format: FORMAT,
        plan_digest: facts.plan_digest.clone(),
        shard: facts.shard,
        revision: facts.revision.as_ref().map(|revision| Revision {
            commit: revision.commit.clone(),
            branch: revision.branch.clone(),
            remote: revision.remote.clone(),
        }),
        omitted: omitted.clone(),
        packages: report.packages.iter().map(wire::Package::from).collect(),
        routes: report.routes.iter().map(wire::Route::from).collect(),
    };
    let mut entries = vec![("verdict", json!(report.verdict.as_str())), entry(&extras)];
    entries.extend(verdict_parts(&report.verdict));
    bag(entries)
}

fn verdict_parts(verdict: &Verdict) -> Vec<(&'static str, serde_json::Value)> {
    let violations: Vec<Violation> = verdict
        .violations()
        .iter()
        .map(|violation| Violation {
            policy: violation.policy.clone(),
            message: violation.message.clone(),
            findings: violation.findings.iter().take(MAX_NAMED).map(ToString::to_string).collect(),
        })
        .collect();
    let gaps: Vec<Gap> = verdict
        .gaps()
        .iter()
        .map(|gap| Gap { scanner: gap.scanner.as_ref().map(ToString::to_string), reason: gap.reason.clone() })
        .collect();
    vec![("violations", value(&violations)), ("gaps", value(&gaps))]
}
