//! Apps in containers: one from an image or a build, or several from a Compose file.

use std::collections::{BTreeMap, HashMap};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::Path;
use std::time::{Duration, Instant};

use bollard::container::LogOutput;
use bollard::exec::{CreateExecOptions, StartExecResults};
use bollard::models::{
    ContainerCreateBody, ContainerStateStatusEnum, EndpointSettings, HealthConfig, HealthStatusEnum,
    HostConfig, HostConfigLogConfig, NetworkConnectRequest, NetworkCreateRequest, NetworkingConfig,
    PortBinding, VolumeCreateRequest,
};
use bollard::query_parameters::{
    BuildImageOptionsBuilder, CreateImageOptionsBuilder, InspectContainerOptions, LogsOptionsBuilder,
};
use futures_util::StreamExt;
use tollgate_core::Cancel;

use super::compose::{self, Compose, Condition, Service};
use super::ready::{self, Living};
use super::{Death, StagingError, StagingSource, StagingSpec, context};
use crate::belongings::Belongings;
use crate::engine::{Engine, ask, unless_cancelled};
use crate::error::EngineError;
use crate::image::blocking;
use crate::owner::Role;

const PROCESSES: i64 = 2048;
const LOG_LINES: &str = "200";
const SEED_WITHIN: Duration = Duration::from_secs(300);
/// A service that others wait for may take this long to be healthy.
const HEALTHY_WITHIN: Duration = Duration::from_secs(300);

/// The containers of a running app.
#[derive(Debug)]
pub(super) struct Containers {
    pub(super) app: App,
    pub(super) belongings: Belongings,
}

/// The container to be scanned.
#[derive(Debug)]
pub(super) struct App {
    pub(super) name: String,
    pub(super) port: u16,
    engine: Engine,
}

/// Starts everything, waits until the target is ready and seeds it.
pub(super) async fn start(
    engine: &Engine,
    spec: &StagingSpec,
    belongings: &mut Belongings,
    cancel: &Cancel,
) -> Result<(App, SocketAddr), StagingError> {
    let compose = settle(spec)?;
    let mut run = Run {
        engine,
        spec,
        belongings,
        cancel,
        networks: BTreeMap::new(),
        volumes: BTreeMap::new(),
        containers: BTreeMap::new(),
    };
    run.prepare(&compose).await?;
    for service in &compose.services {
        run.wait_for_dependencies(service).await?;
        run.start_service(service, service.name == compose.target).await?;
    }
    let name = run.containers[&compose.target].clone();
    let target = compose.services.iter().find(|service| service.name == compose.target);
    let port = run.port_of(target.and_then(|service| service.ports.first().copied()), &name).await?;
    let mut app = App { name, port, engine: engine.clone() };
    let address = match app.published().await {
        Ok(address) => address,
        // An app that died at once has no published port any more; say that it died.
        Err(error) => return Err(app.death().await?.map_or(error.into(), StagingError::Died)),
    };
    ready::wait(&mut app, address, &spec.ready, cancel).await?;
    if let Some(seed) = &spec.seed {
        app.seed(seed, cancel).await?;
    }
    Ok((app, address))
}

/// One image is a Compose file with one service.
fn settle(spec: &StagingSpec) -> Result<Compose, StagingError> {
    let mut single = Service {
        name: "app".to_owned(),
        networks: BTreeMap::from([("default".to_owned(), Vec::new())]),
        ..Service::default()
    };
    let mut compose = match &spec.source {
        StagingSource::Image { image, arguments } => {
            single.image = Some(image.clone());
            single.command = Some(arguments.clone()).filter(|arguments| !arguments.is_empty());
            Compose { services: vec![single], target: "app".to_owned() }
        }
        StagingSource::Build(folder) => {
            single.build = Some(compose::Build {
                context: folder.clone(),
                dockerfile: "Dockerfile".to_owned(),
                arguments: BTreeMap::new(),
                target: None,
            });
            Compose { services: vec![single], target: "app".to_owned() }
        }
        StagingSource::Compose { file, service } => compose::read(file, service.as_deref(), &|name| {
            let given = spec.environment.iter().find(|(given, _)| given == name);
            given.map(|(_, value)| value.clone()).or_else(|| std::env::var(name).ok())
        })?,
        StagingSource::Command { command, .. } => {
            return Err(StagingError::Program {
                program: command.first().cloned().unwrap_or_default(),
                reason: "a plain program runs in no container".to_owned(),
            });
        }
    };
    for service in compose.services.iter_mut().filter(|service| service.name == compose.target) {
        service.environment.extend(spec.environment.iter().cloned());
        if let Some(port) = spec.port {
            service.ports = vec![port];
        }
    }
    Ok(compose)
}

/// What one start has made so far, by the names of the Compose file.
struct Run<'a> {
    engine: &'a Engine,
    spec: &'a StagingSpec,
    belongings: &'a mut Belongings,
    cancel: &'a Cancel,
    networks: BTreeMap<String, String>,
    volumes: BTreeMap<String, String>,
    containers: BTreeMap<String, String>,
}

impl Run<'_> {
    async fn prepare(&mut self, compose: &Compose) -> Result<(), EngineError> {
        let owner = self.engine.owner();
        for network in compose::networks(compose) {
            let name = owner.fresh_name(Role::Staging);
            self.belongings.network(&name);
            let request = NetworkCreateRequest {
                name: name.clone(),
                driver: Some("bridge".to_owned()),
                labels: Some(owner.labels(Role::Staging)),
                ..NetworkCreateRequest::default()
            };
            ask(&format!("creating network {network}"), self.engine.docker().create_network(request)).await?;
            self.networks.insert(network, name);
        }
        for volume in compose::volumes(compose) {
            let name = owner.fresh_name(Role::Staging);
            self.belongings.volume(&name);
            let request = VolumeCreateRequest {
                name: Some(name.clone()),
                labels: Some(owner.labels(Role::Staging)),
                ..VolumeCreateRequest::default()
            };
            ask(&format!("creating volume {volume}"), self.engine.docker().create_volume(request)).await?;
            self.volumes.insert(volume, name);
        }
        Ok(())
    }

    async fn wait_for_dependencies(&self, service: &Service) -> Result<(), StagingError> {
        for (needed, condition) in &service.after {
            let Some(name) = self.containers.get(needed) else { continue };
            let app = App { name: name.clone(), port: 0, engine: self.engine.clone() };
            app.wait_for(*condition, needed, self.cancel).await?;
        }
        Ok(())
    }

    async fn start_service(&mut self, service: &Service, is_target: bool) -> Result<(), StagingError> {
        let image = match (&service.build, &service.image) {
            (Some(build), _) => self.build(build).await?,
            (None, Some(image)) => {
                fetch(self.engine, image, self.cancel).await?;
                image.clone()
            }
            (None, None) => return Err(StagingError::NoPort),
        };
        let name = self.engine.owner().fresh_name(Role::Staging);
        self.belongings.container(&name);
        let mut networks = service.networks.iter();
        let first = networks.next();
        let endpoint = |aliases: &[String]| EndpointSettings {
            aliases: Some(aliases.iter().cloned().chain([service.name.clone()]).collect()),
            ..EndpointSettings::default()
        };
        let published = if is_target { self.ports_to_publish(service, &image).await? } else { Vec::new() };
        let bindings = published.iter().map(|port| {
            let anywhere =
                PortBinding { host_ip: Some("127.0.0.1".to_owned()), host_port: Some("0".to_owned()) };
            (format!("{port}/tcp"), Some(vec![anywhere]))
        });
        let memory = i64::try_from(self.spec.memory).ok();
        let host_config = HostConfig {
            memory,
            memory_swap: memory,
            pids_limit: Some(PROCESSES),
            network_mode: first.map(|(network, _)| self.networks[network].clone()),
            port_bindings: Some(bindings.collect()),
            binds: Some(self.binds(service)?),
            tmpfs: Some(service.tmpfs.iter().map(|mount| tmpfs(mount)).collect()),
            readonly_rootfs: Some(service.read_only),
            log_config: Some(bounded_log()),
            ..HostConfig::default()
        };
        let body = ContainerCreateBody {
            image: Some(image),
            cmd: service.command.clone(),
            entrypoint: service.entrypoint.clone(),
            env: Some(service.environment.iter().map(|(name, value)| format!("{name}={value}")).collect()),
            exposed_ports: Some(published.iter().map(|port| format!("{port}/tcp")).collect()),
            healthcheck: service.health.as_ref().map(health),
            user: service.user.clone(),
            working_dir: service.folder.clone(),
            labels: Some(self.engine.owner().labels(Role::Staging)),
            networking_config: first.map(|(network, aliases)| NetworkingConfig {
                endpoints_config: Some(HashMap::from([(self.networks[network].clone(), endpoint(aliases))])),
            }),
            host_config: Some(host_config),
            ..ContainerCreateBody::default()
        };
        self.engine.create(&name, body).await?;
        for (network, aliases) in networks {
            let request =
                NetworkConnectRequest { container: name.clone(), endpoint_config: Some(endpoint(aliases)) };
            let connect = self.engine.docker().connect_network(&self.networks[network], request);
            ask(&format!("attaching {} to network {network}", service.name), connect).await?;
        }
        self.engine.start(&name).await?;
        self.containers.insert(service.name.clone(), name);
        Ok(())
    }

    /// The ports of the target, or those its image names.
    async fn ports_to_publish(&self, service: &Service, image: &str) -> Result<Vec<u16>, StagingError> {
        if !service.ports.is_empty() {
            return Ok(service.ports.clone());
        }
        let inspect =
            ask(&format!("looking at image {image}"), self.engine.docker().inspect_image(image)).await?;
        let exposed = inspect.config.and_then(|config| config.exposed_ports).unwrap_or_default();
        let mut ports: Vec<u16> = exposed
            .iter()
            .filter_map(|port| port.strip_suffix("/tcp"))
            .filter_map(|port| port.parse().ok())
            .collect();
        ports.sort_unstable();
        if ports.is_empty() { Err(StagingError::NoPort) } else { Ok(ports) }
    }

    /// The port to scan: the one named, else the smallest that was published.
    async fn port_of(&self, named: Option<u16>, container: &str) -> Result<u16, StagingError> {
        if let Some(port) = named {
            return Ok(port);
        }
        let inspect = self.engine.docker().inspect_container(container, None::<InspectContainerOptions>);
        let answer = ask("looking for the app's port", inspect).await?;
        let exposed = answer.config.and_then(|config| config.exposed_ports).unwrap_or_default();
        let ports = exposed.iter().filter_map(|port| port.strip_suffix("/tcp")?.parse().ok());
        ports.min().ok_or(StagingError::NoPort)
    }

    fn binds(&self, service: &Service) -> Result<Vec<String>, EngineError> {
        if !service.binds.is_empty() && !self.engine.is_local() {
            let address = self.engine.address().to_owned();
            return Err(EngineError::NotLocal { action: "mounting files of the project", address });
        }
        let files = service.binds.iter().map(|bind| format!("{}:{}:ro", bind.source.display(), bind.target));
        let volumes = service.volumes.iter().map(|(name, target)| format!("{}:{target}", self.volumes[name]));
        Ok(files.chain(volumes).collect())
    }

    async fn build(&mut self, build: &compose::Build) -> Result<String, EngineError> {
        let owner = self.engine.owner();
        let image = format!("{}:latest", owner.fresh_name(Role::Staging));
        self.belongings.image(&image);
        let (folder, dockerfile) = (build.context.clone(), build.dockerfile.clone());
        let packed = blocking(move || context::pack(&folder, &dockerfile)).await?;
        let arguments: HashMap<String, String> =
            build.arguments.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
        let mut options = BuildImageOptionsBuilder::default()
            .dockerfile(&build.dockerfile)
            .t(&image)
            .rm(true)
            .forcerm(true)
            .memory(i32::try_from(self.spec.memory).unwrap_or(i32::MAX))
            .buildargs(&arguments)
            .labels(&owner.labels(Role::Staging));
        if let Some(target) = &build.target {
            options = options.target(target);
        }
        let action = format!("building {}", shown(&build.context));
        let mut printed = String::new();
        let built = self
            .engine
            .build(&action, options.build(), packed, self.cancel, |text| printed.push_str(text))
            .await;
        match built {
            Ok(()) => Ok(image),
            // What the failing step printed says more than the engine's own message.
            Err(EngineError::Refused { action, status, message }) => {
                let last: Vec<&str> = printed.lines().rev().take(10).collect();
                let tail = last.into_iter().rev().collect::<Vec<_>>().join("\n");
                Err(EngineError::Refused { action, status, message: format!("{message}\n{tail}") })
            }
            Err(error) => Err(error),
        }
    }
}

impl App {
    async fn state(&self) -> Result<bollard::models::ContainerState, EngineError> {
        let inspect = self.engine.docker().inspect_container(&self.name, None::<InspectContainerOptions>);
        Ok(ask("asking how the staging app is", inspect).await?.state.unwrap_or_default())
    }

    /// How it died, if it did.
    pub(super) async fn death(&self) -> Result<Option<Death>, EngineError> {
        let state = match self.state().await {
            Ok(state) => state,
            Err(error) if error.is_not_found() => {
                let log = "its container was removed".to_owned();
                return Ok(Some(Death { code: None, out_of_memory: false, log }));
            }
            Err(error) => return Err(error),
        };
        if !matches!(state.status, Some(ContainerStateStatusEnum::EXITED | ContainerStateStatusEnum::DEAD)) {
            return Ok(None);
        }
        let out_of_memory = state.oom_killed.unwrap_or(false);
        Ok(Some(Death { code: state.exit_code, out_of_memory, log: self.log().await }))
    }

    /// The last it printed.
    pub(super) async fn log(&self) -> String {
        let options = LogsOptionsBuilder::default().stdout(true).stderr(true).tail(LOG_LINES).build();
        let collect = async {
            let mut text = Vec::new();
            let mut pieces = Box::pin(self.engine.docker().logs(&self.name, Some(options)));
            while let Some(Ok(piece)) = pieces.next().await {
                text.extend_from_slice(&piece.into_bytes());
            }
            text
        };
        let bytes = tokio::time::timeout(Duration::from_secs(10), collect).await.unwrap_or_default();
        String::from_utf8_lossy(&bytes).trim().to_owned()
    }

    /// Where its port is published on this machine.
    async fn published(&self) -> Result<SocketAddr, EngineError> {
        let action = "looking for the published port of the staging app";
        let inspect = self.engine.docker().inspect_container(&self.name, None::<InspectContainerOptions>);
        let settings = ask(action, inspect).await?.network_settings.unwrap_or_default();
        settings
            .ports
            .unwrap_or_default()
            .remove(&format!("{}/tcp", self.port))
            .flatten()
            .unwrap_or_default()
            .iter()
            .find_map(|binding| binding.host_port.as_deref()?.parse().ok())
            .map(|port| SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port))
            .ok_or_else(|| EngineError::Refused {
                action: action.to_owned(),
                status: 0,
                message: format!("port {} is not published", self.port),
            })
    }

    async fn wait_for(
        &self,
        condition: Condition,
        service: &str,
        cancel: &Cancel,
    ) -> Result<(), StagingError> {
        let until = Instant::now() + HEALTHY_WITHIN;
        loop {
            if let Some(reason) = cancel.reason() {
                return Err(
                    EngineError::Cancelled { action: format!("waiting for {service}"), reason }.into()
                );
            }
            let state = self.state().await?;
            let has_ended = state.status == Some(ContainerStateStatusEnum::EXITED);
            let health = state.health.and_then(|health| health.status);
            match condition {
                Condition::Completed if has_ended && state.exit_code == Some(0) => return Ok(()),
                Condition::Started if !has_ended => return Ok(()),
                Condition::Healthy if health == Some(HealthStatusEnum::HEALTHY) => return Ok(()),
                _ if has_ended => {
                    return Err(StagingError::Died(self.death().await?.unwrap_or_else(|| Death {
                        code: state.exit_code,
                        out_of_memory: false,
                        log: String::new(),
                    })));
                }
                Condition::Healthy
                    if matches!(health, None | Some(HealthStatusEnum::NONE | HealthStatusEnum::EMPTY)) =>
                {
                    let reason = format!("service {service} has no health check to wait for");
                    return Err(StagingError::NotReady {
                        within: Duration::ZERO,
                        reason,
                        log: String::new(),
                    });
                }
                _ => {}
            }
            if Instant::now() >= until {
                let reason = format!("service {service} is not in the state others wait for");
                return Err(StagingError::NotReady { within: HEALTHY_WITHIN, reason, log: self.log().await });
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    async fn seed(&self, command: &[String], cancel: &Cancel) -> Result<(), StagingError> {
        const ACTION: &str = "seeding the staging app";
        let options = CreateExecOptions {
            cmd: Some(command.to_vec()),
            attach_stdout: Some(true),
            attach_stderr: Some(true),
            ..CreateExecOptions::default()
        };
        let docker = self.engine.docker();
        let exec = ask(ACTION, docker.create_exec(&self.name, options)).await?;
        let started = ask(ACTION, docker.start_exec(&exec.id, None)).await?;
        let mut log = Vec::new();
        if let StartExecResults::Attached { mut output, .. } = started {
            let follow = async {
                while let Some(Ok(piece)) = output.next().await {
                    log.extend_from_slice(&LogOutput::into_bytes(piece));
                    log.drain(..log.len().saturating_sub(64 << 10));
                }
            };
            unless_cancelled(ACTION, cancel, tokio::time::timeout(SEED_WITHIN, follow))
                .await?
                .map_err(|_| EngineError::NoAnswer { action: ACTION.to_owned(), within: SEED_WITHIN })?;
        }
        let code = ask(ACTION, docker.inspect_exec(&exec.id)).await?.exit_code.unwrap_or(-1);
        if code == 0 {
            return Ok(());
        }
        let log = String::from_utf8_lossy(&log).trim().to_owned();
        Err(StagingError::Seed { command: command.to_vec(), code, log })
    }
}

impl Living for App {
    async fn death(&mut self) -> Result<Option<Death>, EngineError> {
        App::death(self).await
    }

    async fn log(&mut self) -> String {
        App::log(self).await
    }
}

/// Makes sure that the engine has the image.
pub(crate) async fn fetch(engine: &Engine, image: &str, cancel: &Cancel) -> Result<(), EngineError> {
    if engine.has_image(image).await? {
        return Ok(());
    }
    let missing = |reason: String| EngineError::ImageMissing { image: image.to_owned(), reason };
    // Without a tag the engine would fetch every tag there is.
    let (name, tag) = match image.rsplit_once(':') {
        _ if image.contains('@') => (image, ""),
        Some((name, tag)) if !tag.contains('/') => (name, tag),
        _ => (image, "latest"),
    };
    let options = CreateImageOptionsBuilder::default().from_image(name).tag(tag).build();
    let pull = async {
        let mut steps = Box::pin(engine.docker().create_image(Some(options), None, None));
        while let Some(step) = steps.next().await {
            step.map_err(|error| match EngineError::of(&format!("fetching image {image}"), error) {
                EngineError::Refused { message, .. } => missing(message),
                other => other,
            })?;
        }
        Ok(())
    };
    unless_cancelled(&format!("fetching image {image}"), cancel, pull).await??;
    if engine.has_image(image).await? {
        Ok(())
    } else {
        Err(missing("it was fetched and is not there".to_owned()))
    }
}

/// Without a bound an app that prints without end fills the engine's disk; its last lines are kept.
pub(crate) fn bounded_log() -> HostConfigLogConfig {
    let config =
        HashMap::from([("max-size".to_owned(), "16m".to_owned()), ("max-file".to_owned(), "2".to_owned())]);
    HostConfigLogConfig { typ: Some("json-file".to_owned()), config: Some(config) }
}

fn health(health: &compose::Health) -> HealthConfig {
    let nanoseconds = |time: Option<Duration>| time.and_then(|time| i64::try_from(time.as_nanos()).ok());
    HealthConfig {
        test: Some(health.test.clone()).filter(|test| !test.is_empty()),
        interval: nanoseconds(health.interval),
        timeout: nanoseconds(health.timeout),
        start_period: nanoseconds(health.start),
        retries: health.retries,
        ..HealthConfig::default()
    }
}

fn tmpfs(mount: &str) -> (String, String) {
    let (target, options) = mount.split_once(':').unwrap_or((mount, "mode=1777"));
    (target.to_owned(), options.to_owned())
}

fn shown(folder: &Path) -> String {
    folder
        .file_name()
        .map_or_else(|| folder.display().to_string(), |name| name.to_string_lossy().into_owned())
}
