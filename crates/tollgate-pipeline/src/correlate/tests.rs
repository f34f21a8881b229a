use tollgate_core::{Snippet, Suppression, SuppressionKind};

use super::*;
use crate::testing::lift;
use crate::testing::{code, endpoint, lines, path, region};

fn route(template: &str, file: &str, handler: Region, reaches: &[(&str, Region)]) -> Route {
    Route {
        methods: vec!["GET".to_owned()],
        template: template.to_owned(),
        parameters: Vec::new(),
        handler: SourceLocation::new(path(file), handler),
        handler_name: Some("view".to_owned()),
        framework: "flask".to_owned(),
        reaches: reaches.iter().map(|(file, region)| SourceLocation::new(path(file), *region)).collect(),
    }
}

fn reading(name: &str, line: u32) -> Finding {
    let mut finding = code("sast", "xss", 79, "app.py", region(line, 1, 9));
    if let Subject::Code(own) = &mut finding.subject {
        own.location.snippet = Some(Snippet { first_line: line, text: format!("return get({name})") });
    }
    finding
}

/// Correlates and shows each result as its rule and how many proofs it has.
fn check(findings: Vec<Finding>, routes: &[Route], expected: &[&str]) -> Vec<MergedFinding> {
    let merged = correlate(lift(findings), routes);
    let seen: Vec<_> = merged
        .iter()
        .map(|one| {
            let line = one.finding.source().map_or(0, |source| source.region.start().line);
            format!("{}@{line} {}", one.finding.rule, one.confirmed_by.len())
        })
        .collect();
    assert_eq!(seen, expected);
    merged
}

#[test]
fn a_proof_and_its_code_are_one_confirmed_finding() {
    let routes = [route("/search/{kind}", "app.py", lines(10, 20), &[("db.py", lines(5, 9))])];
    let url = "http://localhost/search/books?q=1";
    let merged = check(
        vec![reading("q", 12), endpoint("dast", "xss.reflected", 80, url, "q")],
        &routes,
        &["xss@12 1"],
    );
    assert_eq!(merged[0].finding.confidence, Confidence::Confirmed);
    assert_eq!(merged[0].sources.len(), 2);
    assert!(merged[0].merged_because[0].contains("`view` handles"));
    assert!(crate::rank::rank(&merged[0]) >= 900);
    // In a function the handler reaches.
    let deep = code("sast", "sqli", 89, "db.py", region(7, 1, 9));
    check(vec![deep, endpoint("dast", "sqli.error", 89, url, "q")], &routes, &["sqli@7 1"]);
}

#[test]
fn without_a_twin_the_handler_is_the_place() {
    let routes = [route("/search/{kind}", "app.py", lines(10, 20), &[])];
    let url = "http://localhost/search/books?q=1";
    let other_weakness = code("sast", "sqli", 89, "app.py", region(12, 1, 9));
    let elsewhere = reading("q", 40);
    let merged = check(
        vec![other_weakness, elsewhere, endpoint("dast", "xss.reflected", 79, url, "q")],
        &routes,
        &["sqli@12 0", "xss@40 0", "xss.reflected@10 0"],
    );
    assert_eq!(merged[2].finding.related.len(), 1);
    let unknown = endpoint("dast", "xss.reflected", 79, "http://localhost/other", "q");
    check(vec![unknown], &routes, &["xss.reflected@0 0"]);
}

#[test]
fn parameters_find_their_own_code() {
    let routes = [route("/a", "app.py", lines(10, 20), &[])];
    let url = "http://localhost/a";
    let merged = check(
        vec![
            reading("name", 12),
            reading("id", 14),
            endpoint("dast", "xss.reflected", 79, url, "id"),
            endpoint("dast", "xss.reflected", 79, url, "name"),
        ],
        &routes,
        &["xss@12 1", "xss@14 1"],
    );
    let Subject::Endpoint(proof) = &merged[0].confirmed_by[0].subject else { panic!("an endpoint") };
    assert_eq!(proof.parameter.as_ref().unwrap().name, "name");
    // Where names say nothing each proof still confirms another finding.
    check(
        vec![
            reading("x", 12),
            reading("y", 14),
            endpoint("dast", "xss.reflected", 79, url, "id"),
            endpoint("dast", "xss.reflected", 79, url, "name"),
        ],
        &routes,
        &["xss@12 1", "xss@14 1"],
    );
}

#[test]
fn a_proof_outweighs_an_inline_suppression() {
    let routes = [route("/a", "app.py", lines(10, 20), &[])];
    let mut suppressed = reading("q", 12);
    suppressed.suppressions.push(Suppression { kind: SuppressionKind::Inline, justification: None });
    let merged = check(
        vec![suppressed, endpoint("dast", "xss.reflected", 79, "http://localhost/a", "q")],
        &routes,
        &["xss@12 1"],
    );
    assert!(merged[0].counts());
}
