//! Closing a scanner's network: it reaches its target and nothing else.
//!
//! Towards a container: a network of its own, to which the target is attached for the time of the scan;
//! a pause container on it, without routes; and the scanner in the pause container's namespace, without
//! the capability to set routes. Towards this machine: no network at all and a relay behind a socket.

use std::collections::HashMap;
use std::net::IpAddr;
use std::time::Duration;

use bollard::container::AttachContainerResults;
use bollard::models::{
    ContainerCreateBody, EndpointSettings, HostConfig, NetworkConnectRequest, NetworkCreateRequest,
    NetworkingConfig,
};
use bollard::query_parameters::{
    AttachContainerOptionsBuilder, CreateContainerOptionsBuilder, InspectContainerOptions,
    LogsOptionsBuilder, StartContainerOptions, WaitContainerOptionsBuilder,
};
use futures_util::StreamExt;
use tollgate_core::Cancel;

use crate::belongings::Belongings;
use crate::engine::{Engine, ask, unless_cancelled, within};
use crate::error::EngineError;
use crate::image::{ImageRef, LIBRARIES, PROGRAM};
use crate::inside::READY;
use crate::owner::Role;
use crate::relay::{CALLBACK_VARIABLE, MOUNT, Relay, RelayLimits, RelayTarget};

/// What a worker can reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Egress {
    /// Nothing.
    Nothing,
    /// One running container, by its own address.
    Container(ContainerTarget),
    /// Hosts that this process reaches, through a relay. The engine must be on this machine.
    Relay(RelayEgress),
}

/// A container to be scanned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContainerTarget {
    /// Name or id.
    pub container: String,
    /// Host names by which the scanner's URLs name it.
    pub hosts: Vec<String>,
}

/// Hosts to be scanned through a relay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelayEgress {
    /// Every host and port the scanner's URLs name.
    pub targets: Vec<RelayTarget>,
    /// What the scanner may use up.
    pub limits: RelayLimits,
    /// Address of this machine at which the targets can call the scanner back, for out-of-band checks.
    pub callback: Option<IpAddr>,
}

/// A network ready for a worker; the relay serves until this is dropped.
#[derive(Debug, Default)]
pub(crate) struct Network {
    pub(crate) mode: String,
    pub(crate) binds: Vec<String>,
    pub(crate) environment: Vec<(String, String)>,
    pub(crate) extra_hosts: Vec<String>,
    pub(crate) relay: Option<Relay>,
    #[expect(
        dead_code,
        reason = "keeps the pause container alive: its standard input closes when this is dropped"
    )]
    pub(crate) lifeline: Option<AttachContainerResults>,
}

impl Engine {
    /// Prepares the network for a worker.
    pub(crate) async fn close_network(
        &self,
        image: &ImageRef,
        egress: &Egress,
        belongings: &mut Belongings,
        cancel: &Cancel,
    ) -> Result<Network, EngineError> {
        match egress {
            Egress::Nothing => Ok(Network { mode: "none".to_owned(), ..Network::default() }),
            Egress::Relay(relay) => self.network_behind_relay(relay).await,
            Egress::Container(target) => self.network_of_pause(image, target, belongings, cancel).await,
        }
    }

    async fn network_behind_relay(&self, egress: &RelayEgress) -> Result<Network, EngineError> {
        if !self.is_local() {
            let address = self.address().to_owned();
            return Err(EngineError::NotLocal { action: "a scan of this machine's loopback", address });
        }
        let relay = Relay::start(egress.targets.clone(), egress.limits, egress.callback).await?;
        let mut extra_hosts: Vec<String> = egress
            .targets
            .iter()
            .filter_map(|target| target.name.rsplit_once(':'))
            .map(|(host, _)| host)
            .filter(|host| !host.starts_with('[') && host.parse::<IpAddr>().is_err() && *host != "localhost")
            .map(|host| format!("{host}:127.0.0.1"))
            .collect();
        extra_hosts.sort();
        extra_hosts.dedup();
        Ok(Network {
            mode: "none".to_owned(),
            binds: vec![format!("{}:{MOUNT}", relay.folder().display())],
            environment: relay.environment(),
            extra_hosts,
            relay: Some(relay),
            lifeline: None,
        })
    }

    async fn network_of_pause(
        &self,
        image: &ImageRef,
        target: &ContainerTarget,
        belongings: &mut Belongings,
        cancel: &Cancel,
    ) -> Result<Network, EngineError> {
        let network = self.owner().fresh_name(Role::Pause);
        belongings.network(&network);
        let request = NetworkCreateRequest {
            name: network.clone(),
            driver: Some("bridge".to_owned()),
            // Keeps the target's own default route where it is.
            internal: Some(true),
            labels: Some(self.owner().labels(Role::Pause)),
            ..NetworkCreateRequest::default()
        };
        ask("creating the scan network", self.docker().create_network(request)).await?;
        belongings.guest(&network, &target.container);
        let request = NetworkConnectRequest {
            container: target.container.clone(),
            endpoint_config: Some(EndpointSettings::default()),
        };
        let action = format!("attaching {} to the scan network", target.container);
        ask(&action, self.docker().connect_network(&network, request)).await?;
        let address = self.address_on(&target.container, &network).await?;

        let pause = self.owner().fresh_name(Role::Pause);
        belongings.container(&pause);
        let lifeline =
            self.start_pause(&pause, self.pause_on(image, &network, address, &target.hosts)).await?;
        let own = self.address_on(&pause, &network).await?;
        self.strip_routes(image, &pause, address, belongings, cancel).await?;
        Ok(Network {
            mode: format!("container:{pause}"),
            environment: vec![(CALLBACK_VARIABLE.to_owned(), own.to_string())],
            lifeline: Some(lifeline),
            ..Network::default()
        })
    }

    /// A namespace that a container of somebody else's program can join: it cannot listen for the relay
    /// itself, so the pause container does.
    pub(crate) async fn shared_namespace(
        &self,
        image: &ImageRef,
        egress: &Egress,
        belongings: &mut Belongings,
        cancel: &Cancel,
    ) -> Result<Network, EngineError> {
        let Egress::Relay(relay) = egress else {
            return self.close_network(image, egress, belongings, cancel).await;
        };
        let network = self.network_behind_relay(relay).await?;
        let name = self.owner().fresh_name(Role::Pause);
        belongings.container(&name);
        let host_config = HostConfig {
            network_mode: Some(network.mode),
            binds: Some(network.binds),
            extra_hosts: Some(network.extra_hosts),
            pids_limit: Some(64),
            ..self.pause_limits()
        };
        let mut body = self.own_container(image, Role::Pause, &["worker", "pause"], host_config);
        let variables = network.environment.iter().map(|(name, value)| format!("{name}={value}"));
        body.env.get_or_insert_default().extend(variables);
        let lifeline = self.start_pause(&name, body).await?;
        Ok(Network {
            mode: format!("container:{name}"),
            relay: network.relay,
            lifeline: Some(lifeline),
            ..Network::default()
        })
    }

    fn pause_limits(&self) -> HostConfig {
        HostConfig {
            memory: Some(64 << 20),
            memory_swap: Some(64 << 20),
            pids_limit: Some(32),
            ..self.locked_down()
        }
    }

    fn pause_on(
        &self,
        image: &ImageRef,
        network: &str,
        target: IpAddr,
        hosts: &[String],
    ) -> ContainerCreateBody {
        let named = hosts.iter().filter(|host| host.parse::<IpAddr>().is_err());
        let host_config = HostConfig {
            network_mode: Some(network.to_owned()),
            // Without this the engine's own name server asks the host's resolver for the scanner.
            dns: Some(vec!["127.0.0.1".to_owned()]),
            extra_hosts: Some(named.map(|host| format!("{host}:{target}")).collect()),
            ..self.pause_limits()
        };
        ContainerCreateBody {
            networking_config: Some(NetworkingConfig {
                endpoints_config: Some(HashMap::from([(network.to_owned(), EndpointSettings::default())])),
            }),
            ..self.own_container(image, Role::Pause, &["worker", "pause"], host_config)
        }
    }

    /// Starts a pause container and waits for its word.
    async fn start_pause(
        &self,
        name: &str,
        body: ContainerCreateBody,
    ) -> Result<AttachContainerResults, EngineError> {
        self.create(name, body).await?;
        let mut lifeline = self.attach(name).await?;
        self.start(name).await?;
        let word = async {
            let mut said = String::new();
            while let Some(Ok(piece)) = lifeline.output.next().await {
                said.push_str(&piece.to_string());
                if said.lines().any(|line| line == READY) {
                    return Ok(());
                }
            }
            Err(said)
        };
        match tokio::time::timeout(Duration::from_secs(20), word).await {
            Ok(Ok(())) => Ok(lifeline),
            Ok(Err(said)) => {
                Err(EngineError::NotLocked { reason: format!("the pause container ended: {}", said.trim()) })
            }
            Err(_) => {
                Err(EngineError::NotLocked { reason: "the pause container does not get ready".to_owned() })
            }
        }
    }

    async fn strip_routes(
        &self,
        image: &ImageRef,
        pause: &str,
        keep: IpAddr,
        belongings: &mut Belongings,
        cancel: &Cancel,
    ) -> Result<(), EngineError> {
        let name = self.owner().fresh_name(Role::Lock);
        belongings.container(&name);
        let keep = keep.to_string();
        let host_config = HostConfig {
            network_mode: Some(format!("container:{pause}")),
            cap_add: Some(vec!["NET_ADMIN".to_owned()]),
            ..self.pause_limits()
        };
        let body = ContainerCreateBody {
            // Capabilities of other users are not effective.
            user: Some("0:0".to_owned()),
            ..self.own_container(image, Role::Lock, &["worker", "strip-routes", &keep], host_config)
        };
        self.create(&name, body).await?;
        self.start(&name).await?;
        let options = WaitContainerOptionsBuilder::default().condition("not-running").build();
        let mut wait = Box::pin(self.docker().wait_container(&name, Some(options)));
        let action = "closing the scanner's network";
        let ended =
            unless_cancelled(action, cancel, tokio::time::timeout(Duration::from_secs(20), wait.next()))
                .await?;
        match ended {
            Ok(Some(Ok(answer))) if answer.status_code == 0 => Ok(()),
            Ok(Some(Err(bollard::errors::Error::DockerContainerWaitError { .. }))) => {
                Err(EngineError::NotLocked { reason: self.last_words(&name).await })
            }
            Ok(Some(Err(error))) => Err(EngineError::of(action, error)),
            Ok(other) => Err(EngineError::NotLocked { reason: format!("unexpected answer {other:?}") }),
            Err(_) => {
                Err(EngineError::NoAnswer { action: action.to_owned(), within: Duration::from_secs(20) })
            }
        }
    }

    /// The last lines a container printed.
    pub(crate) async fn last_words(&self, name: &str) -> String {
        let options = LogsOptionsBuilder::default().stdout(true).stderr(true).tail("20").build();
        let collect =
            self.docker().logs(name, Some(options)).filter_map(async |piece| piece.ok()).collect::<Vec<_>>();
        let pieces = tokio::time::timeout(Duration::from_secs(5), collect).await.unwrap_or_default();
        let text: String = pieces.iter().map(ToString::to_string).collect();
        text.trim().to_owned()
    }

    /// The container's address on one of its networks.
    pub(crate) async fn address_on(&self, container: &str, network: &str) -> Result<IpAddr, EngineError> {
        let action = format!("looking for the address of {container}");
        let inspect = self.docker().inspect_container(container, None::<InspectContainerOptions>);
        let endpoints = ask(&action, inspect).await?.network_settings.and_then(|settings| settings.networks);
        endpoints
            .unwrap_or_default()
            .get(network)
            .and_then(|endpoint| endpoint.ip_address.as_deref())
            .and_then(|address| address.parse().ok())
            .ok_or_else(|| EngineError::Refused {
                action,
                status: 0,
                message: "it has none; is it running?".to_owned(),
            })
    }

    /// What every container of ours may do: next to nothing. The engine's own system call filter stays.
    pub(crate) fn locked_down(&self) -> HostConfig {
        HostConfig {
            cap_drop: Some(vec!["ALL".to_owned()]),
            security_opt: Some(vec!["no-new-privileges".to_owned()]),
            readonly_rootfs: Some(true),
            privileged: Some(false),
            auto_remove: Some(false),
            init: self.about().has_init.then_some(true),
            ipc_mode: Some("private".to_owned()),
            ..HostConfig::default()
        }
    }

    /// A container of our own program.
    pub(crate) fn own_container(
        &self,
        image: &ImageRef,
        role: Role,
        arguments: &[&str],
        host_config: HostConfig,
    ) -> ContainerCreateBody {
        ContainerCreateBody {
            image: Some(image.name().to_owned()),
            entrypoint: Some(vec![PROGRAM.to_owned()]),
            cmd: Some(arguments.iter().map(|argument| (*argument).to_owned()).collect()),
            user: Some(NOBODY.to_owned()),
            env: Some(vec![format!("LD_LIBRARY_PATH={LIBRARIES}")]),
            labels: Some(self.owner().labels(role)),
            attach_stdin: Some(true),
            attach_stdout: Some(true),
            attach_stderr: Some(true),
            open_stdin: Some(true),
            // Ends the program when this process dies and its end of the line closes.
            stdin_once: Some(true),
            tty: Some(false),
            host_config: Some(host_config),
            ..ContainerCreateBody::default()
        }
    }

    pub(crate) async fn create(&self, name: &str, body: ContainerCreateBody) -> Result<(), EngineError> {
        let image = body.image.clone().unwrap_or_default();
        let options = CreateContainerOptionsBuilder::default().name(name).build();
        let action = format!("creating a container of {image}");
        match ask(&action, self.docker().create_container(Some(options), body)).await {
            Ok(_) => Ok(()),
            Err(EngineError::Refused { status: 404, message, .. })
                if message.to_lowercase().contains("image") =>
            {
                Err(EngineError::ImageMissing { image, reason: message })
            }
            Err(error) => Err(error),
        }
    }

    pub(crate) async fn attach(&self, name: &str) -> Result<AttachContainerResults, EngineError> {
        let options = AttachContainerOptionsBuilder::default()
            .stdin(true)
            .stdout(true)
            .stderr(true)
            .stream(true)
            .build();
        ask("attaching to a container", self.docker().attach_container(name, Some(options))).await
    }

    pub(crate) async fn start(&self, name: &str) -> Result<(), EngineError> {
        let start = self.docker().start_container(name, None::<StartContainerOptions>);
        within(Duration::from_secs(60), &format!("starting container {name}"), start).await
    }
}

/// A user and group nobody has on the host.
pub(crate) const NOBODY: &str = "65532:65532";
