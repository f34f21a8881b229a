//! Values for tests.

use tollgate_core::dependency::{PackageFinding, Reachability, Usage};
use tollgate_core::dynamic::{EndpointFinding, Parameter, ParameterPlace};
use tollgate_core::{
    CodeFinding, Confidence, Cwe, Finding, MergedFinding, Position, Region, RepoPath, RuleId, ScannerId,
    Severity, SourceLocation, Subject,
};

pub(crate) fn path(text: &str) -> RepoPath {
    RepoPath::new(text).unwrap()
}

pub(crate) fn rule(text: &str) -> RuleId {
    RuleId::parse(text).unwrap()
}

pub(crate) fn region(line: u32, from: u32, to: u32) -> Region {
    Region::new(Position { line, column: from }, Position { line, column: to })
}

pub(crate) fn lines(first: u32, last: u32) -> Region {
    Region::new(Position { line: first, column: 1 }, Position { line: last, column: 9 })
}

pub(crate) fn finding(tool: &str, id: &str, cwe: u32, subject: Subject) -> Finding {
    Finding {
        scanner: ScannerId::new(tool),
        rule: rule(id),
        message: format!("{id} says so"),
        severity: Some(Severity::High),
        score: None,
        confidence: Confidence::Medium,
        cwes: if cwe == 0 { Vec::new() } else { vec![Cwe(cwe)] },
        subject,
        related: Vec::new(),
        fixes: Vec::new(),
        suppressions: Vec::new(),
    }
}

pub(crate) fn code(tool: &str, id: &str, cwe: u32, file: &str, region: Region) -> Finding {
    let code = CodeFinding {
        location: SourceLocation::new(path(file), region),
        scope: Vec::new(),
        identity: format!("text at {:?}", region.start()),
        trace: None,
        sensitive: Vec::new(),
    };
    finding(tool, id, cwe, Subject::Code(Box::new(code)))
}

pub(crate) fn package(tool: &str, id: &str, aliases: &[&str], name: &str, lockfile: &str) -> Finding {
    let package = PackageFinding {
        location: SourceLocation::new(path(lockfile), Region::line(3)),
        ecosystem: "npm".to_owned(),
        package: name.to_owned(),
        version: "1.0.0".to_owned(),
        purl: format!("pkg:npm/{name}@1.0.0"),
        aliases: aliases.iter().map(|alias| rule(alias)).collect(),
        fixed_versions: Vec::new(),
        dependency_paths: Vec::new(),
        usage: Usage::Production,
        reachability: Reachability::Unknown,
        import_names: Vec::new(),
        affected_symbols: Vec::new(),
        epss_ppm: None,
        kev: false,
        upgrade: None,
    };
    finding(tool, id, 0, Subject::Package(Box::new(package)))
}

pub(crate) fn endpoint(tool: &str, id: &str, cwe: u32, url: &str, parameter: &str) -> Finding {
    let route =
        url.split_once("://").map_or(url, |(_, rest)| rest.split_once('/').map_or("", |(_, path)| path));
    let endpoint = EndpointFinding {
        method: "GET".to_owned(),
        url: url.to_owned(),
        route: format!("/{}", route.split('?').next().unwrap_or_default()),
        parameter: (!parameter.is_empty())
            .then(|| Parameter { place: ParameterPlace::Query, name: parameter.to_owned() }),
        evidence: Vec::new(),
        marker: None,
        curl: String::new(),
        source: None,
    };
    finding(tool, id, cwe, Subject::Endpoint(Box::new(endpoint)))
}

/// The findings of one scan as results.
pub(crate) fn lift(findings: Vec<Finding>) -> Vec<MergedFinding> {
    crate::merge::lift(vec![findings])
}
