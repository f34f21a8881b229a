//! What kept pages from being read as a whole, by name, so that the report can say which and why.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use tollgate_core::DiagnosticLevel;

use crate::message::Template;

/// Places of one kind that are kept; a target with more of them has named its habit.
const MAX_PLACES: usize = 200;

/// Places that a message names.
const NAMED: usize = 12;

/// Longest description of a place, in bytes.
const LONGEST: usize = 200;

/// A way in which a target withholds what it has, or has more than anyone can read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Hurdle {
    NoAnswer,
    Encoding,
    BrokenBody,
    LongBody,
    SlowBody,
    ManyLinks,
    DeepPage,
    RedirectCircle,
    EndlessPath,
}

impl Hurdle {
    /// What the places have in common, and whether something there was not looked at that a visitor sees.
    const fn words(self) -> (DiagnosticLevel, &'static str) {
        match self {
            Self::NoAnswer => (DiagnosticLevel::Error, "brought no answer"),
            Self::Encoding => {
                (DiagnosticLevel::Error, "answered in an encoding that was not asked for and were not read")
            }
            Self::BrokenBody => (DiagnosticLevel::Warning, "broke off and were read as far as they came"),
            Self::LongBody => (DiagnosticLevel::Warning, "went on past 1 MiB and were read up to there"),
            Self::SlowBody => {
                (DiagnosticLevel::Warning, "did not end in time and were read as far as they came")
            }
            Self::ManyLinks => (DiagnosticLevel::Warning, "have more links than are followed from one page"),
            Self::DeepPage => (DiagnosticLevel::Warning, "nest deeper than is read"),
            Self::RedirectCircle => (DiagnosticLevel::Warning, "redirect in a circle"),
            Self::EndlessPath => {
                (DiagnosticLevel::Warning, "repeat a part of their path without end and were not followed")
            }
        }
    }
}

/// The hurdles met so far.
#[derive(Debug, Default)]
pub(crate) struct Hurdles {
    met: Mutex<BTreeMap<Hurdle, BTreeSet<String>>>,
}

impl Hurdles {
    /// Keeps a hurdle; `detail` says what exactly was wrong, where that is known.
    pub(crate) fn note(&self, hurdle: Hurdle, template: &Template, detail: Option<&str>) {
        let mut place = format!("{} {}", template.method, template.url);
        place.truncate(place.floor_char_boundary(LONGEST));
        if let Some(detail) = detail {
            let detail = &detail[..detail.floor_char_boundary(LONGEST)];
            place = format!("{place} ({detail})");
        }
        let mut met = self.met.lock().unwrap_or_else(PoisonError::into_inner);
        let places = met.entry(hurdle).or_default();
        if places.len() < MAX_PLACES {
            places.insert(place);
        }
    }

    /// The hurdles as messages, and none left.
    pub(crate) fn take(&self) -> Vec<(DiagnosticLevel, String)> {
        let met = std::mem::take(&mut *self.met.lock().unwrap_or_else(PoisonError::into_inner));
        let tell = |(hurdle, places): (Hurdle, BTreeSet<String>)| {
            let (level, words) = hurdle.words();
            let named: Vec<&str> = places.iter().take(NAMED).map(String::as_str).collect();
            let least = if places.len() == MAX_PLACES { "at least " } else { "" };
            let more = if places.len() > NAMED { ", …" } else { "" };
            (level, format!("{least}{} pages {words}: {}{more}", places.len(), named.join(", ")))
        };
        met.into_iter().map(tell).collect()
    }
}
