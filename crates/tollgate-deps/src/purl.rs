//! Package URLs in and out.

use packageurl::PackageUrl;

use crate::graph::{Ecosystem, PackageKey};

/// The package URL of a package; a plain `pkg:type/name@version` where the name breaks the grammar.
pub(crate) fn package_url(key: &PackageKey, name: &str, version: Option<&str>) -> String {
    let ecosystem = key.ecosystem();
    // The specification asks for the normalised spelling where names ignore case.
    let spelled = match ecosystem {
        Ecosystem::PyPi | Ecosystem::Packagist | Ecosystem::SwiftUrl | Ecosystem::GitHubActions => key.name(),
        _ => name,
    };
    let (namespace, name) = match ecosystem {
        Ecosystem::Maven => match spelled.split_once(':') {
            Some((group, artifact)) => (Some(group), artifact),
            None => (None, spelled),
        },
        Ecosystem::CratesIo
        | Ecosystem::PyPi
        | Ecosystem::RubyGems
        | Ecosystem::NuGet
        | Ecosystem::Hex
        | Ecosystem::Pub
        | Ecosystem::ConanCenter => (None, spelled),
        Ecosystem::Npm
        | Ecosystem::Go
        | Ecosystem::Packagist
        | Ecosystem::SwiftUrl
        | Ecosystem::GitHubActions => match spelled.rsplit_once('/') {
            Some((namespace, name)) => (Some(namespace), name),
            None => (None, spelled),
        },
    };
    let plain = || match version {
        Some(version) => format!("pkg:{}/{spelled}@{version}", ecosystem.purl_type()),
        None => format!("pkg:{}/{spelled}", ecosystem.purl_type()),
    };
    let Ok(mut purl) = PackageUrl::new(ecosystem.purl_type(), name) else { return plain() };
    if let Some(namespace) = namespace
        && purl.with_namespace(namespace).is_err()
    {
        return plain();
    }
    if let Some(version) = version
        && purl.with_version(version).is_err()
    {
        return plain();
    }
    purl.to_string()
}

/// The ecosystem, name and version that a package URL states; `None` for a type no ecosystem has.
pub(crate) fn parse_package_url(text: &str) -> Option<(Ecosystem, String, Option<String>)> {
    let purl: PackageUrl<'_> = text.trim().parse().ok()?;
    let ecosystem = Ecosystem::ALL.into_iter().find(|ecosystem| ecosystem.purl_type() == purl.ty())?;
    let separator = if ecosystem == Ecosystem::Maven { ":" } else { "/" };
    let name = match purl.namespace().filter(|namespace| !namespace.is_empty()) {
        Some(namespace) => format!("{namespace}{separator}{}", purl.name()),
        None => purl.name().to_owned(),
    };
    Some((ecosystem, name, purl.version().map(str::to_owned)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_and_reads_package_urls() {
        let check = |ecosystem, name: &str, version: &str, expected: &str| {
            let purl = package_url(&PackageKey::new(ecosystem, name), name, Some(version));
            assert_eq!(purl, expected);
            let (back, back_name, back_version) = parse_package_url(&purl).unwrap();
            assert_eq!(PackageKey::new(back, &back_name), PackageKey::new(ecosystem, name));
            assert_eq!(back_version.as_deref(), Some(version));
        };
        check(Ecosystem::CratesIo, "serde_json", "1.0.0", "pkg:cargo/serde_json@1.0.0");
        check(Ecosystem::Npm, "@babel/core", "7.0.0", "pkg:npm/%40babel/core@7.0.0");
        check(Ecosystem::Maven, "org.a:b", "1", "pkg:maven/org.a/b@1");
        check(Ecosystem::Go, "golang.org/x/text", "v0.3.0", "pkg:golang/golang.org/x/text@v0.3.0");
        check(Ecosystem::PyPi, "Ruamel.YAML", "1", "pkg:pypi/ruamel-yaml@1");
        check(
            Ecosystem::SwiftUrl,
            "https://github.com/apple/swift-nio.git",
            "2.0.0",
            "pkg:swift/github.com/apple/swift-nio@2.0.0",
        );
    }
}
