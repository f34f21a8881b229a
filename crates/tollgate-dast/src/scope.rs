//! What may be requested. Nothing else in this crate turns a URL into a request.

use std::collections::BTreeSet;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use globset::{Glob, GlobSet, GlobSetBuilder};
use url::{Host, Url};

use crate::error::DastError;
use crate::settings::ScopeSettings;

/// The hosts and paths that belong to the target.
#[derive(Debug, Clone)]
pub struct Scope {
    origins: BTreeSet<(String, u16)>,
    /// Addresses named by the user as such; a name that resolves elsewhere to a public one is refused.
    public_allowed: bool,
    include: Option<GlobSet>,
    exclude: GlobSet,
    target: Url,
}

/// A URL the scope admits. [`Scope::admit`] is the only constructor, so a probe cannot be aimed at
/// anything else.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct InScopeUrl(Url);

/// A URL the scope does not admit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is out of scope")]
pub struct OutOfScope(pub String);

impl Scope {
    /// The scope of a target. A target on a public address is admitted because the user named it; a name
    /// that turns out to be public is admitted only where it is the target's own name.
    ///
    /// # Errors
    /// When the target is no web address or a pattern is wrong.
    pub fn new(target: &Url, settings: &ScopeSettings) -> Result<Self, DastError> {
        let host = target.host_str().filter(|_| matches!(target.scheme(), "http" | "https"));
        let host = host.ok_or_else(|| DastError::Target(target.to_string()))?;
        let port = target.port_or_known_default().unwrap_or(80);
        let mut origins = BTreeSet::from([(host.to_ascii_lowercase(), port)]);
        for extra in &settings.extra_hosts {
            let url = Url::parse(&format!("{}://{extra}", target.scheme()))
                .map_err(|_| DastError::Target(extra.clone()))?;
            let name = url.host_str().ok_or_else(|| DastError::Target(extra.clone()))?;
            origins.insert((name.to_ascii_lowercase(), url.port_or_known_default().unwrap_or(80)));
        }
        let public_allowed = match target.host() {
            Some(Host::Ipv4(ip)) => is_public(IpAddr::V4(ip)),
            Some(Host::Ipv6(ip)) => is_public(IpAddr::V6(ip)),
            // A fully qualified name was named on purpose; a short one is a container or a local host.
            Some(Host::Domain(name)) => name.contains('.') && !is_local_name(name),
            None => false,
        };
        let include = if settings.include.is_empty() { None } else { Some(globs(&settings.include)?) };
        Ok(Self {
            origins,
            public_allowed,
            include,
            exclude: globs(&settings.exclude)?,
            target: target.clone(),
        })
    }

    /// The URL as one that may be requested. The fragment is dropped.
    ///
    /// # Errors
    /// When host, port or path do not belong to the target.
    pub fn admit(&self, url: &Url) -> Result<InScopeUrl, OutOfScope> {
        let refuse = || OutOfScope(url.to_string());
        if !matches!(url.scheme(), "http" | "https") || !url.username().is_empty() || url.password().is_some()
        {
            return Err(refuse());
        }
        let host = url.host_str().ok_or_else(refuse)?.to_ascii_lowercase();
        let port = url.port_or_known_default().ok_or_else(refuse)?;
        if !self.origins.contains(&(host, port)) {
            return Err(refuse());
        }
        let path = percent_encoding::percent_decode_str(url.path()).decode_utf8_lossy().into_owned();
        let excluded = [url.path(), &path].iter().any(|path| self.exclude.is_match(path));
        let included = self.include.as_ref().is_none_or(|include| include.is_match(&path));
        if excluded || !(included || url.path() == self.target.path()) {
            return Err(refuse());
        }
        let mut url = url.clone();
        url.set_fragment(None);
        Ok(InScopeUrl(url))
    }

    /// A link found on a page, resolved against it.
    ///
    /// # Errors
    /// When it is malformed or leads out of scope.
    pub fn resolve(&self, base: &InScopeUrl, link: &str) -> Result<InScopeUrl, OutOfScope> {
        let url = base.0.join(link.trim()).map_err(|_| OutOfScope(link.to_owned()))?;
        self.admit(&url)
    }

    /// The start page.
    #[must_use]
    pub fn target(&self) -> InScopeUrl {
        let mut url = self.target.clone();
        url.set_fragment(None);
        InScopeUrl(url)
    }

    /// Whether a connection to this address is allowed, whatever name led to it.
    #[must_use]
    pub fn admits_address(&self, ip: IpAddr) -> bool {
        self.public_allowed || !is_public(ip)
    }

    /// Host names in scope, sorted.
    #[must_use]
    pub fn hosts(&self) -> Vec<&str> {
        self.origins.iter().map(|(host, _)| host.as_str()).collect()
    }
}

impl InScopeUrl {
    /// The URL.
    #[must_use]
    pub const fn url(&self) -> &Url {
        &self.0
    }

    /// The URL as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl fmt::Display for InScopeUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str())
    }
}

impl fmt::Debug for InScopeUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str())
    }
}

fn globs(patterns: &[String]) -> Result<GlobSet, DastError> {
    let wrong = |pattern: &str, error: &globset::Error| DastError::Glob {
        pattern: pattern.to_owned(),
        reason: error.kind().to_string(),
    };
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        set.add(Glob::new(pattern).map_err(|error| wrong(pattern, &error))?);
    }
    set.build().map_err(|error| wrong("", &error))
}

fn is_local_name(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    ["localhost", "local", "internal", "test", "lan", "home.arpa"]
        .iter()
        .any(|suffix| name == *suffix || name.ends_with(&format!(".{suffix}")))
}

/// Whether the address can be anyone's on the Internet.
pub(crate) fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => match ip.to_ipv4_mapped() {
            Some(mapped) => is_public_v4(mapped),
            None => is_public_v6(ip),
        },
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [first, second, ..] = ip.octets();
    let shared = first == 100 && (64..128).contains(&second);
    let benchmark = first == 198 && (second == 18 || second == 19);
    !(ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_unspecified()
        || ip.is_broadcast()
        || ip.is_documentation()
        || shared
        || benchmark)
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    !(ip.is_loopback() || ip.is_unspecified() || ip.is_unique_local() || ip.is_unicast_link_local())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(target: &str, settings: &ScopeSettings, url: &str, admitted: bool) {
        let scope = Scope::new(&target.parse().unwrap(), settings).unwrap();
        assert_eq!(scope.admit(&url.parse().unwrap()).is_ok(), admitted, "{url} in {target}");
    }

    #[test]
    fn only_the_targets_origin_and_paths_are_admitted() {
        let plain = ScopeSettings::default();
        let target = "http://shop.test:8080/app/";
        for (url, admitted) in [
            ("http://shop.test:8080/app/a?b=c#d", true),
            ("http://SHOP.test:8080/other", true),
            ("http://shop.test/app/", false),
            ("http://evil.test:8080/app/", false),
            ("http://shop.test.evil.test:8080/", false),
            ("http://shop.test:8080@evil.test/", false),
            ("http://user:pass@shop.test:8080/", false),
            ("ftp://shop.test:8080/", false),
            ("javascript:alert(1)", false),
        ] {
            check(target, &plain, url, admitted);
        }
        let narrow = ScopeSettings {
            include: vec!["/app/**".into()],
            exclude: vec!["/app/delete*".into()],
            extra_hosts: vec!["api.test:9090".into()],
        };
        check(target, &narrow, "http://shop.test:8080/other", false);
        check(target, &narrow, "http://shop.test:8080/app/list", true);
        check(target, &narrow, "http://shop.test:8080/app/delete-all", false);
        check(target, &narrow, "http://shop.test:8080/app/%64elete", false);
        check(target, &narrow, "http://api.test:9090/app/x", true);
    }

    #[test]
    fn public_addresses_need_a_name() {
        let scope = |target: &str| Scope::new(&target.parse().unwrap(), &ScopeSettings::default()).unwrap();
        let public: IpAddr = "93.184.216.34".parse().unwrap();
        assert!(!scope("http://staging:8080/").admits_address(public));
        assert!(!scope("http://127.0.0.1/").admits_address(public));
        assert!(!scope("http://app.localhost/").admits_address(public));
        assert!(scope("http://www.example.org/").admits_address(public));
        assert!(scope("http://staging/").admits_address("10.1.2.3".parse().unwrap()));
    }
}
