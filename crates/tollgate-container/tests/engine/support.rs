//! What the tests share: the engine, the image of the probe, and a way to run it.

use std::collections::HashMap;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::LazyLock;
use std::time::{Duration, SystemTime};

use bollard::query_parameters::{
    InspectContainerOptions, KillContainerOptionsBuilder, ListContainersOptionsBuilder, ListNetworksOptions,
    ListNetworksOptionsBuilder, RemoveImageOptions,
};
use bollard::{ClientVersion, Docker};
use tollgate_container::{
    Egress, Engine, ImageRef, Limits, Output, Readiness, StagingSource, StagingSpec, WorkerExit, WorkerSpec,
};
use tollgate_core::Cancel;

/// An engine with the image of the probe.
pub(crate) struct Bench {
    pub(crate) engine: Engine,
    pub(crate) image: ImageRef,
}

/// The probe, as a program of this run alone: the image of an older one is pruned by whoever builds another,
/// whether or not it is about to be used.
pub(crate) fn probe() -> PathBuf {
    static PROBE: LazyLock<PathBuf> = LazyLock::new(|| {
        let run = format!("{} {:?}", std::process::id(), SystemTime::now());
        let mut bytes = std::fs::read(env!("CARGO_BIN_EXE_tollgate-container-probe")).unwrap();
        bytes.extend_from_slice(run.as_bytes());
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
        let (new, probe) = (folder.join(format!("probe-{}", std::process::id())), folder.join("probe"));
        std::fs::write(&new, bytes).unwrap();
        std::fs::set_permissions(&new, std::fs::Permissions::from_mode(0o755)).unwrap();
        std::fs::rename(&new, &probe).unwrap();
        probe
    });
    PROBE.clone()
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

/// A machine busy with other things starts containers slowly, so the measure is taken on request only.
pub(crate) fn expect_quick_start(startup: Duration) {
    if std::env::var_os("TOLLGATE_MEASURE").is_some() {
        assert!(startup < Duration::from_secs(2), "started in {startup:?}");
    }
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

impl Bench {
    /// How to start the probe as an app that listens on port 8080.
    pub(crate) fn app(&self, arguments: &[&str]) -> StagingSpec {
        let words = ["/tollgate"].iter().chain(arguments);
        StagingSpec {
            source: StagingSource::Image {
                image: self.image.name().to_owned(),
                arguments: words.map(|word| (*word).to_owned()).collect(),
            },
            port: Some(8080),
            environment: vec![
                ("GREETING".to_owned(), "hello".to_owned()),
                ("LD_LIBRARY_PATH".to_owned(), "/lib/tollgate".to_owned()),
            ],
            memory: 128 << 20,
            ready: Readiness {
                path: Some("/ready".to_owned()),
                within: Duration::from_secs(90),
                ..Readiness::default()
            },
            seed: None,
        }
    }

    fn docker(&self) -> Docker {
        Docker::connect_with_unix(
            self.engine.address(),
            60,
            &ClientVersion { major_version: 1, minor_version: 40 },
        )
        .unwrap()
    }

    fn ours() -> HashMap<String, Vec<String>> {
        HashMap::from([("label".to_owned(), vec!["tollgate.owner".to_owned()])])
    }

    /// Gateway addresses of every bridge: the host, seen from containers.
    pub(crate) async fn gateways(&self) -> Vec<String> {
        let networks = self.docker().list_networks(None::<ListNetworksOptions>).await.unwrap();
        networks
            .into_iter()
            .flat_map(|network| network.ipam.and_then(|ipam| ipam.config).unwrap_or_default())
            .filter_map(|config| config.gateway)
            .filter(|gateway| gateway.parse::<std::net::Ipv4Addr>().is_ok())
            .collect()
    }

    async fn endpoints(&self, container: &str) -> Vec<String> {
        let found =
            self.docker().inspect_container(container, None::<InspectContainerOptions>).await.unwrap();
        let networks = found.network_settings.unwrap().networks.unwrap();
        networks.into_values().filter_map(|endpoint| endpoint.ip_address).collect()
    }

    pub(crate) async fn address_of(&self, container: &str) -> String {
        self.endpoints(container).await.remove(0)
    }

    pub(crate) async fn networks_of(&self, container: &str) -> usize {
        self.endpoints(container).await.len()
    }

    /// Ids of our containers whose command ends so.
    pub(crate) async fn named(&self, command: &str) -> Vec<String> {
        let options = ListContainersOptionsBuilder::default().all(true).filters(&Self::ours()).build();
        let found = self.docker().list_containers(Some(options)).await.unwrap();
        let found = found
            .into_iter()
            .filter(|found| found.command.as_deref().is_some_and(|line| line.ends_with(command)));
        found.filter_map(|found| found.id).collect()
    }

    /// Waits for such a container to run and ends it as a restart of the engine would. A first process
    /// that does not heed signals yet gets another one.
    pub(crate) async fn end_from_outside(&self, command: &str) {
        let mut asked = false;
        loop {
            let options = KillContainerOptionsBuilder::default().signal("SIGTERM").build();
            match self.named(command).await.first() {
                Some(id) => asked |= self.docker().kill_container(id, Some(options)).await.is_ok(),
                None if asked => return,
                None => {}
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    pub(crate) async fn has_image(&self, name: &str) -> bool {
        self.docker().inspect_image(name).await.is_ok()
    }

    pub(crate) async fn remove_image(&self, name: &str) {
        self.docker().remove_image(name, None::<RemoveImageOptions>, None).await.unwrap();
    }

    async fn containers(&self, all: bool) -> Vec<String> {
        let options = ListContainersOptionsBuilder::default().all(all).filters(&Self::ours()).build();
        let found = self.docker().list_containers(Some(options)).await.unwrap();
        found.into_iter().filter_map(|container| container.labels?.remove("tollgate.owner")).collect()
    }

    /// Running containers of these processes.
    pub(crate) async fn running_of(&self, pids: &[u32]) -> usize {
        let owners = self.containers(false).await;
        owners.iter().filter(|owner| pids.iter().any(|pid| is_of(owner, *pid))).count()
    }

    /// Containers and networks of a process.
    pub(crate) async fn left_behind(&self, pid: u32) -> Vec<String> {
        let mut owners = self.containers(true).await;
        let options = ListNetworksOptionsBuilder::default().filters(&Self::ours()).build();
        let networks = self.docker().list_networks(Some(options)).await.unwrap();
        owners.extend(networks.into_iter().filter_map(|network| network.labels?.remove("tollgate.owner")));
        owners.retain(|owner| is_of(owner, pid));
        owners
    }
}

fn is_of(owner: &str, pid: u32) -> bool {
    owner.split(' ').nth(2) == Some(&pid.to_string())
}
