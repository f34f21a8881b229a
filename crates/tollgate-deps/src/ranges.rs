//! Whether a declared range admits a version, for the package managers whose ranges are common. A range
//! in another language gives no answer rather than a guess.

use std::cmp::Ordering;

use pep440_rs::{Version, VersionSpecifiers};
use semver::VersionReq;

use crate::graph::Ecosystem;
use crate::version::compare;

/// Whether `range`, as the ecosystem's manifests write it, admits `version`.
pub(crate) fn admits(ecosystem: Ecosystem, range: &str, version: &str) -> Option<bool> {
    let range = range.trim();
    match ecosystem {
        Ecosystem::CratesIo => {
            Some(VersionReq::parse(range).ok()?.matches(&semver::Version::parse(version).ok()?))
        }
        Ecosystem::Npm | Ecosystem::Pub | Ecosystem::Packagist => alternatives(ecosystem, range, version),
        Ecosystem::PyPi => python(range, version),
        Ecosystem::RubyGems | Ecosystem::Hex => clauses(ecosystem, range, version),
        Ecosystem::Go
        | Ecosystem::Maven
        | Ecosystem::NuGet
        | Ecosystem::SwiftUrl
        | Ecosystem::ConanCenter
        | Ecosystem::GitHubActions => None,
    }
}

/// `^1.2 || >=2.0 <3`, `1.x`, `1.0 - 2.0`.
fn alternatives(ecosystem: Ecosystem, range: &str, version: &str) -> Option<bool> {
    let version = semver::Version::parse(version.trim_start_matches('v')).ok()?;
    let mut any = false;
    for alternative in range.split('|').filter(|part| !part.trim().is_empty()) {
        any |= VersionReq::parse(&as_requirement(ecosystem, alternative.trim())?).ok()?.matches(&version);
    }
    (!range.is_empty()).then_some(any)
}

/// An alternative in the language of `semver`, where a bare version would mean a caret.
fn as_requirement(ecosystem: Ecosystem, text: &str) -> Option<String> {
    if matches!(text, "" | "*" | "any" | "x") {
        return Some("*".to_owned());
    }
    if let Some((low, high)) = text.split_once(" - ") {
        return Some(format!(">={}, <={}", plain(low), plain(high)));
    }
    let mut clauses = Vec::new();
    let mut operator = String::new();
    for word in text.split([' ', ',']).filter(|word| !word.is_empty()) {
        let digits = word.find(|c: char| !"<>=^~!".contains(c)).unwrap_or(word.len());
        operator.push_str(&word[..digits]);
        let number = plain(&word[digits..]);
        if number.is_empty() {
            continue;
        }
        if !number.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '*' | 'x' | 'X'))
            || operator.contains('!')
        {
            return None;
        }
        let number = number.replace(['x', 'X'], "*");
        let operator = std::mem::take(&mut operator);
        clauses.push(match operator.as_str() {
            "" if number.contains('*') => number,
            "" => format!("={number}"),
            // Composer's tilde lets the last stated part grow.
            "~" if ecosystem == Ecosystem::Packagist && number.matches('.').count() < 2 => {
                format!("^{number}")
            }
            _ => format!("{operator}{number}"),
        });
    }
    (!clauses.is_empty()).then(|| clauses.join(", "))
}

fn plain(number: &str) -> String {
    number.trim().trim_start_matches(['v', '=']).to_owned()
}

fn python(range: &str, version: &str) -> Option<bool> {
    let version: Version = version.parse().ok()?;
    if range.is_empty() || range == "*" {
        return Some(true);
    }
    if let Some(base) = range.strip_prefix('^') {
        // Poetry's caret: the leftmost part that is not zero stays.
        let base: Version = base.trim().parse().ok()?;
        let release = base.release().to_vec();
        let fixed = release.iter().position(|&part| part != 0).unwrap_or(release.len().saturating_sub(1));
        let same = (0..=fixed).all(|idx| {
            version.release().get(idx).copied().unwrap_or(0) == release.get(idx).copied().unwrap_or(0)
        });
        return Some(version >= base && same);
    }
    let spelled = match range.strip_prefix('~') {
        Some(rest) if !rest.starts_with('=') && rest.contains('.') => {
            let base: Version = rest.trim().parse().ok()?;
            let kept = base.release().len().min(2);
            return Some(
                version >= base && (0..kept).all(|idx| version.release().get(idx) == base.release().get(idx)),
            );
        }
        _ if range.starts_with(|c: char| c.is_ascii_digit()) => format!("=={range}"),
        _ => range.to_owned(),
    };
    let specifiers: VersionSpecifiers = spelled.parse().ok()?;
    Some(specifiers.contains(&version))
}

/// `~> 1.2, >= 1.2.3`.
fn clauses(ecosystem: Ecosystem, range: &str, version: &str) -> Option<bool> {
    if range.contains(" or ") || range.is_empty() {
        return None;
    }
    range
        .replace(" and ", ",")
        .split(',')
        .map(|clause| clause_admits(ecosystem, clause.trim(), version))
        .try_fold(true, |all, clause| clause.map(|clause| all && clause))
}

fn clause_admits(ecosystem: Ecosystem, clause: &str, version: &str) -> Option<bool> {
    let start = clause.find(|c: char| c.is_ascii_digit())?;
    let (operator, bound) = (clause[..start].trim(), clause[start..].trim());
    let order = compare(ecosystem, version, bound);
    Some(match operator {
        "" | "=" | "==" => order == Ordering::Equal,
        ">=" => order != Ordering::Less,
        ">" => order == Ordering::Greater,
        "<=" => order != Ordering::Greater,
        "<" => order == Ordering::Less,
        "!=" => order != Ordering::Equal,
        "~>" => {
            // All parts but the last stay as they are.
            let parts: Vec<&str> =
                bound.split('.').take_while(|part| part.bytes().all(|b| b.is_ascii_digit())).collect();
            let kept = &parts[..parts.len().saturating_sub(1).max(1).min(parts.len())];
            let own: Vec<&str> = version.split(['.', '-']).collect();
            order != Ordering::Less && kept.iter().enumerate().all(|(idx, part)| own.get(idx) == Some(part))
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_of_the_package_managers() {
        let check = |ecosystem, range: &str, version: &str, expected: Option<bool>| {
            assert_eq!(admits(ecosystem, range, version), expected, "{ecosystem} {range} {version}");
        };
        check(Ecosystem::CratesIo, "1.2", "1.9.0", Some(true));
        check(Ecosystem::CratesIo, "0.2", "0.3.0", Some(false));
        check(Ecosystem::Npm, "^1.2.3", "1.9.0", Some(true));
        check(Ecosystem::Npm, "1.2.3", "1.2.4", Some(false));
        check(Ecosystem::Npm, "~1.2.3", "1.3.0", Some(false));
        check(Ecosystem::Npm, ">= 1.2.3 <2", "1.9.0", Some(true));
        check(Ecosystem::Npm, "1.x || ^3.0.0", "3.1.0", Some(true));
        check(Ecosystem::Npm, "1.0.0 - 2.0.0", "2.0.1", Some(false));
        check(Ecosystem::Npm, "latest", "2.0.1", None);
        check(Ecosystem::Npm, "workspace:*", "2.0.1", None);
        check(Ecosystem::PyPi, ">=1,<2", "1.5", Some(true));
        check(Ecosystem::PyPi, "==1.0", "1.5", Some(false));
        check(Ecosystem::PyPi, "^1.2", "1.9", Some(true));
        check(Ecosystem::PyPi, "^0.2.1", "0.3", Some(false));
        check(Ecosystem::PyPi, "~1.2", "1.3", Some(false));
        check(Ecosystem::PyPi, "1.2", "1.3", Some(false));
        check(Ecosystem::RubyGems, "~> 5.2.1", "5.2.8", Some(true));
        check(Ecosystem::RubyGems, "~> 5.2.1", "5.3", Some(false));
        check(Ecosystem::RubyGems, "~> 5.2, != 5.4", "5.4", Some(false));
        check(Ecosystem::Hex, "~> 1.2", "1.9.0", Some(true));
        check(Ecosystem::Packagist, "~1.2", "1.9.0", Some(true));
        check(Ecosystem::Packagist, "^1.2|^2.0", "2.9.0", Some(true));
        check(Ecosystem::Pub, ">=1.0.0 <2.0.0", "2.0.0", Some(false));
        check(Ecosystem::Go, "v1.0.0", "v1.1.0", None);
    }
}
