use std::fs;

use tollgate_core::location::StepKind;
use tollgate_core::{Trace, TraceStep};

use super::*;
use crate::testing::{code, path, region};

fn enriched(files: &[(&str, &[u8])], mut findings: Vec<Finding>) -> Vec<Finding> {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let mut all: Vec<&mut Finding> = findings.iter_mut().collect();
    enrich_findings(&mut all, folder.path());
    findings
}

fn code_of(finding: &Finding) -> &tollgate_core::CodeFinding {
    match &finding.subject {
        Subject::Code(code) => code,
        _ => panic!("code"),
    }
}

#[test]
fn whole_lines_get_columns_text_and_hash() {
    let text = b"one\r\ntwo\r\n    bad( x )  \r\nfour\r\n";
    let mut import = code("tool", "r", 79, "a.py", Region::line(3));
    if let Subject::Code(own) = &mut import.subject {
        own.identity.clear();
    }
    let findings = enriched(&[("a.py", text)], vec![import]);
    let code = code_of(&findings[0]);
    assert_eq!(code.location.region, region(3, 5, 13).with_bytes(14, 22));
    assert_eq!(code.identity, "bad(x)");
    let snippet = code.location.snippet.as_ref().unwrap();
    assert_eq!((snippet.first_line, snippet.text.as_str()), (1, "one\ntwo\n    bad( x )  \nfour"));
    assert!(code.location.line_hash.is_some());
}

#[test]
fn places_that_are_not_there_stay_as_they_are() {
    let beyond = code("tool", "r", 79, "a.py", region(99, 1, 5));
    let missing = code("tool", "r", 79, "b.py", region(1, 1, 5));
    let findings = enriched(&[("a.py", b"x\n")], vec![beyond.clone(), missing.clone()]);
    assert_eq!(findings, [beyond, missing]);
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_tree_is_not_read() {
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("secret"), "top secret\n").unwrap();
    let folder = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(outside.path().join("secret"), folder.path().join("a.py")).unwrap();
    let mut finding = code("tool", "r", 79, "a.py", region(1, 1, 5));
    enrich_findings(&mut [&mut finding], folder.path());
    assert_eq!(code_of(&finding).location.snippet, None);
}

#[test]
fn a_secret_shows_in_no_finding() {
    let value = "hunter2hunter2";
    let text = format!("key = \"{value}\"\nuse(key)\n");
    let mut secret = code("secrets", "generic", 798, "a.py", region(1, 7, 23));
    if let Subject::Code(own) = &mut secret.subject {
        own.sensitive = vec![(7, 21)];
    }
    let mut other = code("sast", "hard-coded", 798, "a.py", region(1, 1, 23));
    other.message = format!("`{value}` is a password");
    if let Subject::Code(own) = &mut other.subject {
        own.identity = format!("key=\"{value}\"");
        own.trace = Trace::new(vec![TraceStep {
            kind: StepKind::Source,
            location: SourceLocation::new(path("a.py"), region(1, 1, 23)),
            message: format!("key = {value}"),
        }]);
    }
    let mut elsewhere = code("sast", "r", 79, "b.py", region(1, 1, 4));
    elsewhere.message = "harmless".to_owned();
    let copy = format!("copy = '{value}'\n");
    let findings =
        enriched(&[("a.py", text.as_bytes()), ("b.py", copy.as_bytes())], vec![secret, other, elsewhere]);
    assert!(!format!("{findings:?}").contains(value));
    let snippet = code_of(&findings[0]).location.snippet.as_ref().unwrap();
    assert_eq!(snippet.text, "key = \"**************\"\nuse(key)");
    assert_eq!(findings[1].message, "`<redacted>` is a password");
    let marks = |finding: &Finding| code_of(finding).identity.clone();
    assert!(marks(&findings[1]).contains("<secret "));
}

#[test]
fn long_and_broken_text_is_bounded() {
    let long = [b"a = '".as_slice(), &b"x".repeat(5000), b"'\n\xff\xfe bad\n"].concat();
    let findings = enriched(&[("a.py", &long)], vec![code("t", "r", 79, "a.py", region(2, 1, 3))]);
    let snippet = code_of(&findings[0]).location.snippet.as_ref().unwrap();
    assert!(snippet.text.chars().count() < 500);
}
