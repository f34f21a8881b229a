//! The texts of an index: what is read only once a package matched or a person asks.

use tollgate_core::{Cwe, RuleId, Score, Severity};

use super::layout::{Cursor, pack_bytes, pack_length, pack_texts};
use crate::osv::advisory::{Advisory, Affected, Informational, Rating};
use crate::osv::span::{Span, Upper};
use crate::version::VersionKey;

/// What is kept of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RecordText {
    pub(super) id: RuleId,
    pub(super) aliases: Vec<RuleId>,
    pub(super) cwes: Vec<Cwe>,
    pub(super) summary: String,
    pub(super) references: Vec<String>,
    pub(super) published: String,
    pub(super) withdrawn: Option<String>,
    pub(super) related: Vec<String>,
    pub(super) upstream: Vec<String>,
    pub(super) details: String,
}

pub(super) fn pack_record(out: &mut Vec<u8>, advisory: &Advisory) {
    pack_bytes(out, advisory.id.as_str().as_bytes());
    pack_texts(out, advisory.aliases.iter().map(RuleId::as_str));
    pack_length(out, advisory.cwes.len());
    for cwe in &advisory.cwes {
        pack_length(out, cwe.0 as usize);
    }
    pack_bytes(out, advisory.summary.as_bytes());
    pack_texts(out, advisory.references.iter().map(String::as_str));
    pack_bytes(out, advisory.published.as_bytes());
    pack_bytes(out, advisory.withdrawn.as_deref().unwrap_or("").as_bytes());
    pack_texts(out, advisory.related.iter().map(String::as_str));
    pack_texts(out, advisory.upstream.iter().map(String::as_str));
    pack_bytes(out, advisory.details.as_bytes());
}

pub(super) fn unpack_record(bytes: &[u8]) -> Option<RecordText> {
    let mut from = Cursor::new(bytes);
    let owned = |from: &mut Cursor<'_>| from.text().map(str::to_owned);
    Some(RecordText {
        id: RuleId::parse(from.text()?).ok()?,
        aliases: from.list(|from| RuleId::parse(from.text()?).ok())?,
        cwes: from.list(|from| u32::try_from(from.length()?).ok().map(Cwe))?,
        summary: owned(&mut from)?,
        references: from.list(owned)?,
        published: owned(&mut from)?,
        withdrawn: Some(owned(&mut from)?).filter(|date| !date.is_empty()),
        related: from.list(owned)?,
        upstream: from.list(owned)?,
        details: owned(&mut from)?,
    })
}

/// What is kept of an affected entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AffectedText {
    pub(super) rating: Option<Rating>,
    pub(super) fixed: Vec<String>,
    pub(super) symbols: Vec<String>,
    pub(super) ranges: String,
}

pub(super) fn pack_affected(out: &mut Vec<u8>, affected: &Affected) {
    out.extend_from_slice(&pack_rating(affected.rating));
    pack_texts(out, affected.fixed.iter().map(String::as_str));
    pack_texts(out, affected.symbols.iter().map(String::as_str));
    pack_bytes(out, affected.text.as_bytes());
}

pub(super) fn unpack_affected(bytes: &[u8]) -> Option<AffectedText> {
    let mut from = Cursor::new(bytes);
    let owned = |from: &mut Cursor<'_>| from.text().map(str::to_owned);
    Some(AffectedText {
        rating: unpack_rating([from.byte()?, from.byte()?]),
        fixed: from.list(owned)?,
        symbols: from.list(owned)?,
        ranges: owned(&mut from)?,
    })
}

/// A rating in two bytes: the place of the severity from 1, and the score in tenths.
pub(super) fn pack_rating(rating: Option<Rating>) -> [u8; 2] {
    let Some(rating) = rating else { return [0, u8::MAX] };
    let severity = Severity::ALL.iter().position(|severity| *severity == rating.severity).unwrap_or(0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0.0..=10.0 in tenths fits")]
    let score = rating.score.map_or(u8::MAX, |score| (score.value() * 10.0).round() as u8);
    [u8::try_from(severity + 1).unwrap_or(0), score]
}

pub(super) fn unpack_rating([severity, score]: [u8; 2]) -> Option<Rating> {
    let severity = *Severity::ALL.get(usize::from(severity).checked_sub(1)?)?;
    Some(Rating { severity, score: Score::new(f64::from(score) / 10.0) })
}

pub(super) const fn pack_informational(kind: Option<Informational>) -> u32 {
    match kind {
        None => 0,
        Some(Informational::Unmaintained) => 1,
        Some(Informational::Unsound) => 2,
        Some(Informational::Notice) => 3,
    }
}

pub(super) const fn unpack_informational(flags: u32) -> Option<Informational> {
    match flags & 3 {
        1 => Some(Informational::Unmaintained),
        2 => Some(Informational::Unsound),
        3 => Some(Informational::Notice),
        _ => None,
    }
}

pub(super) fn pack_ranges(out: &mut Vec<u8>, affected: &Affected) {
    pack_length(out, affected.spans.len());
    for Span { lower, upper } in &affected.spans {
        let (kind, bound) = match upper {
            Upper::Unbounded => (0, None),
            Upper::Before(bound) => (1, Some(bound)),
            Upper::Through(bound) => (2, Some(bound)),
        };
        out.push(kind);
        pack_bytes(out, lower.as_bytes());
        if let Some(bound) = bound {
            pack_bytes(out, bound.as_bytes());
        }
    }
    pack_length(out, affected.versions.len());
    for version in &affected.versions {
        pack_bytes(out, version.as_bytes());
    }
}

/// As [`Affected::applies_to`], on packed ranges; `None` where they are damaged.
pub(super) fn ranges_hold(bytes: &[u8], version: &VersionKey) -> Option<bool> {
    let mut from = Cursor::new(bytes);
    let key = version.as_bytes();
    for _ in 0..from.length()? {
        let kind = from.byte()?;
        let lower = from.bytes()?;
        let upper = if kind == 0 { None } else { Some(from.bytes()?) };
        let holds = match upper {
            _ if !version.is_readable() => lower.is_empty() && kind == 0,
            None => key >= lower,
            Some(upper) if kind == 1 => key >= lower && key < upper,
            Some(upper) => key >= lower && key <= upper,
        };
        if holds {
            return Some(true);
        }
    }
    for _ in 0..from.length()? {
        if from.bytes()? == key {
            return Some(true);
        }
    }
    Some(false)
}
