//! The dynamic scanner with its surroundings: starts the staging application, runs the scanner in a
//! locked-down container or in this process, and takes everything away again.

use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tollgate_container::{
    ContainerTarget, Egress, Engine, Limits, Output, Readiness, RelayEgress, RelayLimits, RelayTarget,
    StagingApp, StagingError, StagingSource, StagingSpec, WorkerEnd, WorkerSpec,
};
use tollgate_core::{
    Diagnostic, DiagnosticLevel, Event, ScanContext, Scanner, ScannerId, ScannerOutcome, SettingLine, Stage,
};
use tollgate_dast::{DastScanner, DastSettings, worker};
use url::Url;

use crate::config::syntax::Start;
use crate::config::{ConfigError, Resolved, units};
use crate::failure::{Failure, failed};
use crate::settings::dast::{self, READY_TIMEOUT, Runner};
use crate::settings::scan;
use crate::{folders, libraries};

/// Memory of a staging application unless the configuration says otherwise.
const MEMORY: u64 = 2 << 30;
/// Worker images not used for this long are removed.
const IMAGE_AGE: Duration = Duration::from_secs(7 * 86_400);

/// The dynamic scanner for `[dast]`.
pub(crate) fn scanner(config: &Resolved, root: &Path) -> Result<Arc<dyn Scanner>, Failure> {
    let Some((settings, runner)) = dast::compile(config, root)? else {
        return Err(Failure::usage(
            anyhow::anyhow!("the dynamic scanner has no target"),
            "give --target URL, or set dast.target in the configuration",
        ));
    };
    // Refuses what is wrong now rather than after the static scans.
    DastScanner::new(settings.clone()).map_err(failed)?;
    let start = config
        .file
        .dast
        .start
        .as_ref()
        .map(|start| staging_spec(config, start, &settings.target))
        .transpose()?;
    let advisories = scan::deps(config, &folders::advisories()?)?.index_dir;
    Ok(Arc::new(Staged { settings, runner, start, advisories }))
}

struct Staged {
    settings: DastSettings,
    runner: Runner,
    start: Option<StagingSpec>,
    /// Folder of the advisory index.
    advisories: PathBuf,
}

impl Scanner for Staged {
    fn id(&self) -> ScannerId {
        ScannerId::new(ScannerId::DAST)
    }

    fn stage(&self) -> Stage {
        Stage::Dynamic
    }

    fn describe(&self) -> Vec<SettingLine> {
        self.settings.lines.clone()
    }

    fn scan(&self, cx: &ScanContext<'_>) -> ScannerOutcome {
        let began = Instant::now();
        let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()
        {
            Ok(runtime) => runtime,
            Err(error) => return self.failed(format!("failed to start a runtime: {error}"), None),
        };
        let mut outcome = runtime.block_on(self.scan_staged(cx));
        libraries::judge(&mut outcome, &self.advisories);
        runtime.shutdown_timeout(Duration::from_secs(2));
        outcome.elapsed = began.elapsed();
        outcome
    }
}

impl Staged {
    async fn scan_staged(&self, cx: &ScanContext<'_>) -> ScannerOutcome {
        let engine = match self.engine(cx).await {
            Ok(engine) => engine,
            Err(outcome) => return *outcome,
        };
        let Some(spec) = &self.start else {
            return self.scan_running(cx, engine.as_ref(), None).await;
        };
        cx.events.emit(Event::Phase { scanner: self.id(), name: "starting the application".to_owned() });
        let mut app = match StagingApp::start(engine.as_ref(), spec, cx.cancel).await {
            Ok(app) => app,
            Err(error) => return self.not_started(&error),
        };
        let mut outcome = self.scan_running(cx, engine.as_ref(), Some(&app)).await;
        if let Ok(Some(death)) = app.death().await {
            let how = match (death.out_of_memory, death.code) {
                (true, _) => "it ran out of memory".to_owned(),
                (false, Some(code)) => format!("it exited with code {code}"),
                (false, None) => "it was killed".to_owned(),
            };
            outcome.diagnostics.push(
                Diagnostic::new(
                    DiagnosticLevel::Error,
                    format!("the application died during the scan: {how}"),
                )
                .hint(format!("its last output:\n{}", last_lines(&death.log))),
            );
        }
        for error in app.stop().await {
            outcome
                .diagnostics
                .push(Diagnostic::new(DiagnosticLevel::Warning, format!("failed to clean up: {error}")));
        }
        outcome
    }

    /// The engine where one is needed or wanted; what a killed run left is removed first.
    async fn engine(&self, cx: &ScanContext<'_>) -> Result<Option<Engine>, Box<ScannerOutcome>> {
        let is_command =
            matches!(&self.start, Some(StagingSpec { source: StagingSource::Command { .. }, .. }));
        let needs_engine = self.runner == Runner::Container || self.start.is_some() && !is_command;
        if !needs_engine && self.runner == Runner::Process {
            return Ok(None);
        }
        match Engine::connect().await {
            Ok(engine) => {
                if let Err(error) = engine.sweep().await {
                    cx.events.emit(Event::Diagnostic {
                        scanner: self.id(),
                        diagnostic: Diagnostic::new(
                            DiagnosticLevel::Warning,
                            format!("failed to sweep up: {error}"),
                        ),
                    });
                }
                Ok(Some(engine))
            }
            Err(error) if needs_engine => {
                let hint = "start a container engine, or set dast.runner = \"process\"";
                Err(Box::new(
                    self.failed(format!("the dynamic scan needs a container engine: {error}"), Some(hint)),
                ))
            }
            Err(_) => Ok(None),
        }
    }

    async fn scan_running(
        &self,
        cx: &ScanContext<'_>,
        engine: Option<&Engine>,
        app: Option<&StagingApp>,
    ) -> ScannerOutcome {
        match (self.runner, engine) {
            (Runner::Process, _) | (Runner::Auto, None) => self.in_process(cx, app),
            // The worker's image holds Tollgate and nothing else.
            (Runner::Auto, Some(_)) if self.settings.browser => {
                let mut outcome = self.in_process(cx, app);
                outcome.diagnostics.push(Diagnostic::new(
                    DiagnosticLevel::Note,
                    "the dynamic scanner ran in this process: its container holds no browser".to_owned(),
                ));
                outcome
            }
            (Runner::Container, Some(_)) if self.settings.browser => self.failed(
                "the container of the scanner holds Tollgate alone, so that no browser can run in it".to_owned(),
                Some(
                    "set dast.runner = \"process\" to run scripts of pages on this machine, or dast.browser = false \
                     to stay in the container",
                ),
            ),
            (Runner::Auto | Runner::Container, Some(engine)) => match self.contained(cx, engine, app).await {
                Ok(outcome) => outcome,
                Err(reason) if self.runner == Runner::Auto => {
                    let mut outcome = self.in_process(cx, app);
                    outcome.diagnostics.push(
                        Diagnostic::new(
                            DiagnosticLevel::Warning,
                            format!("the dynamic scanner ran in this process: {reason}"),
                        )
                        .hint("set dast.runner = \"container\" to insist on a container"),
                    );
                    outcome
                }
                Err(reason) => {
                    self.failed(reason, Some("set dast.runner = \"process\" to do without a container"))
                }
            },
            (Runner::Container, None) => self.failed("no container engine answers".to_owned(), None),
        }
    }

    /// Runs the scanner on a thread of its own: it has a runtime of its own.
    fn in_process(&self, cx: &ScanContext<'_>, app: Option<&StagingApp>) -> ScannerOutcome {
        let mut settings = self.settings.clone();
        if let Some(app) = app {
            settings.target = at_address(&settings.target, app.address());
        }
        std::thread::scope(|scope| {
            let scan = scope.spawn(|| DastScanner::new(settings).map(|scanner| scanner.scan(cx)));
            match scan.join() {
                Ok(Ok(outcome)) => outcome,
                Ok(Err(error)) => self.failed(format!("failed to {error}"), None),
                Err(_) => self.failed("the dynamic scanner crashed".to_owned(), None),
            }
        })
    }

    /// Runs the scanner in a container that reaches the target and nothing else.
    async fn contained(
        &self,
        cx: &ScanContext<'_>,
        engine: &Engine,
        app: Option<&StagingApp>,
    ) -> Result<ScannerOutcome, String> {
        let program =
            std::env::current_exe().map_err(|error| format!("failed to find our own program: {error}"))?;
        cx.events.emit(Event::Phase { scanner: self.id(), name: "preparing the container".to_owned() });
        let image = engine.worker_image(&program, cx.cancel).await.map_err(|error| error.to_string())?;
        let mut job =
            worker::Job::from(&self.settings, cx.facts).map_err(|error| format!("failed to {error}"))?;
        let egress = match app.and_then(StagingApp::container) {
            Some((container, port)) => {
                let mut target = self.settings.target.clone();
                let host = target.host_str().unwrap_or("target").to_owned();
                // Loopback inside the scanner's container is the scanner itself.
                let host = if is_loopback(&host) { "target".to_owned() } else { host };
                let named = target.set_host(Some(&host)).is_ok() && target.set_port(Some(port)).is_ok();
                if !named {
                    return Err(format!("{} has no host that can be renamed", self.settings.target));
                }
                job = job.through(target, None);
                Egress::Container(ContainerTarget { container: container.to_owned(), hosts: vec![host] })
            }
            None => {
                let target = app.map_or_else(
                    || self.settings.target.clone(),
                    |app| at_address(&self.settings.target, app.address()),
                );
                let egress = relay_to(&target, &self.settings)?;
                job = job.through(target, None);
                egress
            }
        };
        let spec = WorkerSpec {
            image: image.clone(),
            arguments: vec!["worker".to_owned(), "dast".to_owned()],
            environment: Vec::new(),
            job: job.to_json().map_err(|error| error.to_string())?.into_bytes(),
            limits: Limits { time: self.settings.max_time + Duration::from_secs(60), ..Limits::default() },
            egress,
        };
        let (mut answers, mut complaints) = (Vec::new(), String::new());
        let mut on_line = |output: Output, line: &[u8]| match output {
            Output::Answer => {
                answers.extend_from_slice(line);
                answers.push(b'\n');
            }
            Output::Complaint => {
                complaints.push_str(&String::from_utf8_lossy(line));
                complaints.push('\n');
            }
        };
        let exit =
            engine.run_worker(&spec, &mut on_line, cx.cancel).await.map_err(|error| error.to_string())?;
        // An old image that stays costs disk, not correctness.
        let _ = engine.prune_worker_images(&image, IMAGE_AGE).await;
        let mut outcome = worker::read_messages(answers.as_slice(), cx.events);
        outcome.diagnostics.extend(
            exit.warnings.iter().map(|warning| Diagnostic::new(DiagnosticLevel::Warning, warning.clone())),
        );
        if !exit.is_whole() {
            let how = match &exit.end {
                WorkerEnd::Exited(code) => format!("it exited with code {code}"),
                WorkerEnd::OutOfMemory => "it ran out of memory".to_owned(),
                WorkerEnd::Stopped(_) => "it was ended early".to_owned(),
                WorkerEnd::Interrupted(by) => format!("it was interrupted: {by}"),
            };
            outcome.diagnostics.push(
                Diagnostic::new(
                    DiagnosticLevel::Error,
                    format!("the dynamic scanner's container did not finish: {how}"),
                )
                .hint(format!("its last output:\n{}", last_lines(&complaints))),
            );
        }
        Ok(outcome)
    }

    fn failed(&self, message: String, hint: Option<&str>) -> ScannerOutcome {
        let mut outcome = ScannerOutcome::empty(self.id());
        let diagnostic = Diagnostic::new(DiagnosticLevel::Error, message);
        outcome.diagnostics.push(match hint {
            Some(hint) => diagnostic.hint(hint),
            None => diagnostic,
        });
        outcome
    }

    fn not_started(&self, error: &StagingError) -> ScannerOutcome {
        let hint = match error.log() {
            Some(log) => format!("{}; its last output:\n{}", error.hint(), last_lines(log)),
            None => error.hint().to_owned(),
        };
        self.failed(format!("failed to start the application: {error}"), Some(&hint))
    }
}

fn staging_spec(config: &Resolved, start: &Start, target: &Url) -> Result<StagingSpec, ConfigError> {
    let at = |path: &str| config.locate("dast.start.command", path);
    let located = |key: &str, path: &str| config.locate(key, path);
    let sources = [start.image.is_some(), start.build.is_some(), start.compose.is_some()]
        .iter()
        .filter(|set| **set)
        .count();
    let source = match (&start.image, &start.build, &start.compose, &start.command) {
        (Some(image), None, None, arguments) => {
            StagingSource::Image { image: image.clone(), arguments: arguments.clone().unwrap_or_default() }
        }
        (None, Some(folder), None, None) => StagingSource::Build(located("dast.start.build", folder)),
        (None, None, Some(file), None) => StagingSource::Compose {
            file: located("dast.start.compose", file),
            service: start.service.clone(),
        },
        (None, None, None, Some(command)) => StagingSource::Command {
            command: command.clone(),
            folder: at(start.directory.as_deref().unwrap_or(".")),
        },
        _ => {
            let message = format!(
                "give one of image, build, compose and command, not {}",
                if sources == 0 { "none" } else { "several" }
            );
            return Err(config.wrong("dast.start", message));
        }
    };
    let is_command = matches!(source, StagingSource::Command { .. });
    let within = match &start.ready.timeout {
        Some(text) => {
            units::duration(text).map_err(|message| config.wrong("dast.start.ready.timeout", message))?
        }
        None => READY_TIMEOUT,
    };
    let memory = start.memory.as_ref().map(units::size).transpose();
    Ok(StagingSpec {
        source,
        port: start.port.or_else(|| is_command.then(|| target.port_or_known_default()).flatten()),
        environment: start.env.clone().into_iter().collect(),
        memory: memory.map_err(|message| config.wrong("dast.start.memory", message))?.unwrap_or(MEMORY),
        ready: Readiness { path: start.ready.path.clone(), log: start.ready.log.clone(), within },
        seed: start.seed.clone(),
    })
}

/// The URL with the host and port where the application was made to listen.
fn at_address(url: &Url, address: SocketAddr) -> Url {
    let mut moved = url.clone();
    let keeps_host = url.host_str().is_some_and(is_loopback);
    let done = (keeps_host || moved.set_ip_host(address.ip()).is_ok())
        && moved.set_port(Some(address.port())).is_ok();
    if done { moved } else { url.clone() }
}

fn is_loopback(host: &str) -> bool {
    host == "localhost"
        || host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// A closed network with a relay to the target and the other hosts in scope.
pub(crate) fn relay_to(target: &Url, settings: &DastSettings) -> Result<Egress, String> {
    let targets = relay_targets(target, &settings.scope.extra_hosts)?;
    let limits = RelayLimits {
        connections: settings.concurrency.saturating_mul(2).max(8),
        exchanges: settings.max_requests.saturating_add(1_000),
        exchanges_per_second: settings.rate,
        ..RelayLimits::default()
    };
    let all_local = targets.iter().all(|target| target.address.ip().is_loopback());
    let callback = all_local.then_some(IpAddr::from([127, 0, 0, 1]));
    Ok(Egress::Relay(RelayEgress { targets, limits, callback }))
}

/// Where the relay leads for each host in scope.
fn relay_targets(target: &Url, extra_hosts: &[String]) -> Result<Vec<RelayTarget>, String> {
    let host = target.host_str().unwrap_or_default();
    let port = target.port_or_known_default().unwrap_or(80);
    let main = format!("{host}:{port}");
    let extra = extra_hosts
        .iter()
        .map(|host| if host.contains(':') { host.clone() } else { format!("{host}:{port}") });
    std::iter::once(main)
        .chain(extra)
        .map(|name| {
            let address = name
                .to_socket_addrs()
                .ok()
                .and_then(|mut addresses| addresses.next())
                .ok_or_else(|| format!("failed to find the address of {name}"))?;
            Ok(RelayTarget { name, address })
        })
        .collect()
}

/// The last twenty lines of a log.
fn last_lines(log: &str) -> String {
    let lines: Vec<&str> = log.lines().collect();
    lines[lines.len().saturating_sub(20)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_target_moves_to_where_the_application_listens() {
        let url = Url::parse("http://localhost:8080/shop").unwrap();
        let moved = at_address(&url, SocketAddr::from(([127, 0, 0, 1], 9_999)));
        assert_eq!(moved.as_str(), "http://localhost:9999/shop");
        assert!(is_loopback("[::1]") && is_loopback("127.0.0.1") && !is_loopback("example.org"));
    }
}
