//! Scans an application from the command line, for measuring: `scan URL [key=value]…`.

use std::io::Write;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use tollgate_core::facts::Facts;
use tollgate_core::{Cancel, Events, Inventory, ScanContext, Scanner, Subject};
use tollgate_dast::{AuthMethod, DastScanner, DastSettings, Document, Indicators, Secret, UserAuth};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut settings = DastSettings::new(arguments.next().ok_or("no target")?.parse()?);
    settings.active = true;
    let mut full = false;
    for argument in arguments {
        let (key, value) = argument.split_once('=').ok_or("expected key=value")?;
        match key {
            "full" => full = true,
            "openapi" => settings.openapi = Some(Document::File(PathBuf::from(value))),
            "openapi-url" => settings.openapi = Some(Document::Url(value.parse()?)),
            "graphql" => settings.graphql = Some(value.to_owned()),
            "pages" => settings.max_pages = value.parse()?,
            "requests" => settings.max_requests = value.parse()?,
            "concurrency" => settings.concurrency = value.parse()?,
            "seconds" => settings.max_time = Duration::from_secs(value.parse()?),
            "include" => settings.scope.include.push(value.to_owned()),
            "exclude" => settings.scope.exclude.push(value.to_owned()),
            "enable" => settings.checks.enable.push(value.to_owned()),
            "disable" => settings.checks.disable.push(value.to_owned()),
            "cookie" => {
                let (name, value) = value.split_once('=').ok_or("cookie")?;
                let method = AuthMethod::Cookies(vec![(name.into(), Secret::Value(value.into()))]);
                settings.auth.push(UserAuth { name: name.into(), method, indicators: Indicators::default() });
            }
            // page:user:password[:logged-in pattern]
            "form" => {
                let parts: Vec<&str> = value.split(':').collect();
                let method = AuthMethod::Form {
                    page: parts[0].into(),
                    username: Secret::Value(parts[1].into()),
                    password: Secret::Value(parts[2].into()),
                    username_field: None,
                    password_field: None,
                };
                let indicators =
                    Indicators { logged_in: parts.get(3).map(|s| (*s).to_owned()), ..Indicators::default() };
                settings.auth.push(UserAuth { name: parts[1].into(), method, indicators });
            }
            // url:user:password
            "json" => {
                let parts: Vec<&str> = value.split(':').collect();
                let method = AuthMethod::Json {
                    url: parts[0].into(),
                    username: Secret::Value(parts[1].into()),
                    password: Secret::Value(parts[2].into()),
                    username_field: "username".into(),
                    password_field: "password".into(),
                    token: None,
                    scheme: "Bearer".into(),
                };
                settings.auth.push(UserAuth {
                    name: parts[1].into(),
                    method,
                    indicators: Indicators::default(),
                });
            }
            _ => return Err(format!("unknown key {key}").into()),
        }
    }
    let scanner = DastScanner::new(settings)?;
    let started = Instant::now();
    let events = Events::new(move |event| {
        if let tollgate_core::Event::Phase { name, .. } = event {
            let _ = writeln!(std::io::stderr(), "{:>7.1}s {name}", started.elapsed().as_secs_f64());
        }
    });
    let outcome = scanner.scan(&ScanContext {
        inventory: &Inventory::default(),
        facts: &Facts::default(),
        events: &events,
        cancel: &Cancel::new(),
        jobs: NonZeroUsize::MIN,
        cache: None,
    });
    let mut out = std::io::stdout().lock();
    for finding in &outcome.findings {
        let Subject::Endpoint(endpoint) = &finding.subject else { continue };
        let parameter = endpoint.parameter.as_ref().map(ToString::to_string).unwrap_or_default();
        writeln!(out, "{}\t{}\t{}\t{parameter}", finding.rule, endpoint.method, endpoint.route)?;
        if full {
            writeln!(
                out,
                "    {}\n    marker {:?}\n    {}",
                finding.message, endpoint.marker, endpoint.curl
            )?;
        }
    }
    for diagnostic in &outcome.diagnostics {
        writeln!(out, "# {:?} {}", diagnostic.level, diagnostic.message)?;
    }
    writeln!(out, "# {} endpoints, {:.1} s", outcome.coverage.examined, outcome.elapsed.as_secs_f64())?;
    Ok(())
}
