//! From matches to findings: one for each flaw of one package version in one lockfile.

use std::collections::BTreeMap;
use std::sync::Arc;

use tollgate_core::dependency::{PackageFinding, Reachability, Usage};
use tollgate_core::{
    Confidence, Finding, Region, RepoPath, RuleId, RuleMeta, ScannerId, Severity, SourceLocation, Subject,
};

use crate::fix::fix;
use crate::graph::{Ecosystem, Lockfile, Parents, Provenance};
use crate::grouping::{FlawGroup, group};
use crate::imports::import_names;
use crate::index::{Index, IndexError};
use crate::licence::LicencePolicy;
use crate::manifest::Format;
use crate::matching::clears;
use crate::upgrade::advise;
use crate::vex::VexStatements;

/// How many paths from direct dependencies a finding lists.
const MAX_PATHS: usize = 16;

/// The rule of licence findings.
const LICENCE_RULE: &str = "deps.licence";

/// What packages are checked against.
pub(crate) struct Check<'a> {
    pub(crate) index: &'a Index,
    pub(crate) ignore_dev: bool,
    pub(crate) licences: Option<&'a LicencePolicy>,
    pub(crate) vex: &'a VexStatements,
    pub(crate) stop: &'a dyn Fn() -> bool,
    pub(crate) text_of: &'a dyn Fn(&RepoPath) -> Option<Arc<str>>,
}

/// All entries of a lockfile for one version of one package.
struct Installed<'a> {
    version: &'a str,
    entries: Vec<usize>,
    usage: Usage,
}

/// Adds the findings of a lockfile, sorted, and the rules behind them.
pub(crate) fn findings_of(
    check: &Check<'_>,
    format: Format,
    lockfile: &Lockfile,
    findings: &mut Vec<Finding>,
    rules: &mut Vec<RuleMeta>,
) -> Result<(), IndexError> {
    let parents = lockfile.parents();
    for installed in installed(lockfile) {
        if (check.stop)() {
            break;
        }
        if check.ignore_dev && installed.usage == Usage::Development {
            continue;
        }
        let package = &lockfile.packages[installed.entries[0]];
        if let Some(policy) = check.licences {
            let found = licence_finding(policy, lockfile, &parents, &installed);
            if let Some(found) = found {
                findings.push(found);
                rules.push(licence_rule());
            }
        }
        if !is_checked(package.key.ecosystem(), package.provenance) {
            continue;
        }
        let version = comparable(package.key.ecosystem(), installed.version);
        let flaws = group(check.index.matches_key(&package.key, &version)?);
        if flaws.is_empty() {
            continue;
        }
        let target = clears(check.index, &package.key, &version, &flaws)?;
        let base = describe(lockfile, &parents, &installed);
        let direct = base.dependency_paths.first().and_then(|path| path.first()).map(|label| {
            label
                .rsplit_once('@')
                .filter(|(name, _)| !name.is_empty())
                .map_or(label.as_str(), |(name, _)| name)
        });
        let upgrade = advise(format, lockfile, package, target.as_deref(), direct);
        let edit =
            target.as_deref().and_then(|target| fix(format, &lockfile.path, package, target, check.text_of));
        for flaw in flaws {
            let mut found = PackageFinding { upgrade: upgrade.clone(), ..base.clone() };
            found.aliases.clone_from(&flaw.aliases);
            found.fixed_versions.clone_from(&flaw.fixed_versions);
            found.affected_symbols.clone_from(&flaw.affected_symbols);
            found.epss_ppm = flaw.epss_ppm;
            found.kev = flaw.kev;
            rules.push(rule_of(&flaw));
            findings.push(Finding {
                scanner: ScannerId::new(ScannerId::DEPS),
                rule: flaw.id.clone(),
                message: message(&flaw, &found),
                severity: flaw.severity(),
                score: flaw.rating.filter(|_| flaw.informational.is_none()).and_then(|rating| rating.score),
                confidence: Confidence::High,
                cwes: flaw.cwes.clone(),
                suppressions: check.vex.suppression(&flaw.id, &found).into_iter().collect(),
                subject: Subject::Package(Box::new(found)),
                related: Vec::new(),
                fixes: edit.clone().into_iter().collect(),
            });
        }
    }
    Ok(())
}

/// Entries by package and version, sorted; the first line stands for all.
fn installed(lockfile: &Lockfile) -> Vec<Installed<'_>> {
    let mut found: BTreeMap<(&crate::graph::PackageKey, &str), Installed<'_>> = BTreeMap::new();
    for (idx, package) in lockfile.packages.iter().enumerate() {
        let Some(version) = package.version.as_deref().filter(|_| package.provenance != Provenance::Local)
        else {
            continue;
        };
        let entry = found.entry((&package.key, version)).or_insert_with(|| Installed {
            version,
            entries: Vec::new(),
            usage: package.usage,
        });
        entry.entries.push(idx);
        entry.usage = entry.usage.min(package.usage);
    }
    found.into_values().collect()
}

/// Whether a package's advisories apply. A crate from elsewhere is another crate under the same name.
fn is_checked(ecosystem: Ecosystem, provenance: Provenance) -> bool {
    match provenance {
        Provenance::Registry => true,
        Provenance::Foreign => ecosystem != Ecosystem::CratesIo,
        Provenance::Local => false,
    }
}

/// The version that stands for a written one. The tag `v4` of an action moves to the newest 4.x, so it is
/// compared as the highest.
fn comparable(ecosystem: Ecosystem, version: &str) -> String {
    const HIGHEST: &str = ".999999";
    let plain = version.trim_start_matches('v');
    let dots = plain.matches('.').count();
    if ecosystem == Ecosystem::GitHubActions && dots < 2 && !plain.contains(['-', '+']) {
        return format!("{plain}{}", HIGHEST.repeat(2 - dots));
    }
    version.to_owned()
}

/// The parts of a finding that do not depend on the flaw.
fn describe(lockfile: &Lockfile, parents: &Parents, installed: &Installed<'_>) -> PackageFinding {
    let package = &lockfile.packages[installed.entries[0]];
    let mut paths: Vec<Vec<String>> = installed
        .entries
        .iter()
        .take(MAX_PATHS)
        .flat_map(|&idx| lockfile.dependency_paths(parents, idx, MAX_PATHS))
        .collect();
    paths.sort_by(|a, b| a.len().cmp(&b.len()).then_with(|| a.cmp(b)));
    paths.dedup();
    paths.truncate(MAX_PATHS);
    let line = installed.entries.iter().map(|&idx| lockfile.packages[idx].line).min().unwrap_or(1);
    PackageFinding {
        location: SourceLocation::new(lockfile.path.clone(), Region::line(line)),
        ecosystem: package.key.ecosystem().osv_name().to_owned(),
        package: package.name.clone(),
        version: installed.version.to_owned(),
        purl: package.purl(),
        aliases: Vec::new(),
        fixed_versions: Vec::new(),
        dependency_paths: paths,
        usage: installed.usage,
        reachability: Reachability::Unknown,
        import_names: import_names(&package.key, &package.name),
        affected_symbols: Vec::new(),
        epss_ppm: None,
        kev: false,
        upgrade: None,
    }
}

fn message(flaw: &FlawGroup, found: &PackageFinding) -> String {
    let what = match flaw.informational {
        Some(kind) => {
            format!("is {}", if kind.as_str() == "notice" { "under notice" } else { kind.as_str() })
        }
        None => "has a known vulnerability".to_owned(),
    };
    let summary = flaw.summary.trim().trim_end_matches('.');
    let mut message = format!("`{}` {} {what}", found.package, found.version);
    if !summary.is_empty() {
        message.push_str(": ");
        message.push_str(summary);
    }
    message.push_str(&format!(" ({}).", flaw.id));
    if let [direct, .., _] = found.dependency_paths.first().map_or(&[][..], Vec::as_slice) {
        message.push_str(&format!(" It is brought in by `{direct}`."));
    }
    match found.upgrade.as_ref() {
        Some(upgrade) => match &upgrade.version {
            Some(version) => {
                message.push_str(&format!(" Version {version} clears it: `{}`.", upgrade.command))
            }
            None => message.push_str(&format!(" Update what brings it: `{}`.", upgrade.command)),
        },
        None => message.push_str(" No version is known to clear it."),
    }
    message
}

fn rule_of(flaw: &FlawGroup) -> RuleMeta {
    let mut tags = vec!["dependency".to_owned()];
    tags.extend(flaw.informational.map(|kind| kind.as_str().to_owned()));
    tags.sort();
    RuleMeta {
        summary: if flaw.summary.is_empty() { flaw.id.to_string() } else { flaw.summary.clone() },
        help: flaw.details.clone(),
        severity: flaw.severity(),
        score: flaw.rating.and_then(|rating| rating.score),
        confidence: Confidence::High,
        cwes: flaw.cwes.clone(),
        tags,
        references: flaw.references.clone(),
        ..RuleMeta::bare(flaw.id.clone())
    }
}

fn licence_finding(
    policy: &LicencePolicy,
    lockfile: &Lockfile,
    parents: &Parents,
    installed: &Installed<'_>,
) -> Option<Finding> {
    let package = &lockfile.packages[installed.entries[0]];
    let why = policy.violation(package.licence.as_deref()?)?;
    Some(Finding {
        scanner: ScannerId::new(ScannerId::DEPS),
        rule: licence_rule().id,
        message: format!("The licence of `{}` {} breaks the policy: {why}.", package.name, installed.version),
        severity: Some(Severity::Medium),
        score: None,
        confidence: Confidence::High,
        cwes: Vec::new(),
        subject: Subject::Package(Box::new(describe(lockfile, parents, installed))),
        related: Vec::new(),
        fixes: Vec::new(),
        suppressions: Vec::new(),
    })
}

fn licence_rule() -> RuleMeta {
    RuleMeta {
        summary: "Licence that the policy does not admit".to_owned(),
        severity: Some(Severity::Medium),
        tags: vec!["dependency".to_owned(), "licence".to_owned()],
        ..RuleMeta::bare(RuleId::parse(LICENCE_RULE).expect("the id is a literal"))
    }
}
