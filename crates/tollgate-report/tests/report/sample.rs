//! A report with one of everything, made by hand.

use std::time::Duration;

use tollgate_core::coverage::{Coverage, SkipReason, Skipped};
use tollgate_core::dependency::{PackageFinding, Reachability, Upgrade, Usage};
use tollgate_core::dynamic::{EndpointFinding, Exchange, Parameter, ParameterPlace, Request, Response};
use tollgate_core::facts::{Package, Route, RouteParameter};
use tollgate_core::line_hash::line_hashes;
use tollgate_core::location::StepKind;
use tollgate_core::outcome::ToolInfo;
use tollgate_core::report::{Invocation, Revision, ScannerSummary};
use tollgate_core::verdict::Gap;
use tollgate_core::{
    BaselineState, CodeFinding, Confidence, Cwe, Diagnostic, DiagnosticLevel, Edit, Finding, Fingerprint,
    Fix, MergedFinding, Region, Related, RepoPath, Report, RuleId, RuleMeta, ScannerId, Score, Severity,
    Snippet, Source, SourceLocation, Subject, Suppression, SuppressionKind, Trace, TraceStep, Verdict,
    Violation,
};

const SHOP: &str = "import sqlite3\n\nfrom flask import Flask, request\n\napp = Flask(__name__)\n\n\n@app.get(\"/search\")\ndef search():\n    name = request.args[\"name\"]\n    query = build(name)\n    rows = sqlite3.connect(\"shop.db\").execute(\"SELECT * FROM goods WHERE name = '\" + query + \"'\")\n    return {\"rows\": list(rows)}\n\n\ndef build(text):\n    return text.strip()\n\n\nTOKEN = \"[redacted]\"\n";

pub(crate) fn path(text: &str) -> RepoPath {
    RepoPath::new(text).expect("samples name relative paths")
}

pub(crate) fn rule(text: &str) -> RuleId {
    RuleId::parse(text).expect("samples name rules")
}

/// The first place of `needle` in the shop's source, with three lines around it.
fn shop(needle: &str) -> SourceLocation {
    place("app/shop.py", SHOP, needle)
}

fn place(file: &str, text: &str, needle: &str) -> SourceLocation {
    let start = text.find(needle).expect("samples hold what they mark");
    let region = Region::of_bytes(text, start, start + needle.len());
    let (first, last) = (region.start().line.saturating_sub(3).max(1), region.end().line + 3);
    let lines: Vec<&str> = text.lines().skip(first as usize - 1).take((last - first) as usize + 1).collect();
    SourceLocation {
        path: path(file),
        region,
        snippet: Some(Snippet { first_line: first, text: lines.join("\n") }),
        line_hash: None,
    }
}

fn hashed(mut location: SourceLocation, text: &str) -> SourceLocation {
    location.line_hash = Some(line_hashes(text)[location.region.start().line as usize - 1].clone());
    location
}

fn finding(scanner: &str, id: &str, severity: Option<Severity>, message: &str, subject: Subject) -> Finding {
    Finding {
        scanner: ScannerId::new(scanner),
        rule: rule(id),
        message: message.to_owned(),
        severity,
        score: None,
        confidence: Confidence::Medium,
        cwes: Vec::new(),
        subject,
        related: Vec::new(),
        fixes: Vec::new(),
        suppressions: Vec::new(),
    }
}

fn merged(finding: Finding) -> MergedFinding {
    let source = Source {
        tool: finding.scanner.to_string(),
        rule: finding.rule.clone(),
        severity: finding.severity,
        message: finding.message.clone(),
    };
    let place = finding.source().map(|s| format!("{}:{}", s.path, s.region.start().line));
    MergedFinding {
        fingerprint: Fingerprint::of_parts([finding.rule.as_str(), &place.unwrap_or_default()]),
        rank: finding.severity.map_or(500, |severity| severity as u16 * 225),
        sources: vec![source],
        confirmed_by: Vec::new(),
        merged_because: Vec::new(),
        baseline: None,
        first_seen: None,
        suppressions: finding.suppressions.clone(),
        finding,
    }
}

fn code(location: SourceLocation, identity: &str) -> Subject {
    Subject::Code(Box::new(CodeFinding {
        location,
        scope: vec!["def search".to_owned()],
        identity: identity.to_owned(),
        trace: None,
        sensitive: Vec::new(),
    }))
}

fn injection() -> MergedFinding {
    let sink = "\"SELECT * FROM goods WHERE name = '\" + query + \"'\"";
    let step = |kind, needle: &str, message: &str| TraceStep {
        kind,
        location: shop(needle),
        message: message.to_owned(),
    };
    let trace = Trace::new(vec![
        step(StepKind::Source, "request.args[\"name\"]", "a request parameter"),
        step(StepKind::Step, "query = build(name)", "passed through `build`"),
        step(StepKind::Step, "return text.strip()", ""),
        step(StepKind::Sink, sink, "becomes part of an SQL statement"),
    ]);
    let mut found = finding(
        "sast",
        "python.flask.sql-injection",
        Some(Severity::Critical),
        "A request parameter becomes part of an SQL statement. Whoever sends the request can read and change the whole database; pass the value as a parameter of `execute` instead.",
        Subject::Code(Box::new(CodeFinding {
            location: hashed(shop(sink), SHOP),
            scope: vec!["def search".to_owned()],
            identity: "\"SELECT * FROM goods WHERE name = '\" + query + \"'\"".to_owned(),
            trace,
            sensitive: Vec::new(),
        })),
    );
    found.cwes = vec![Cwe(89)];
    found.score = Score::new(9.8);
    found.confidence = Confidence::High;
    found.related = vec![Related { location: shop("def search():"), message: "the handler".to_owned() }];
    found.fixes = vec![Fix {
        description: "Pass the value as a parameter".to_owned(),
        edits: vec![Edit {
            path: path("app/shop.py"),
            region: shop(sink).region,
            replacement: "\"SELECT * FROM goods WHERE name = ?\", (query,)".to_owned(),
        }],
    }];
    let mut merged = merged(found);
    merged.sources.push(Source {
        tool: "semgrep oss".to_owned(),
        rule: rule("python.lang.security.sqli"),
        severity: Some(Severity::High),
        message: "SQL built from \u{202e}strings".to_owned(),
    });
    merged.confirmed_by = vec![endpoint_finding(None)];
    merged.merged_because = vec!["same weakness (CWE-89) at the sink of the same flow".to_owned()];
    merged.baseline = Some(BaselineState::New);
    merged.rank = 1000;
    merged
}

fn endpoint_finding(source: Option<SourceLocation>) -> Finding {
    let mut found = finding(
        "dast",
        "sql-injection-error",
        Some(Severity::High),
        "A quote in `name` provokes an SQL error.",
        Subject::Endpoint(Box::new(EndpointFinding {
            method: "GET".to_owned(),
            url: "http://127.0.0.1:5000/search?name=x%27".to_owned(),
            route: "/search".to_owned(),
            parameter: Some(Parameter { place: ParameterPlace::Query, name: "name".to_owned() }),
            evidence: vec![Exchange {
                request: Request {
                    method: "GET".to_owned(),
                    url: "http://127.0.0.1:5000/search?name=x%27".to_owned(),
                    headers: vec![
                        ("Accept".to_owned(), "*/*".to_owned()),
                        ("Cookie".to_owned(), "session=[redacted]".to_owned()),
                    ],
                    body: String::new(),
                },
                response: Some(Response {
                    status: 500,
                    headers: vec![("Content-Type".to_owned(), "text/html".to_owned())],
                    body: "<h1>Internal Error</h1><script>alert(1)</script>\nsqlite3.OperationalError: unrecognized token".to_owned(),
                }),
            }],
            marker: Some("sqlite3.OperationalError: unrecognized token".to_owned()),
            curl: "curl -H 'Cookie: session=$SESSION' 'http://127.0.0.1:5000/search?name=x%27'".to_owned(),
            source,
        })),
    );
    found.cwes = vec![Cwe(89)];
    found.confidence = Confidence::Confirmed;
    found
}

const LOCK: &str =
    "{\n  \"packages\": {\n    \"node_modules/lodash\": {\n      \"version\": \"4.17.15\"\n    }\n  }\n}\n";

fn package() -> MergedFinding {
    let mut found = finding(
        "deps",
        "GHSA-p6mc-m468-83gw",
        Some(Severity::High),
        "Prototype pollution in lodash.",
        Subject::Package(Box::new(PackageFinding {
            location: hashed(place("web/package-lock.json", LOCK, "\"node_modules/lodash\""), LOCK),
            ecosystem: "npm".to_owned(),
            package: "lodash".to_owned(),
            version: "4.17.15".to_owned(),
            purl: "pkg:npm/lodash@4.17.15".to_owned(),
            aliases: vec![rule("CVE-2020-8203")],
            fixed_versions: vec!["4.17.19".to_owned()],
            dependency_paths: vec![
                vec!["grunt@1.0.4".to_owned(), "lodash@4.17.15".to_owned()],
                vec!["webpack@4.1.0".to_owned(), "async@2.6.1".to_owned(), "lodash@4.17.15".to_owned()],
            ],
            usage: Usage::Development,
            reachability: Reachability::Called(vec![place(
                "web/app.js",
                "_.zipObjectDeep(a, b)\n",
                "_.zipObjectDeep",
            )]),
            import_names: vec!["lodash".to_owned()],
            affected_symbols: vec!["lodash::zipObjectDeep".to_owned()],
            epss_ppm: Some(31_200),
            kev: true,
            upgrade: Some(Upgrade {
                package: "lodash".to_owned(),
                version: Some("4.17.19".to_owned()),
                command: "npm install lodash@4.17.19".to_owned(),
                within_range: Some(true),
            }),
        })),
    );
    found.score = Score::new(7.4);
    found.cwes = vec![Cwe(770), Cwe(1321)];
    let mut merged = merged(found);
    merged.baseline = Some(BaselineState::Unchanged);
    merged.first_seen = Some("2026-01-31".to_owned());
    merged
}

fn secret() -> MergedFinding {
    let mut found = finding(
        "secrets",
        "generic-api-token",
        Some(Severity::Medium),
        "A token stands in the source.",
        code(hashed(shop("TOKEN = \"[redacted]\""), SHOP), "hmac:0011"),
    );
    found.cwes = vec![Cwe(798)];
    found.suppressions =
        vec![Suppression { kind: SuppressionKind::Inline, justification: Some("a test token".to_owned()) }];
    let mut merged = merged(found);
    merged.suppressions.push(Suppression { kind: SuppressionKind::Waiver, justification: None });
    merged
}

fn foreign() -> MergedFinding {
    let found = finding(
        "legacy linter",
        "X-1",
        None,
        "Something is odd with \u{1b}[31m`eval`\u{1b}[0m.",
        code(SourceLocation::new(path("web/with space & ümlaut.js"), Region::line(7)), "eval"),
    );
    let mut merged = merged(found);
    merged.baseline = Some(BaselineState::Updated);
    merged
}

fn nowhere() -> MergedFinding {
    merged(finding(
        "legacy linter",
        "X-2",
        Some(Severity::Low),
        "The project has no policy.",
        Subject::Nowhere,
    ))
}

fn header() -> MergedFinding {
    let mut found = endpoint_finding(None);
    found.rule = rule("missing-header.content-security-policy");
    found.severity = Some(Severity::Low);
    found.message = "The page is sent without a Content-Security-Policy.".to_owned();
    found.cwes = vec![Cwe(693)];
    if let Subject::Endpoint(endpoint) = &mut found.subject {
        endpoint.parameter = None;
        endpoint.marker = None;
        endpoint.url = "http://127.0.0.1:5000/".to_owned();
        endpoint.route = "/".to_owned();
        endpoint.evidence[0].response = None;
    }
    merged(found)
}

fn absent() -> MergedFinding {
    let found = finding(
        "sast",
        "python.debug-mode",
        Some(Severity::Info),
        "Debug mode is on.",
        code(SourceLocation::new(path("app/old.py"), Region::line(1)), "debug=True"),
    );
    let mut merged = merged(found);
    merged.baseline = Some(BaselineState::Absent);
    merged
}

fn summary(scanner: &str, rules: Vec<RuleMeta>) -> ScannerSummary {
    ScannerSummary {
        scanner: ScannerId::new(scanner),
        tool: None,
        rules,
        coverage: Coverage { examined: 1204, bytes: 3_400_000, skipped: Vec::new() },
        diagnostics: Vec::new(),
        complete: true,
        elapsed: Duration::from_millis(1250),
    }
}

/// The report.
pub(crate) fn report() -> Report {
    let injection_rule = RuleMeta {
        summary: "SQL statement built from request data".to_owned(),
        help: "# SQL injection\n\nA value from a request becomes part of a statement.\n\nUse parameters."
            .to_owned(),
        severity: Some(Severity::Critical),
        score: None,
        confidence: Confidence::High,
        cwes: vec![Cwe(89)],
        tags: vec!["OWASP-A03:2021".to_owned(), "python".to_owned()],
        references: vec!["https://owasp.org/www-community/attacks/SQL_Injection".to_owned()],
        ..RuleMeta::bare(rule("python.flask.sql-injection"))
    };
    let mut sast = summary("sast", vec![injection_rule, RuleMeta::bare(rule("python.debug-mode"))]);
    sast.coverage.skipped = vec![
        Skipped { path: path("app/logo.png"), reason: SkipReason::Binary },
        Skipped { path: path("data/dump.sql"), reason: SkipReason::TooLarge },
    ];
    sast.complete = false;
    sast.diagnostics = vec![
        Diagnostic::new(DiagnosticLevel::Warning, "only a part of the file follows the grammar")
            .at(path("app/broken.py"), Some(3))
            .hint("check the syntax near line 3"),
    ];
    let mut legacy = summary("legacy linter", vec![RuleMeta::bare(rule("X-1"))]);
    legacy.tool = Some(ToolInfo {
        name: "Legacy Linter".to_owned(),
        version: Some("0.9".to_owned()),
        url: Some("https://example.org/linter".to_owned()),
    });
    let findings = vec![injection(), package(), foreign(), secret(), header(), nowhere(), absent()];
    let violation = Violation {
        policy: "gate.fail-on = \"high\"".to_owned(),
        message: "3 findings are of severity high or above".to_owned(),
        findings: findings[..3].iter().map(|merged| merged.fingerprint.clone()).collect(),
    };
    let gap = Gap {
        scanner: Some(ScannerId::new("sast")),
        reason: "`data/dump.sql` is larger than scan.max-file-size".to_owned(),
    };
    Report {
        root: Some("/home/dev/my shop".to_owned()),
        findings,
        scanners: vec![
            sast,
            summary("secrets", vec![]),
            summary("deps", vec![]),
            summary("dast", vec![]),
            legacy,
        ],
        packages: packages(),
        routes: routes(),
        diagnostics: vec![
            Diagnostic::new(DiagnosticLevel::Warning, "the waiver for `GHSA-x` is not used")
                .hint("remove it from tollgate.toml"),
            Diagnostic::new(DiagnosticLevel::Note, "advisories are 2 days old").rule(rule("X-1")),
        ],
        verdict: Verdict::of(vec![violation], vec![gap]),
        invocation: Invocation {
            command_line: "tollgate scan --target http://127.0.0.1:5000".to_owned(),
            started: Some("2026-03-01T10:00:00Z".to_owned()),
            ended: Some("2026-03-01T10:00:05Z".to_owned()),
            exit_code: 1,
            plan_digest: Some("5f0c".to_owned()),
            shard: Some((1, 2)),
            revision: Some(Revision {
                commit: Some("0123456789abcdef0123456789abcdef01234567".to_owned()),
                branch: Some("main".to_owned()),
                remote: Some("git@example.org:team/shop.git".to_owned()),
            }),
        },
    }
}

fn packages() -> Vec<Package> {
    let package = |name: &str, version: &str, direct, dependencies: &[&str]| Package {
        location: place("web/package-lock.json", LOCK, "\"node_modules/lodash\""),
        ecosystem: "npm".to_owned(),
        name: name.to_owned(),
        version: Some(version.to_owned()),
        purl: format!("pkg:npm/{name}@{version}"),
        direct: Some(direct),
        usage: if direct { Usage::Production } else { Usage::Development },
        licence: Some("MIT".to_owned()),
        dependencies: dependencies.iter().map(|&purl| purl.to_owned()).collect(),
    };
    vec![
        package("grunt", "1.0.4", true, &["pkg:npm/lodash@4.17.15"]),
        package("lodash", "4.17.15", false, &[]),
    ]
}

fn routes() -> Vec<Route> {
    vec![Route {
        methods: vec!["GET".to_owned()],
        template: "/users/{id}".to_owned(),
        parameters: vec![RouteParameter { place: ParameterPlace::Path, name: "id".to_owned() }],
        handler: SourceLocation::new(path("app/users.py"), Region::line(12)),
        handler_name: Some("show".to_owned()),
        framework: "flask".to_owned(),
        reaches: vec![SourceLocation::new(path("app/store.py"), Region::line(4))],
    }]
}
