//! What to look at first.

use tollgate_core::{Confidence, MergedFinding, Severity, Subject};

const CONFIRMED_FLOOR: i32 = 900;

/// The rank of a finding, 0 to 1000: up to 400 for severity, more for certainty, use of the package and
/// signs of exploitation. What a running application proved ranks above all else.
#[must_use]
pub fn rank(merged: &MergedFinding) -> u16 {
    let finding = &merged.finding;
    let severity = finding.severity.unwrap_or(Severity::High);
    let score = finding.score.unwrap_or(severity.default_score()).value();
    #[expect(clippy::cast_possible_truncation, reason = "a score is at most 10.0")]
    let score = (score * 10.0).round() as i32;
    let confirmed = finding.confidence == Confidence::Confirmed || !merged.confirmed_by.is_empty();
    if confirmed {
        return clamp(CONFIRMED_FLOOR + score);
    }
    let mut rank = score * 4;
    rank += match finding.confidence {
        Confidence::Low => 0,
        Confidence::Medium => 80,
        Confidence::High | Confidence::Confirmed => 160,
    };
    if merged.sources.len() > 1 {
        rank += 40;
    }
    if let Subject::Package(package) = &finding.subject {
        rank += match package.reachability.as_bool() {
            Some(true) => 100,
            Some(false) => -120,
            None => 0,
        };
        if package.kev {
            rank += 150;
        }
        let epss = package.epss_ppm.unwrap_or(0).min(1_000_000) / 12_500;
        rank += i32::try_from(epss).unwrap_or(0);
    }
    clamp(rank.min(CONFIRMED_FLOOR - 1))
}

fn clamp(rank: i32) -> u16 {
    u16::try_from(rank.clamp(0, 1000)).unwrap_or(1000)
}
