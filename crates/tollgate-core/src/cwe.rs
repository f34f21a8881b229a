//! Weakness numbers of the Common Weakness Enumeration.

use std::fmt;
use std::str::FromStr;

/// A CWE number, for example 89 for SQL injection (<https://cwe.mitre.org/data/definitions/89.html>).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cwe(pub u32);

impl Cwe {
    /// The tag by which code hosts recognise the weakness in SARIF: `external/cwe/cwe-089`.
    #[must_use]
    pub fn sarif_tag(self) -> String {
        format!("external/cwe/cwe-{:03}", self.0)
    }

    /// The page that defines the weakness.
    #[must_use]
    pub fn url(self) -> String {
        format!("https://cwe.mitre.org/data/definitions/{}.html", self.0)
    }
}

impl fmt::Display for Cwe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CWE-{}", self.0)
    }
}

/// A text that holds no CWE number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a CWE number such as CWE-89")]
pub struct NotACwe(pub String);

impl FromStr for Cwe {
    type Err = NotACwe;

    /// Reads `CWE-89`, `cwe-089`, `CWE-89: Improper …`, `external/cwe/cwe-089` and a plain `89`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || NotACwe(text.to_owned());
        let lower = text.trim().to_ascii_lowercase();
        let rest = match lower.rfind("cwe-") {
            Some(at) => &lower[at + 4..],
            None => lower.strip_prefix("cwe").unwrap_or(&lower).trim_start_matches([' ', ':', '_']),
        };
        let digits = rest.find(|c: char| !c.is_ascii_digit()).map_or(rest, |end| &rest[..end]);
        digits.parse().map(Self).map_err(|_| error())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_spellings_in_use() {
        for text in ["CWE-89", "cwe-089", "CWE-89: SQL Injection", "external/cwe/cwe-089", "89", "CWE:89"] {
            assert_eq!(text.parse(), Ok(Cwe(89)), "{text}");
        }
        assert!("CWE-".parse::<Cwe>().is_err());
        assert!("injection".parse::<Cwe>().is_err());
        assert_eq!(Cwe(79).sarif_tag(), "external/cwe/cwe-079");
    }
}
