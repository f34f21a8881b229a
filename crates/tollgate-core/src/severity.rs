//! How bad a scanner says a finding is.

use std::fmt;
use std::str::FromStr;

/// What a scanner claims about the impact of a finding, from harmless to worst.
///
/// A finding that nobody scored carries no severity at all (`Option<Severity>` is `None`); the gate has
/// its own rule for that state, so an unscored advisory is never mistaken for a harmless one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing, no flaw by itself.
    Info,
    /// Little impact or hard to exploit.
    Low,
    /// Should be fixed in the ordinary course of work.
    Medium,
    /// Should be fixed before release.
    High,
    /// Should stop the release.
    Critical,
}

impl Severity {
    /// Every severity, lowest first.
    pub const ALL: [Self; 5] = [Self::Info, Self::Low, Self::Medium, Self::High, Self::Critical];

    /// The lower-case name used in configuration, flags and reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    /// The representative score on the CVSS scale (0.0–10.0), the middle of the band that GitHub uses
    /// for `security-severity`.
    #[must_use]
    pub const fn default_score(self) -> Score {
        Score(match self {
            Self::Info => 0,
            Self::Low => 30,
            Self::Medium => 55,
            Self::High => 80,
            Self::Critical => 95,
        })
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A word that names no severity.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown severity `{0}`: expected info, low, medium, high or critical")]
pub struct UnknownSeverity(pub String);

impl FromStr for Severity {
    type Err = UnknownSeverity;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|severity| severity.as_str().eq_ignore_ascii_case(text))
            .ok_or_else(|| UnknownSeverity(text.to_owned()))
    }
}

/// A CVSS base score in tenths, so that equal scores are equal and order is total.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Score(u8);

impl Score {
    /// A score from a number between 0.0 and 10.0; `None` outside that range or for NaN.
    #[must_use]
    pub fn new(value: f64) -> Option<Self> {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "0.0..=10.0 in tenths fits u8"
        )]
        (0.0..=10.0).contains(&value).then(|| Self((value * 10.0).round() as u8))
    }

    /// The score as a number between 0.0 and 10.0.
    #[must_use]
    pub fn value(self) -> f64 {
        f64::from(self.0) / 10.0
    }

    /// The qualitative rating of CVSS v3.1 section 5: none, low, medium, high, critical.
    #[must_use]
    pub const fn severity(self) -> Severity {
        match self.0 {
            0 => Severity::Info,
            1..=39 => Severity::Low,
            40..=69 => Severity::Medium,
            70..=89 => Severity::High,
            _ => Severity::Critical,
        }
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0 / 10, self.0 % 10)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn score_bands_follow_cvss() {
        let rate = |value: f64| Score::new(value).unwrap().severity();
        assert_eq!(rate(0.0), Severity::Info);
        assert_eq!(rate(3.9), Severity::Low);
        assert_eq!(rate(4.0), Severity::Medium);
        assert_eq!(rate(7.0), Severity::High);
        assert_eq!(rate(9.0), Severity::Critical);
        assert_eq!(Score::new(10.1), None);
        assert_eq!(Score::new(f64::NAN), None);
        assert_eq!(Score::new(7.5).unwrap().to_string(), "7.5");
    }

    #[test]
    fn default_scores_stay_in_their_band() {
        for severity in Severity::ALL {
            assert_eq!(severity.default_score().severity(), severity);
        }
    }
}
