//! Which weakness numbers mean the same flaw.
//!
//! Tools name one flaw by different CWE numbers: a parent, a child or a sibling. A family gathers the
//! numbers that tools use for the same flaw at the same place; it does not gather what only sounds
//! alike. A number outside the table is a family of its own, except the few that say nothing
//! ([`TOO_BROAD`]). Where a finding has no number, words in its rule id decide ([`WORDS`]).

use tollgate_core::{Cwe, Finding};

/// Numbers of one flaw, with the family's name.
const FAMILIES: &[(&str, &[u32])] = &[
    ("SQL injection", &[89, 564, 943]),
    ("command injection", &[77, 78, 88]),
    ("code injection", &[94, 95, 96, 97, 470, 1336]),
    ("cross-site scripting", &[79, 80, 81, 82, 83, 84, 85, 86, 87]),
    ("path traversal", &[22, 23, 24, 25, 26, 27, 28, 29, 35, 36, 37, 38, 39, 40, 73]),
    ("XML external entities", &[611, 776, 827]),
    ("XPath or XQuery injection", &[91, 643, 652]),
    ("header injection", &[93, 113, 644]),
    ("log injection", &[117]),
    ("weak cryptography", &[326, 327, 328, 916, 759, 760, 1240]),
    ("weak randomness", &[330, 331, 334, 335, 336, 337, 338, 339, 340, 1241]),
    ("hard-coded secret", &[259, 321, 798, 547]),
    ("exposed secret", &[256, 312, 522, 540]),
    ("certificate validation", &[295, 296, 297, 298, 299, 599]),
    ("clear-text transport", &[319, 311]),
    ("authentication", &[287, 303, 304, 306]),
    ("authorisation", &[285, 639, 862, 863]),
    ("file permissions", &[276, 277, 278, 279, 732]),
    ("temporary file", &[377, 378, 379]),
    ("memory bounds", &[119, 120, 121, 122, 124, 125, 126, 127, 131, 787, 788, 805]),
    ("use after free", &[415, 416, 672, 825]),
    ("integer overflow", &[190, 191, 680, 681]),
    ("regular expression cost", &[1333, 625]),
    ("information exposure", &[200, 201, 209, 211, 215, 497, 538, 548, 550]),
    ("debug mode", &[489]),
    ("prototype pollution", &[915, 1321]),
    ("cookie flags", &[614, 1004, 1275]),
    ("framing", &[1021]),
    ("cross-origin policy", &[346, 942]),
    ("cross-site request forgery", &[352]),
    ("server-side request forgery", &[918]),
    ("open redirect", &[601]),
    ("deserialisation", &[502]),
    ("LDAP injection", &[90]),
    ("format string", &[134]),
    ("unrestricted upload", &[434]),
];

/// Numbers so broad that sharing one says nothing.
const TOO_BROAD: &[u32] =
    &[16, 17, 19, 20, 74, 116, 264, 310, 388, 398, 664, 682, 691, 693, 697, 703, 707, 710, 1035, 937];

/// Words in rule ids that name a family, where a tool gives no number. Each stands between separators.
const WORDS: &[(&str, u32)] = &[
    ("sql-injection", 89),
    ("sqli", 89),
    ("sql", 89),
    ("command-injection", 78),
    ("os-command", 78),
    ("shell-injection", 78),
    ("code-injection", 94),
    ("eval", 94),
    ("ssti", 94),
    ("xss", 79),
    ("cross-site-scripting", 79),
    ("path-traversal", 22),
    ("directory-traversal", 22),
    ("zip-slip", 22),
    ("xxe", 611),
    ("xpath-injection", 643),
    ("ldap-injection", 90),
    ("ssrf", 918),
    ("open-redirect", 601),
    ("csrf", 352),
    ("deserialization", 502),
    ("deserialisation", 502),
    ("pickle", 502),
    ("weak-hash", 327),
    ("weak-crypto", 327),
    ("md5", 327),
    ("sha1", 327),
    ("insecure-random", 330),
    ("weak-random", 330),
    ("hardcoded-password", 798),
    ("hardcoded-secret", 798),
    ("hardcoded-credentials", 798),
    ("redos", 1333),
    ("prototype-pollution", 1321),
];

/// A family of weaknesses; equal families mean the same flaw.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Family(u32);

impl Family {
    /// The family of a number, unless the number is too broad to say anything.
    pub(crate) fn of(cwe: Cwe) -> Option<Self> {
        if TOO_BROAD.contains(&cwe.0) {
            return None;
        }
        let listed = FAMILIES.iter().find(|(_, numbers)| numbers.contains(&cwe.0));
        Some(Self(listed.map_or(cwe.0, |(_, numbers)| numbers[0])))
    }

    /// What the report calls it.
    pub(crate) fn name(self) -> String {
        let listed = FAMILIES.iter().find(|(_, numbers)| numbers[0] == self.0);
        listed.map_or_else(|| Cwe(self.0).to_string(), |(name, _)| (*name).to_owned())
    }
}

/// The families of a finding, sorted; empty where nothing tells.
pub(crate) fn families(finding: &Finding) -> Vec<Family> {
    let mut families: Vec<Family> = finding.cwes.iter().filter_map(|cwe| Family::of(*cwe)).collect();
    if finding.cwes.is_empty() {
        families.extend(family_by_words(finding.rule.as_str()));
    }
    families.sort_unstable();
    families.dedup();
    families
}

fn family_by_words(rule: &str) -> Option<Family> {
    let folded: String =
        rule.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect();
    let padded = format!("-{folded}-");
    WORDS
        .iter()
        .find(|(word, _)| padded.contains(&format!("-{word}-")))
        .and_then(|(_, number)| Family::of(Cwe(*number)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_number_is_in_two_families() {
        let mut numbers: Vec<u32> =
            FAMILIES.iter().flat_map(|(_, numbers)| numbers.iter().copied()).collect();
        numbers.extend(TOO_BROAD);
        let count = numbers.len();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), count);
    }

    #[test]
    fn families_follow_numbers_then_words() {
        assert_eq!(Family::of(Cwe(564)), Family::of(Cwe(89)));
        assert_ne!(Family::of(Cwe(78)), Family::of(Cwe(89)));
        assert_eq!(Family::of(Cwe(20)), None);
        assert_eq!(Family::of(Cwe(1234)).unwrap().name(), "CWE-1234");
        let check = |rule: &str, number: Option<u32>| {
            assert_eq!(family_by_words(rule), number.and_then(|n| Family::of(Cwe(n))), "{rule}");
        };
        check("java/sql-injection", Some(89));
        check("js.express.reflected_xss.rule", Some(79));
        check("evaluate-things", None);
        check("B307.eval", Some(94));
    }
}
