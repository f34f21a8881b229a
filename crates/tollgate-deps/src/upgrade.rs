//! How to get rid of a flawed version: which package to change, to what, with which command.

use tollgate_core::dependency::Upgrade;

use crate::graph::{Ecosystem, Lockfile, ResolvedPackage};
use crate::manifest::Format;
use crate::ranges::admits;

/// The upgrade for a package of a lockfile whose flaws `target` clears. `direct` is the direct
/// dependency on the shortest path to it.
pub(crate) fn advise(
    format: Format,
    lockfile: &Lockfile,
    package: &ResolvedPackage,
    target: Option<&str>,
    direct: Option<&str>,
) -> Option<Upgrade> {
    let target = target?;
    let ecosystem = package.key.ecosystem();
    let transitive = package.direct == Some(false);
    if transitive && let Some(direct) = direct.filter(|direct| *direct != package.name) {
        return Some(transitive_upgrade(format, lockfile, package, target, direct));
    }
    let within_range = package.requirement.as_deref().and_then(|range| admits(ecosystem, range, target));
    Some(Upgrade {
        package: package.name.clone(),
        version: Some(target.to_owned()),
        command: command(format, lockfile, package, target, within_range),
        within_range,
    })
}

/// Some tools move a package that nobody declares; the others move the one that brings it.
fn transitive_upgrade(
    format: Format,
    lockfile: &Lockfile,
    package: &ResolvedPackage,
    target: &str,
    direct: &str,
) -> Upgrade {
    let name = &package.name;
    let current = package.version.as_deref().unwrap_or_default();
    let itself = |command: String, within_range: Option<bool>| Upgrade {
        package: name.clone(),
        version: Some(target.to_owned()),
        command,
        within_range,
    };
    let bring =
        |command: String| Upgrade { package: direct.to_owned(), version: None, command, within_range: None };
    match format {
        Format::Cargo if compatible(current, target) => itself(
            line(&["cargo", "update", "-p", &format!("{name}@{current}"), "--precise", target]),
            Some(true),
        ),
        Format::Cargo => bring(line(&["cargo", "update", "-p", direct])),
        Format::Npm => bring(line(&["npm", "update", direct])),
        Format::Yarn if is_berry(lockfile) => bring(line(&["yarn", "up", direct])),
        Format::Yarn => bring(line(&["yarn", "upgrade", direct])),
        Format::Pnpm => bring(line(&["pnpm", "update", direct])),
        Format::Bun => bring(line(&["bun", "update", direct])),
        Format::Composer => bring(line(&["composer", "update", direct, "--with-all-dependencies"])),
        Format::Mix => bring(line(&["mix", "deps.update", direct])),
        _ => itself(command(format, lockfile, package, target, None), None),
    }
}

/// Whether Cargo regards the two as compatible, so that a range for one is likely to admit the other.
fn compatible(current: &str, target: &str) -> bool {
    semver::VersionReq::parse(&format!("^{current}"))
        .ok()
        .zip(semver::Version::parse(target).ok())
        .is_some_and(|(range, target)| range.matches(&target))
}

fn is_berry(lockfile: &Lockfile) -> bool {
    // Only berry lists the project itself.
    lockfile.packages.iter().any(|package| package.provenance == crate::graph::Provenance::Local)
}

/// The command of the ecosystem's own tool that moves `package` to `target`.
fn command(
    format: Format,
    lockfile: &Lockfile,
    package: &ResolvedPackage,
    target: &str,
    within_range: Option<bool>,
) -> String {
    let name = package.name.as_str();
    let current = package.version.as_deref().unwrap_or_default();
    let versioned = format!("{name}@{target}");
    let pinned = format!("{name}=={target}");
    match format {
        Format::Cargo if within_range == Some(false) => {
            format!("{} && {}", line(&["cargo", "add", &versioned]), line(&["cargo", "update", "-p", name]))
        }
        Format::Cargo => line(&["cargo", "update", "-p", &format!("{name}@{current}"), "--precise", target]),
        Format::Npm => line(&["npm", "install", &versioned]),
        Format::Yarn if is_berry(lockfile) => line(&["yarn", "up", &versioned]),
        Format::Yarn => line(&["yarn", "upgrade", &versioned]),
        Format::Pnpm => line(&["pnpm", "add", &versioned]),
        Format::Bun => line(&["bun", "add", &versioned]),
        Format::Requirements | Format::Pylock => line(&["pip", "install", &pinned]),
        Format::Poetry if within_range == Some(true) || package.direct == Some(false) => {
            line(&["poetry", "update", name])
        }
        Format::Poetry => line(&["poetry", "add", &versioned]),
        Format::Pipfile => line(&["pipenv", "upgrade", &pinned]),
        Format::Pdm if within_range == Some(true) || package.direct == Some(false) => {
            line(&["pdm", "update", name])
        }
        Format::Pdm => line(&["pdm", "add", &pinned]),
        Format::Uv if within_range == Some(false) => line(&["uv", "add", &format!("{name}>={target}")]),
        Format::Uv => line(&["uv", "lock", "--upgrade-package", &pinned]),
        Format::GoMod if name == "stdlib" || name == "toolchain" => {
            line(&["go", "get", &format!("go@{target}")])
        }
        Format::GoMod => {
            let version = if target.starts_with('v') { target.to_owned() } else { format!("v{target}") };
            line(&["go", "get", &format!("{name}@{version}")])
        }
        Format::Gemfile => line(&["bundle", "update", name, "--conservative"]),
        Format::Composer if within_range == Some(true) => {
            line(&["composer", "update", name, "--with-dependencies"])
        }
        Format::Composer => {
            line(&["composer", "require", &format!("{name}:^{target}"), "--with-all-dependencies"])
        }
        Format::Maven => line(&[
            "mvn",
            "versions:use-dep-version",
            &format!("-Dincludes={name}"),
            &format!("-DdepVersion={target}"),
        ]),
        Format::GradleLock => line(&["gradle", "dependencies", "--update-locks", name]),
        Format::GradleCatalog => format!("set {name} to {target} in {}", lockfile.path.file_name()),
        Format::NuGetLock | Format::NuGetProject | Format::NuGetPackagesConfig => {
            line(&["dotnet", "add", "package", name, "--version", target])
        }
        Format::Mix => line(&["mix", "deps.update", name]),
        Format::Pubspec if within_range == Some(true) => line(&["dart", "pub", "upgrade", name]),
        Format::Pubspec => line(&["dart", "pub", "add", &format!("{name}:^{target}")]),
        Format::Swift => {
            line(&["swift", "package", "update", package.key.name().rsplit('/').next().unwrap_or(name)])
        }
        Format::Conan => line(&["conan", "lock", "add", &format!("--requires={name}/{target}")]),
        Format::Workflow => {
            format!("set uses: {name}@v{} in {}", target.trim_start_matches('v'), lockfile.path.file_name())
        }
        Format::CycloneDx | Format::Spdx => by_ecosystem(package.key.ecosystem(), name, target),
    }
}

/// A bill of materials does not say which tool made the lockfile.
fn by_ecosystem(ecosystem: Ecosystem, name: &str, target: &str) -> String {
    match ecosystem {
        Ecosystem::CratesIo => line(&["cargo", "update", "-p", name, "--precise", target]),
        Ecosystem::Npm => line(&["npm", "install", &format!("{name}@{target}")]),
        Ecosystem::PyPi => line(&["pip", "install", &format!("{name}=={target}")]),
        Ecosystem::Go => line(&["go", "get", &format!("{name}@v{}", target.trim_start_matches('v'))]),
        _ => format!("upgrade {} to {}", quote(name), quote(target)),
    }
}

fn line(words: &[&str]) -> String {
    words.iter().map(|word| quote(word)).collect::<Vec<_>>().join(" ")
}

/// Names come from hostile files; a command is made to be pasted into a shell.
fn quote(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "@%_+=:,./-^".contains(c);
    if !word.is_empty() && word.chars().all(plain) && !word.contains("==") {
        return word.to_owned();
    }
    let clean: String = word.chars().filter(|c| !c.is_control()).collect();
    format!("'{}'", clean.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_for_the_shell() {
        let check = |word: &str, expected: &str| assert_eq!(quote(word), expected);
        check("lodash@4.17.21", "lodash@4.17.21");
        check("@scope/name", "@scope/name");
        check("flask==1.0", "'flask==1.0'");
        check("a;rm -rf ~", "'a;rm -rf ~'");
        check("a'b\n", r"'a'\''b'");
        check("$(id)", "'$(id)'");
    }
}
