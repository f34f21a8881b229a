//! Stretches of versions, from the events of a range.

use std::cmp::Ordering;

use crate::version::VersionKey;

/// Where a stretch ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Upper {
    /// Never.
    Unbounded,
    /// Before this version.
    Before(VersionKey),
    /// With this version.
    Through(VersionKey),
}

/// A stretch of affected versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) lower: VersionKey,
    pub(crate) upper: Upper,
}

impl Span {
    pub(crate) fn contains(&self, version: &VersionKey) -> bool {
        *version >= self.lower
            && match &self.upper {
                Upper::Unbounded => true,
                Upper::Before(bound) => version < bound,
                Upper::Through(bound) => version <= bound,
            }
    }

    fn is_empty(&self) -> bool {
        match &self.upper {
            Upper::Unbounded => false,
            Upper::Before(bound) => self.lower >= *bound,
            Upper::Through(bound) => self.lower > *bound,
        }
    }

    fn clip(&mut self, limit: &VersionKey) {
        let beyond = match &self.upper {
            Upper::Unbounded => true,
            Upper::Before(bound) => bound > limit,
            Upper::Through(bound) => bound >= limit,
        };
        if beyond {
            self.upper = Upper::Before(limit.clone());
        }
    }
}

/// An event of a range, its version read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Event {
    Introduced(VersionKey),
    Fixed(VersionKey),
    LastAffected(VersionKey),
    /// `None` is `*`: no limit.
    Limit(Option<VersionKey>),
}

/// The affected stretches: events sorted by version, each switching what follows on or off; with limits,
/// only what lies before any of them counts.
pub(crate) fn spans(events: Vec<Event>) -> Vec<Span> {
    let mut limits = Vec::new();
    let mut switches = Vec::new();
    for event in events {
        match event {
            Event::Limit(limit) => limits.push(limit),
            Event::Introduced(key) => switches.push((key, Switch::On)),
            Event::Fixed(key) => switches.push((key, Switch::OffBefore)),
            Event::LastAffected(key) => switches.push((key, Switch::OffAfter)),
        }
    }
    // Among events of one version the order of the record holds, except that a last affected version
    // is itself affected and so ends after what starts there.
    switches.sort_by(|(a, a_kind), (b, b_kind)| {
        a.cmp(b).then_with(|| match (a_kind, b_kind) {
            (Switch::OffAfter, Switch::On) => Ordering::Greater,
            (Switch::On, Switch::OffAfter) => Ordering::Less,
            _ => Ordering::Equal,
        })
    });
    let mut spans = Vec::new();
    let mut open: Option<VersionKey> = None;
    for (key, switch) in switches {
        match switch {
            Switch::On => {
                open.get_or_insert(key);
            }
            Switch::OffBefore => {
                spans.extend(open.take().map(|lower| Span { lower, upper: Upper::Before(key) }));
            }
            Switch::OffAfter => {
                spans.extend(open.take().map(|lower| Span { lower, upper: Upper::Through(key) }));
            }
        }
    }
    spans.extend(open.map(|lower| Span { lower, upper: Upper::Unbounded }));
    let highest = limits.iter().max_by(|a, b| match (a, b) {
        (None, None) => Ordering::Equal,
        (None, _) => Ordering::Greater,
        (_, None) => Ordering::Less,
        (Some(a), Some(b)) => a.cmp(b),
    });
    if let Some(Some(limit)) = highest {
        for span in &mut spans {
            span.clip(limit);
        }
    }
    spans.retain(|span| !span.is_empty());
    spans
}

#[derive(Clone, Copy)]
enum Switch {
    On,
    OffBefore,
    OffAfter,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::graph::Ecosystem;
    use crate::version::version_key;

    fn key(text: &str) -> VersionKey {
        if text == "0" { VersionKey::MIN } else { version_key(Ecosystem::Npm, text) }
    }

    fn events(text: &str) -> Vec<Event> {
        text.split_whitespace()
            .map(|word| match word.split_at(1) {
                ("+", version) => Event::Introduced(key(version)),
                ("-", version) => Event::Fixed(key(version)),
                ("=", version) => Event::LastAffected(key(version)),
                ("<", "*") => Event::Limit(None),
                (_, version) => Event::Limit(Some(key(version))),
            })
            .collect()
    }

    fn check(range: &str, affected: &[&str], clear: &[&str]) {
        let spans = spans(events(range));
        for (versions, expected) in [(affected, true), (clear, false)] {
            for version in versions {
                let found = spans.iter().any(|span| span.contains(&key(version)));
                assert_eq!(found, expected, "{range}: {version}");
            }
        }
    }

    #[test]
    fn events_switch_on_and_off() {
        check("+0 -1.0", &["0.0.0-0", "0.9", "1.0-rc"], &["1.0", "2"]);
        check("+0", &["1", "99999"], &[]);
        check("+1.0 =1.5", &["1.0", "1.5", "1.5.0-a"], &["0.9", "1.5.1"]);
        check("+2.0 -2.5 +0 -1.2", &["1.1", "2.0"], &["1.2", "1.9", "2.5"]);
        check("+0 <2.0", &["1.9"], &["2.0", "3"]);
        check("+0 <2.0 <3.0", &["2.5"], &["3.0"]);
        check("+0 <2.0 <*", &["5"], &[]);
        check("+1 =1", &["1"], &["0.9", "1.0.1"]);
        check("-1 +1 -2", &["1", "1.5"], &["0.5", "2"]);
        check("+0 +1 -2", &["0.5", "1.5"], &["2"]);
        check("-1.0", &[], &["0.5", "1.0"]);
        check("+3 -2", &["3", "4"], &["1", "2.5"]);
    }

    proptest! {
        /// The algorithm of the specification, read literally, gives the same answer.
        #[test]
        fn agrees_with_the_specification(
            range in "(\\+[0-4] )(([+]|[-]|[=])[0-4] ){0,4}(<[2-4])?", version in "[0-5]",
        ) {
            let parsed = events(&range);
            let version = version_key(Ecosystem::Npm, &version);
            let mut sorted: Vec<&Event> = parsed.iter().filter(|event| !matches!(event, Event::Limit(_))).collect();
            let place = |event: &Event| match event {
                Event::Introduced(key) | Event::Fixed(key) | Event::LastAffected(key) => key.clone(),
                Event::Limit(_) => VersionKey::MIN,
            };
            sorted.sort_by_key(|event| place(event));
            let mut vulnerable = false;
            let mut ambiguous = false;
            for pair in sorted.windows(2) {
                ambiguous |= place(pair[0]) == place(pair[1]);
            }
            for event in sorted {
                match event {
                    Event::Introduced(key) if version >= *key => vulnerable = true,
                    Event::Fixed(key) if version >= *key => vulnerable = false,
                    Event::LastAffected(key) if version > *key => vulnerable = false,
                    _ => {}
                }
            }
            let limits: Vec<&VersionKey> =
                parsed.iter().filter_map(|event| if let Event::Limit(Some(key)) = event { Some(key) } else { None }).collect();
            let before = limits.is_empty() || limits.iter().any(|limit| version < **limit);
            // The specification leaves several events at one version open.
            prop_assume!(!ambiguous);
            prop_assert_eq!(spans(parsed).iter().any(|span| span.contains(&version)), vulnerable && before);
        }
    }
}
