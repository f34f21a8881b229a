//! What the tests share: the engine, the image of the probe, and a way to run it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use tollgate_container::{Egress, Engine, ImageRef, Limits, Output, WorkerExit, WorkerSpec};
use tollgate_core::Cancel;

/// An engine with the image of the probe.
pub(crate) struct Bench {
    pub(crate) engine: Engine,
    pub(crate) image: ImageRef,
}

pub(crate) fn probe() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_tollgate-container-probe"))
}

/// Runs `test` where an engine answers.
pub(crate) fn with_engine(test: impl AsyncFnOnce(&Bench)) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        match Engine::connect().await {
            Ok(engine) => {
                let image = engine.worker_image(&probe(), &Cancel::new()).await.unwrap();
                test(&Bench { engine, image }).await;
            }
            Err(error) if std::env::var("TOLLGATE_REQUIRE_ENGINE").is_ok_and(|value| value == "1") => {
                panic!("an engine is required: {error} ({})", error.hint());
            }
            Err(error) => eprintln!("##### SKIPPED, NO CONTAINER ENGINE: {error} ({})", error.hint()),
        }
    });
}

/// The end of a run of the probe and the lines it printed.
pub(crate) struct Ran {
    pub(crate) exit: WorkerExit,
    pub(crate) lines: Vec<String>,
    pub(crate) complaints: Vec<String>,
}

impl Bench {
    pub(crate) fn spec(&self, arguments: &[&str], job: &str, egress: Egress) -> WorkerSpec {
        WorkerSpec {
            image: self.image.clone(),
            arguments: arguments.iter().map(|argument| (*argument).to_owned()).collect(),
            environment: Vec::new(),
            job: job.as_bytes().to_vec(),
            limits: Limits { time: Duration::from_secs(60), ..Limits::default() },
            egress,
        }
    }

    pub(crate) async fn run(&self, spec: &WorkerSpec, cancel: &Cancel) -> Ran {
        let (mut lines, mut complaints) = (Vec::new(), Vec::new());
        let mut on_line = |output: Output, line: &[u8]| {
            let text = String::from_utf8_lossy(line).into_owned();
            match output {
                Output::Answer => lines.push(text),
                Output::Complaint => complaints.push(text),
            }
        };
        let exit = self.engine.run_worker(spec, &mut on_line, cancel).await.unwrap();
        Ran { exit, lines, complaints }
    }

    pub(crate) async fn run_simply(&self, arguments: &[&str], job: &str, egress: Egress) -> Ran {
        self.run(&self.spec(arguments, job, egress), &Cancel::new()).await
    }
}

/// Names of containers, networks and images that carry our labels and belong to this process.
pub(crate) fn left_behind(pid: u32) -> Vec<String> {
    ["container", "network", "volume"]
        .into_iter()
        .flat_map(|kind| {
            let all: &[&str] = if kind == "container" { &["-a"] } else { &[] };
            let output = std::process::Command::new("docker")
                .args([kind, "ls", "-q", "--filter", "label=tollgate.owner", "--format", "{{.ID}} {{.Label \"tollgate.owner\"}}"])
                .args(all)
                .output();
            let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
            text.lines()
                .filter(|line| line.split(' ').nth(3) == Some(&pid.to_string()))
                .map(|line| format!("{kind} {line}"))
                .collect::<Vec<_>>()
        })
        .collect()
}

/// Whether the command-line client is there to look from outside.
pub(crate) fn has_client() -> bool {
    ["/usr/bin/docker", "/usr/local/bin/docker"].into_iter().any(|path| Path::new(path).exists())
}
