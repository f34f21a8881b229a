//! Results that other tools report about packages.

use serde_json::Value;
use tollgate_core::dependency::{PackageFinding, Reachability, Usage};
use tollgate_core::{Finding, RuleId, SourceLocation, Subject};

use super::lenient::{as_text, list, str_of, text};
use super::rule::{Rule, rule_id};

/// The package a result speaks of, where name and version can be told; the finding must have a place in
/// a file.
pub(super) fn package(
    finding: &Finding,
    result: &Value,
    rule: Option<&Rule>,
    tool: &str,
) -> Option<PackageFinding> {
    let Subject::Code(code) = &finding.subject else { return None };
    let properties = result.get("properties").unwrap_or(&Value::Null);
    let purl = ["purl", "packageUrl", "packageURL", "package_url"]
        .iter()
        .find_map(|key| text(properties, key))
        .or_else(|| logical_purl(result))
        .or_else(|| sole_purl(rule))
        .filter(|purl| purl.starts_with("pkg:"));
    let named = ["package", "packageName", "PkgName", "package_name"]
        .iter()
        .find_map(|key| text(properties, key))
        .zip(
            ["version", "packageVersion", "installedVersion", "InstalledVersion", "package_version"]
                .iter()
                .find_map(|key| text(properties, key)),
        );
    let told = if is_package_tool(tool) { told(&finding.message) } else { None };
    let (name, version) = named
        .or_else(|| told.as_ref().map(|told| (told.name.clone(), told.version.clone())))
        .or_else(|| name_version(purl.as_deref()?))?;
    let ecosystem = text(properties, "ecosystem")
        .or_else(|| purl.as_deref().and_then(ecosystem_of_purl).map(str::to_owned))
        .or_else(|| ecosystem_of_file(code.location.path.file_name()).map(str::to_owned))
        .unwrap_or_default();
    let mut fixed: Vec<String> = list(properties, "fixedVersions").iter().filter_map(as_text).collect();
    fixed.extend(text(properties, "fixedVersion").or_else(|| text(properties, "fixed_version")));
    if fixed.is_empty() {
        fixed.extend(told.into_iter().flat_map(|told| told.fixed));
    }
    let mut aliases: Vec<RuleId> = list(properties, "aliases")
        .iter()
        .filter_map(Value::as_str)
        .chain(
            finding
                .message
                .split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'))
                .filter(|w| is_advisory(w)),
        )
        .filter_map(rule_id)
        .filter(|id| *id != finding.rule)
        .collect();
    aliases.sort();
    aliases.dedup();
    Some(imported(code.location.clone(), ecosystem, name, version, purl, aliases, fixed))
}

/// A package finding from what another tool tells of it.
pub(crate) fn imported(
    location: SourceLocation,
    ecosystem: String,
    package: String,
    version: String,
    purl: Option<String>,
    aliases: Vec<RuleId>,
    fixed_versions: Vec<String>,
) -> PackageFinding {
    let purl = purl.unwrap_or_else(|| purl_of(&ecosystem, &package, &version));
    PackageFinding {
        location,
        ecosystem,
        package,
        version,
        purl,
        aliases,
        fixed_versions,
        dependency_paths: Vec::new(),
        usage: Usage::Production,
        reachability: Reachability::Unknown,
        import_names: Vec::new(),
        affected_symbols: Vec::new(),
        epss_ppm: None,
        kev: false,
        upgrade: None,
    }
}

fn is_package_tool(tool: &str) -> bool {
    const TOOLS: [&str; 10] = [
        "trivy",
        "grype",
        "osv-scanner",
        "npm",
        "pip-audit",
        "dependency-check",
        "snyk open source",
        "docker scout",
        "clair",
        "safety",
    ];
    let tool = tool.to_ascii_lowercase();
    TOOLS.iter().any(|known| tool.contains(known))
}

/// What a message tells of a package.
#[derive(Debug, PartialEq)]
struct Told {
    name: String,
    version: String,
    fixed: Vec<String>,
}

fn told(message: &str) -> Option<Told> {
    labelled(message).or_else(|| quoted(message)).or_else(|| sentence(message))
}

/// `Package: x`, `Installed Version: y`, `Fixed Version: z`, one to a line.
fn labelled(message: &str) -> Option<Told> {
    let field = |label: &str| {
        message.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            (name.trim().eq_ignore_ascii_case(label) && !value.trim().is_empty())
                .then(|| value.trim().to_owned())
        })
    };
    let fixed = field("Fixed Version").into_iter().flat_map(|versions| {
        versions.split(',').map(|version| version.trim().to_owned()).collect::<Vec<_>>()
    });
    Some(Told { name: field("Package")?, version: field("Installed Version")?, fixed: fixed.collect() })
}

/// `Package 'name@version' is vulnerable to …`.
fn quoted(message: &str) -> Option<Told> {
    let rest = message.strip_prefix("Package '")?;
    let (inside, _) = rest.split_once('\'')?;
    let (name, version) = inside.rsplit_once('@')?;
    (!name.is_empty()).then(|| Told { name: name.to_owned(), version: version.to_owned(), fixed: Vec::new() })
}

/// `… in npm package: name, version 1.2.3 was found …`.
fn sentence(message: &str) -> Option<Told> {
    let (_, rest) = message.split_once("package: ")?;
    let (name, rest) = rest.split_once(", version ")?;
    let version = rest.split_whitespace().next()?.trim_end_matches(['.', ',']);
    Some(Told { name: name.trim().to_owned(), version: version.to_owned(), fixed: Vec::new() })
}

fn logical_purl(result: &Value) -> Option<String> {
    list(result, "locations")
        .iter()
        .flat_map(|location| list(location, "logicalLocations"))
        .filter_map(|logical| str_of(logical, "fullyQualifiedName"))
        .find(|name| name.starts_with("pkg:"))
        .map(str::to_owned)
}

/// A rule that speaks of one package only speaks of the result's.
fn sole_purl(rule: Option<&Rule>) -> Option<String> {
    match rule?.purls.as_slice() {
        [only] => Some(only.clone()),
        _ => None,
    }
}

fn name_version(purl: &str) -> Option<(String, String)> {
    let body = purl.strip_prefix("pkg:")?.split(['?', '#']).next()?;
    let (path, version) = body.rsplit_once('@')?;
    let (kind, name) = path.split_once('/')?;
    let decode = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
    let name = decode(name);
    let name = if kind == "maven" { name.replacen('/', ":", 1) } else { name };
    (!version.is_empty()).then(|| (name, decode(version)))
}

/// The types of package URLs and the OSV names of their ecosystems.
const ECOSYSTEMS: [(&str, &str); 12] = [
    ("npm", "npm"),
    ("pypi", "PyPI"),
    ("cargo", "crates.io"),
    ("golang", "Go"),
    ("maven", "Maven"),
    ("nuget", "NuGet"),
    ("gem", "RubyGems"),
    ("composer", "Packagist"),
    ("hex", "Hex"),
    ("pub", "Pub"),
    ("swift", "SwiftURL"),
    ("githubactions", "GitHub Actions"),
];

pub(crate) fn ecosystem_of_purl(purl: &str) -> Option<&'static str> {
    let kind = purl.strip_prefix("pkg:")?.split('/').next()?;
    ECOSYSTEMS.iter().find(|(known, _)| known.eq_ignore_ascii_case(kind)).map(|(_, name)| *name)
}

fn ecosystem_of_file(name: &str) -> Option<&'static str> {
    Some(match name {
        "package-lock.json" | "yarn.lock" | "pnpm-lock.yaml" | "package.json" => "npm",
        "requirements.txt" | "poetry.lock" | "Pipfile.lock" | "uv.lock" | "pyproject.toml" => "PyPI",
        "Cargo.lock" | "Cargo.toml" => "crates.io",
        "go.mod" | "go.sum" => "Go",
        "pom.xml" | "build.gradle" | "gradle.lockfile" => "Maven",
        "Gemfile.lock" => "RubyGems",
        "composer.lock" => "Packagist",
        "packages.lock.json" => "NuGet",
        _ => return None,
    })
}

/// The package URL that ecosystem, name and version make; empty where the ecosystem has no type.
pub(crate) fn purl_of(ecosystem: &str, name: &str, version: &str) -> String {
    let Some((kind, _)) = ECOSYSTEMS.iter().find(|(_, known)| *known == ecosystem) else {
        return String::new();
    };
    let name = match *kind {
        "maven" => name.replacen(':', "/", 1),
        "pypi" => name.to_ascii_lowercase().replace('_', "-"),
        _ => name.to_owned(),
    };
    format!("pkg:{kind}/{}@{version}", name.replace('@', "%40"))
}

/// Whether a word is the id of an advisory.
pub(crate) fn is_advisory(word: &str) -> bool {
    ["CVE-", "GHSA-", "RUSTSEC-", "PYSEC-", "GO-", "OSV-", "MAL-"].iter().any(|prefix| {
        word.len() > prefix.len() + 4
            && word.starts_with(prefix)
            && word[prefix.len()..].bytes().any(|b| b.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_tell_of_packages() {
        let check = |message: &str, name: &str, version: &str, fixed: &[&str]| {
            let fixed = fixed.iter().map(|&version| version.to_owned()).collect();
            let expected = Told { name: name.to_owned(), version: version.to_owned(), fixed };
            assert_eq!(told(message), Some(expected), "{message}");
        };
        let lines = "Package: lodash\nInstalled Version: 4.17.15\nVulnerability CVE-2020-8203\nSeverity: HIGH\nFixed Version: 4.17.19, 5.0.0\nLink: [CVE](https://x)";
        check(lines, "lodash", "4.17.15", &["4.17.19", "5.0.0"]);
        check("Package '@babel/core@7.1.0' is vulnerable to 'GHSA-x'.", "@babel/core", "7.1.0", &[]);
        check(
            "A high vulnerability in npm package: minimist, version 0.0.8 was found at: /p",
            "minimist",
            "0.0.8",
            &[],
        );
        assert_eq!(told("Something else"), None);
    }

    #[test]
    fn package_urls_are_read_and_made() {
        let pair = |name: &str, version: &str| Some((name.to_owned(), version.to_owned()));
        assert_eq!(name_version("pkg:npm/%40babel/core@7.1.0"), pair("@babel/core", "7.1.0"));
        assert_eq!(name_version("pkg:maven/org.a/b@1?type=jar"), pair("org.a:b", "1"));
        assert_eq!(purl_of("npm", "@babel/core", "7.1.0"), "pkg:npm/%40babel/core@7.1.0");
        assert_eq!(purl_of("Maven", "org.a:b", "1"), "pkg:maven/org.a/b@1");
        assert_eq!(ecosystem_of_purl("pkg:cargo/x@1"), Some("crates.io"));
        assert!(is_advisory("CVE-2020-8203") && is_advisory("GHSA-p6mc-m468-83gw") && !is_advisory("GO-ON"));
    }
}
