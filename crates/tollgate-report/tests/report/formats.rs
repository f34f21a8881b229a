//! The formats of other programs.

use jsonschema::{Retrieve, Uri};
use serde_json::Value;
use tollgate_core::{MergedFinding, Report, Subject};
use tollgate_report::{Format, GitlabReport, WriteOptions, write};

use crate::sample;
use crate::written::{assert_valid, json, schema, written};

/// The schemas that the `CycloneDX` schema refers to.
struct Beside;

impl Retrieve for Beside {
    fn retrieve(&self, uri: &Uri<String>) -> Result<Value, Box<dyn std::error::Error + Send + Sync>> {
        let name = uri.as_str().rsplit('/').next().unwrap_or_default().to_owned();
        Ok(schema(&name))
    }
}

#[test]
fn cyclonedx_follows_its_schema() {
    let bom = schema("cyclonedx-bom-1.6.schema.json");
    let validator = jsonschema::options().with_retriever(Beside).build(&bom).unwrap();
    let document = json(Format::Cyclonedx, &sample::report());
    assert_valid(&validator, &document);
    assert_eq!(document["components"].as_array().unwrap().len(), 2);
    assert_eq!(document["vulnerabilities"][0]["affects"][0]["ref"], "pkg:npm/lodash@4.17.15");
    assert_eq!(document["dependencies"][1]["dependsOn"][0], "pkg:npm/lodash@4.17.15");
    let mut bare = sample::report();
    bare.packages.clear();
    assert_valid(&validator, &json(Format::Cyclonedx, &bare));
}

fn gitlab(report: &Report, kind: GitlabReport) -> Value {
    let mut out = Vec::new();
    let options = WriteOptions { gitlab: kind, ..WriteOptions::default() };
    write(Format::Gitlab, report, &options, &mut out).unwrap();
    serde_json::from_slice(&out).unwrap()
}

#[test]
fn gitlab_follows_its_schema() {
    let mut sast = schema("gitlab-sast-report-15.2.1.abridged.schema.json");
    // Its own name would be taken for the address of another document.
    sast.as_object_mut().unwrap().remove("$id");
    let validator = jsonschema::draft7::new(&sast).unwrap();
    let document = gitlab(&sample::report(), GitlabReport::Sast);
    assert_valid(&validator, &document);
    assert_eq!(document["vulnerabilities"].as_array().unwrap().len(), 3);
    assert_eq!(document["scan"]["status"], "failure");
}

#[test]
fn gitlab_has_a_report_for_each_kind() {
    let mut report = sample::report();
    for merged in &mut report.findings {
        merged.suppressions.clear();
    }
    let secrets = gitlab(&report, GitlabReport::SecretDetection);
    assert_eq!(secrets["vulnerabilities"].as_array().unwrap().len(), 1);
    assert!(secrets.pointer("/vulnerabilities/0/location/commit/sha").is_some());
    let packages = gitlab(&report, GitlabReport::DependencyScanning);
    let location = packages.pointer("/vulnerabilities/0/location/dependency").unwrap();
    assert_eq!(location["package"]["name"], "lodash");
    assert_eq!(packages["dependency_files"][0]["dependencies"].as_array().unwrap().len(), 2);
    let dynamic = gitlab(&report, GitlabReport::Dast);
    assert_eq!(dynamic["vulnerabilities"].as_array().unwrap().len(), 2, "what confirms counts too");
    assert_eq!(dynamic.pointer("/vulnerabilities/0/location/hostname").unwrap(), "http://127.0.0.1:5000");
    assert!(dynamic["scan"]["scanned_resources"].is_array());
}

#[test]
fn junit() {
    insta::assert_snapshot!(written(Format::Junit, &sample::report()), @r####"
<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="sast" package="tollgate" id="0" timestamp="2026-03-01T10:00:00" hostname="localhost" tests="3" failures="1" errors="1" skipped="1" time="1.250">
    <properties>
      <property name="verdict" value="fail"/>
    </properties>
    <testcase name="everything was looked at" classname="sast" time="0">
      <error type="incomplete">data/dump.sql: larger than scan.max-file-size</error>
    </testcase>
    <testcase name="python.flask.sql-injection at app/shop.py:12" classname="app/shop.py" time="0">
      <failure type="critical" message="A request parameter becomes part of an SQL statement.">A request parameter becomes part of an SQL statement. Whoever sends the request can read and change the whole database; pass the value as a parameter of `execute` instead.

severity: critical
place: app/shop.py:12
weakness: CWE-89
remedy: Pass the value as a parameter
fingerprint: 11c1e973d23600b0632046828c67670a
</failure>
    </testcase>
    <testcase name="python.debug-mode at app/old.py:1" classname="app/old.py" time="0">
      <skipped message="absent"/>
    </testcase>
    <system-out/>
    <system-err/>
  </testsuite>
  <testsuite name="secrets" package="tollgate" id="1" timestamp="2026-03-01T10:00:00" hostname="localhost" tests="2" failures="0" errors="0" skipped="1" time="1.250">
    <properties>
      <property name="verdict" value="fail"/>
    </properties>
    <testcase name="everything was looked at" classname="secrets" time="0"/>
    <testcase name="generic-api-token at app/shop.py:20" classname="app/shop.py" time="0">
      <skipped message="suppressed; inline: a test token; waiver: no reason given"/>
    </testcase>
    <system-out/>
    <system-err/>
  </testsuite>
  <testsuite name="deps" package="tollgate" id="2" timestamp="2026-03-01T10:00:00" hostname="localhost" tests="2" failures="1" errors="0" skipped="0" time="1.250">
    <properties>
      <property name="verdict" value="fail"/>
    </properties>
    <testcase name="everything was looked at" classname="deps" time="0"/>
    <testcase name="GHSA-p6mc-m468-83gw at web/package-lock.json:3" classname="web/package-lock.json" time="0">
      <failure type="high" message="Prototype pollution in lodash.">Prototype pollution in lodash.

severity: high
place: web/package-lock.json:3
weakness: CWE-770, CWE-1321
remedy: Run `npm install lodash@4.17.19`.
fingerprint: bf22b7ee113f898666f40b47e49ee092
</failure>
    </testcase>
    <system-out/>
    <system-err/>
  </testsuite>
  <testsuite name="dast" package="tollgate" id="3" timestamp="2026-03-01T10:00:00" hostname="localhost" tests="2" failures="1" errors="0" skipped="0" time="1.250">
    <properties>
      <property name="verdict" value="fail"/>
    </properties>
    <testcase name="everything was looked at" classname="dast" time="0"/>
    <testcase name="missing-header.content-security-policy at GET http://127.0.0.1:5000/" classname="no file" time="0">
      <failure type="low" message="The page is sent without a Content-Security-Policy.">The page is sent without a Content-Security-Policy.

severity: low
place: GET http://127.0.0.1:5000/
weakness: CWE-693
fingerprint: 2f414e3fc57146b72a899ed6e24bcabe
</failure>
    </testcase>
    <system-out/>
    <system-err/>
  </testsuite>
  <testsuite name="legacy linter" package="tollgate" id="4" timestamp="2026-03-01T10:00:00" hostname="localhost" tests="3" failures="2" errors="0" skipped="0" time="1.250">
    <properties>
      <property name="verdict" value="fail"/>
    </properties>
    <testcase name="everything was looked at" classname="legacy linter" time="0"/>
    <testcase name="X-1 at web/with space &amp; ümlaut.js:7" classname="web/with space &amp; ümlaut.js" time="0">
      <failure type="unknown" message="Something is odd with �[31m`eval`�[0m.">Something is odd with �[31m`eval`�[0m.

severity: unknown
place: web/with space &amp; ümlaut.js:7
fingerprint: 706742f4e52648f0476441137bb5a654
</failure>
    </testcase>
    <testcase name="X-2 at no place" classname="no file" time="0">
      <failure type="low" message="The project has no policy.">The project has no policy.

severity: low
fingerprint: 33333785e7b30dd0a4a4ae9aa2d307d2
</failure>
    </testcase>
    <system-out/>
    <system-err/>
  </testsuite>
</testsuites>
"####);
}

#[test]
fn csv_has_a_row_for_each_finding() {
    let text = written(Format::Csv, &sample::report());
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 7);
    assert_eq!(&rows[1][12], "lodash");
}

#[test]
fn markdown() {
    insta::assert_snapshot!(written(Format::Markdown, &sample::report()), @r####"
## Tollgate: ❌ failed

- ❌ 3 findings are of severity high or above (`gate.fail-on = "high"`)
- ⚠️ sast: \`data/dump.sql\` is larger than scan.max-file-size

| Critical | High | Medium | Low | Info | Unknown |
|---:|---:|---:|---:|---:|---:|
| 1 | 1 | 0 | 2 | 0 | 1 |

### New findings (4)

<details><summary>🟣 Critical · <code>app/shop.py&#58;12</code> · A request parameter becomes part of an SQL statement.</summary>

A request parameter becomes part of an SQL statement. Whoever sends the request can read and change the whole database; pass the value as a parameter of \`execute\` instead.

`python.flask.sql-injection` · [CWE-89](https://cwe.mitre.org/data/definitions/89.html) · **confirmed** · seen by sast, semgrep oss

```text
def search():
    name = request.args["name"]
    query = build(name)
    rows = sqlite3.connect("shop.db").execute("SELECT * FROM goods WHERE name = '" + query + "'")
    return {"rows": list(rows)}


```

```text
curl -H 'Cookie: session=$SESSION' 'http://127.0.0.1:5000/search?name=x%27'
```

Answer holds `sqlite3.OperationalError: unrecognized token`

**Fix**: Pass the value as a parameter

</details>
<details><summary>❔ Unknown · <code>web/with space &amp; ümlaut.js&#58;7</code> · Something is odd with �&#91;31m&#96;eval&#96;�&#91;0m.</summary>

Something is odd with �\[31m\`eval\`�\[0m.

`X-1`

</details>
<details><summary>🔵 Low · <code>GET http&#58;//127.0.0.1&#58;5000/</code> · The page is sent without a Content-Security-Policy.</summary>

The page is sent without a Content-Security-Policy.

`missing-header.content-security-policy` · [CWE-693](https://cwe.mitre.org/data/definitions/693.html)

```text
curl -H 'Cookie: session=$SESSION' 'http://127.0.0.1:5000/search?name=x%27'
```

</details>
<details><summary>🔵 Low · The project has no policy.</summary>

The project has no policy.

`X-2`

</details>

<details><summary>Known from the baseline (1)</summary>

- 🔴 High `web/package-lock.json:3` `GHSA-p6mc-m468-83gw` Prototype pollution in lodash.

</details>

1 suppressed, 1 gone since the baseline

<details><summary>Scanners</summary>

| Scanner | Findings | Examined | Skipped | Complete |
|---|---:|---:|---:|---|
| sast | 1 | 1204 | 2 | **no** |
| secrets | 0 | 1204 | 0 | yes |
| deps | 1 | 1204 | 0 | yes |
| dast | 1 | 1204 | 0 | yes |
| legacy linter | 2 | 1204 | 0 | yes |

</details>
<details><summary>Messages (2)</summary>

- the waiver for \`GHSA-x\` is not used
- only a part of the file follows the grammar

</details>
"####);
}

#[test]
fn markdown_stays_short() {
    let mut report = sample::report();
    let template = report.findings[0].clone();
    let long = |at: usize| -> MergedFinding {
        let mut merged = template.clone();
        merged.finding.message = format!("{at} {}", "word ".repeat(at % 400));
        merged
    };
    report.findings = (0..3_000).map(long).collect();
    let text = written(Format::Markdown, &report);
    assert!(text.len() < 65_000, "{}", text.len());
    assert!(text.contains("more; the full report has them all"));
    assert!(text.contains("<summary>Scanners</summary>"));
    assert_eq!(text.matches("<details>").count(), text.matches("</details>").count());

    report.findings.truncate(1);
    if let Subject::Code(code) = &mut report.findings[0].finding.subject {
        code.location.snippet.as_mut().unwrap().text = "x".repeat(200_000);
    }
    report.findings[0].finding.message = "`".repeat(100_000);
    assert!(written(Format::Markdown, &report).len() < 65_000);
}

#[test]
fn html_keeps_hostile_text_inert() {
    let mut report = sample::report();
    let hostile = "</script><script>document.title='owned'</script><img src=x onerror=alert(1)>";
    report.findings[0].finding.message = hostile.to_owned();
    report.root = Some(hostile.to_owned());
    let page = written(Format::Html, &report);
    assert_eq!(page.matches("<script").count(), 2);
    assert_eq!(page.matches("</script").count(), 2);
    assert!(!page.contains("<img"));
    assert!(page.contains("Content-Security-Policy") && !page.contains("unsafe-inline"));
}
