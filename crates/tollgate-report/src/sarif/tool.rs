//! The tools behind a report and their rules.

use std::collections::HashMap;

use serde_json::{Value, json};
use serde_sarif::sarif;
use tollgate_core::report::ScannerSummary;
use tollgate_core::{Confidence, Cwe, Report, RuleId, RuleMeta, Score, Severity};
use url::Url;

use super::extras::{RuleExtras, bag, entry};
use super::invocation::NOTIFICATIONS;
use super::limits::{MAX_EXTENSIONS, MAX_TAGS};
use super::result::level;
use super::{DRIVER, extras};

/// Where a rule stands: which extension, which of its rules.
#[derive(Debug, Clone)]
pub(super) struct RulePlace {
    component: usize,
    rule: usize,
}

impl RulePlace {
    pub(super) fn reference(&self, id: &RuleId) -> sarif::ReportingDescriptorReference {
        let index = |at: usize| i64::try_from(at).unwrap_or(i64::MAX);
        let component = sarif::ToolComponentReference::builder().index(index(self.component)).build();
        sarif::ReportingDescriptorReference::builder()
            .id(id.to_string())
            .index(index(self.rule))
            .tool_component(component)
            .build()
    }
}

/// The extensions of a report: one for each scanner and each merged tool, in the order of the report,
/// each with its rules in the order of their ids.
pub(super) struct Extensions<'a> {
    components: Vec<Component<'a>>,
    by_name: HashMap<&'a str, usize>,
}

struct Component<'a> {
    name: &'a str,
    summary: Option<&'a ScannerSummary>,
    rules: Vec<RuleMeta>,
    places: HashMap<RuleId, usize>,
}

impl<'a> Extensions<'a> {
    pub(super) fn of(report: &'a Report) -> Self {
        let mut extensions = Self { components: Vec::new(), by_name: HashMap::new() };
        for summary in &report.scanners {
            let at = extensions.component(summary.scanner.as_str());
            let component = &mut extensions.components[at];
            component.summary = Some(summary);
            component.rules.extend(summary.rules.iter().cloned());
        }
        for merged in &report.findings {
            extensions.add_rule(merged.finding.scanner.as_str(), &merged.finding.rule);
            for source in &merged.sources {
                if extensions.components.len() < MAX_EXTENSIONS {
                    extensions.component(&source.tool);
                }
            }
        }
        for component in &mut extensions.components {
            component.rules.sort_by(|a, b| a.id.cmp(&b.id));
            component.rules.dedup_by(|a, b| a.id == b.id);
            component.places =
                component.rules.iter().enumerate().map(|(at, rule)| (rule.id.clone(), at)).collect();
        }
        extensions
    }

    fn component(&mut self, name: &'a str) -> usize {
        *self.by_name.entry(name).or_insert_with(|| {
            self.components.push(Component {
                name,
                summary: None,
                rules: Vec::new(),
                places: HashMap::new(),
            });
            self.components.len() - 1
        })
    }

    fn add_rule(&mut self, scanner: &'a str, rule: &RuleId) {
        let at = self.component(scanner);
        let component = &mut self.components[at];
        if component.places.is_empty() {
            component.places = component.rules.iter().map(|rule| (rule.id.clone(), 0)).collect();
        }
        if component.places.insert(rule.clone(), 0).is_none() {
            component.rules.push(RuleMeta::bare(rule.clone()));
        }
    }

    /// Where the rule of a finding stands.
    pub(super) fn place(&self, scanner: &str, rule: &RuleId) -> RulePlace {
        let component = *self.by_name.get(scanner).expect("every finding's scanner has an extension");
        let places = &self.components[component].places;
        RulePlace { component, rule: *places.get(rule).expect("every finding's rule has a place") }
    }

    /// The tool of the run.
    pub(super) fn tool(&self) -> sarif::Tool {
        let mut driver = sarif::ToolComponent::builder()
            .name(DRIVER)
            .full_name("Tollgate security gate")
            .version(env!("CARGO_PKG_VERSION"))
            .semantic_version(env!("CARGO_PKG_VERSION"))
            .information_uri(env!("CARGO_PKG_HOMEPAGE"))
            .build();
        driver.notifications = Some(
            NOTIFICATIONS
                .iter()
                .map(|(id, name, text)| {
                    let mut descriptor = sarif::ReportingDescriptor::builder().id(*id).name(*name).build();
                    descriptor.short_description = Some(text_message(text));
                    descriptor.full_description = Some(text_message(text));
                    descriptor.help = Some(text_message(text));
                    descriptor
                })
                .collect(),
        );
        driver.rules = Some(Vec::new());
        let extensions = self.components.iter().map(extension).collect::<Vec<_>>();
        let mut tool = sarif::Tool::builder().driver(driver).build();
        tool.extensions = (!extensions.is_empty()).then_some(extensions);
        tool
    }
}

fn extension(component: &Component<'_>) -> sarif::ToolComponent {
    let mut written = sarif::ToolComponent::builder().name(component.name).build();
    match component.summary.map(|summary| summary.tool.as_ref()) {
        Some(Some(tool)) => {
            written.full_name = Some(tool.name.clone());
            written.version.clone_from(&tool.version);
            written.information_uri = tool.url.as_ref().filter(|url| Url::parse(url).is_ok()).cloned();
        }
        Some(None) => {
            written.full_name = Some(format!("{DRIVER} {}", component.name));
            written.version = Some(env!("CARGO_PKG_VERSION").to_owned());
            written.information_uri = Some(env!("CARGO_PKG_HOMEPAGE").to_owned());
        }
        None => {}
    }
    written.rules = Some(component.rules.iter().map(rule).collect());
    written
}

fn text_message(text: &str) -> sarif::MultiformatMessageString {
    sarif::MultiformatMessageString::builder().text(text).build()
}

fn rule(meta: &RuleMeta) -> sarif::ReportingDescriptor {
    let mut rule = sarif::ReportingDescriptor::builder().id(meta.id.to_string()).build();
    rule.name = Some(name(&meta.id));
    rule.short_description = Some(text_message(&meta.summary));
    rule.full_description = Some(text_message(first_paragraph(meta)));
    // Code hosts want a help text; one without Markdown is not the rule's own.
    let mut help = text_message(if meta.help.is_empty() { &meta.summary } else { &meta.help });
    help.markdown = (!meta.help.is_empty()).then(|| meta.help.clone());
    rule.help = Some(help);
    rule.help_uri = meta
        .references
        .iter()
        .find(|reference| Url::parse(reference).is_ok())
        .cloned()
        .or_else(|| meta.cwes.first().map(|cwe| cwe.url()));
    let configuration = sarif::ReportingConfiguration::builder().level(json!(level(meta.severity))).build();
    rule.default_configuration = Some(configuration);
    rule.properties = Some(properties(meta));
    rule
}

/// A name for the rule, as SARIF wants it in Pascal case and different from the id.
fn name(id: &RuleId) -> String {
    let words = id.as_str().split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let name: String = words
        .map(|word| {
            let mut chars = word.chars();
            let first = chars.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
            first + chars.as_str()
        })
        .collect();
    if name.is_empty() || name == id.as_str() { format!("{name}Rule") } else { name }
}

fn first_paragraph(meta: &RuleMeta) -> &str {
    let paragraph = meta
        .help
        .split("\n\n")
        .map(str::trim)
        .find(|text| !text.is_empty() && !text.starts_with(['#', '`', '-', '*', '|']));
    paragraph.unwrap_or(&meta.summary)
}

fn properties(meta: &RuleMeta) -> sarif::PropertyBag {
    let problem = match meta.severity {
        Some(Severity::Critical | Severity::High) => "error",
        Some(Severity::Medium) | None => "warning",
        Some(Severity::Low | Severity::Info) => "recommendation",
    };
    let mut entries: Vec<(&'static str, Value)> = vec![
        ("precision", json!(precision(meta.confidence))),
        ("problem.severity", json!(problem)),
        entry(&RuleExtras {
            severity: meta.severity.map(|severity| severity.to_string()),
            score: meta.score.map(Score::value),
            confidence: meta.confidence.to_string(),
            cwes: meta.cwes.iter().map(ToString::to_string).collect(),
            tags: meta.tags.clone(),
            references: meta.references.clone(),
        }),
    ];
    if let Some(score) = security_severity(meta.severity, meta.score) {
        entries.push(("security-severity", json!(score)));
    }
    if !meta.references.is_empty() {
        entries.push(("references", extras::value(&meta.references)));
    }
    let mut bag = bag(entries);
    bag.tags = Some(tags(&meta.cwes, &meta.tags));
    bag
}

const fn precision(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Low => "low",
        Confidence::Medium => "medium",
        Confidence::High => "high",
        Confidence::Confirmed => "very-high",
    }
}

/// The number from 0 to 10 by which code hosts rate a finding; `None` where nobody scored it.
pub(super) fn security_severity(severity: Option<Severity>, score: Option<Score>) -> Option<String> {
    let band = severity.map(Severity::default_score);
    // The severity was chosen with more knowledge than the score holds, so it wins where they differ.
    let score = match (severity, score) {
        (Some(severity), Some(score)) if score.severity() != severity => band,
        (_, Some(score)) => Some(score),
        _ => band,
    };
    score.map(|score| score.to_string())
}

/// Tags by which code hosts recognise a security finding, no more than they take.
pub(super) fn tags(cwes: &[Cwe], further: &[String]) -> Vec<String> {
    let mut tags = vec!["security".to_owned()];
    for tag in cwes.iter().map(|cwe| cwe.sarif_tag()).chain(further.iter().cloned()) {
        if tags.len() < MAX_TAGS && !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    tags
}

/// Facts of a scanner for the invocation.
pub(super) fn scanner_extras(summary: &ScannerSummary) -> extras::ScannerExtras {
    let mut skipped = std::collections::BTreeMap::new();
    for skip in &summary.coverage.skipped {
        *skipped.entry(skip.reason.as_str().to_owned()).or_insert(0) += 1;
    }
    extras::ScannerExtras {
        name: summary.scanner.to_string(),
        tool: summary.tool.as_ref().map(|tool| extras::ToolExtras {
            name: tool.name.clone(),
            version: tool.version.clone(),
            url: tool.url.clone(),
        }),
        complete: summary.complete,
        elapsed_ms: u64::try_from(summary.elapsed.as_millis()).unwrap_or(u64::MAX),
        examined: summary.coverage.examined,
        bytes: summary.coverage.bytes,
        skipped,
    }
}
