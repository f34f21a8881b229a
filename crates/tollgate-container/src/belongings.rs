//! Removing what was made, at the end of a run and after runs that never got to their end.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

use bollard::models::NetworkDisconnectRequest;
use bollard::query_parameters::{
    ListContainersOptionsBuilder, ListImagesOptionsBuilder, ListNetworksOptionsBuilder,
    ListVolumesOptionsBuilder, RemoveContainerOptionsBuilder, RemoveImageOptionsBuilder,
    RemoveVolumeOptionsBuilder,
};

use crate::engine::{Engine, within};
use crate::error::EngineError;
use crate::owner::{OWNER, is_abandoned};
use crate::relay;
use crate::staging::sweep_processes;

/// Removing one thing may not hold up the end of a scan for longer.
const REMOVE_WITHIN: Duration = Duration::from_secs(20);

/// How long the engine may still work on an order whose answer nobody awaits any more.
const LATE_BY: Duration = Duration::from_millis(500);

/// What a sweep removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Swept {
    /// Containers.
    pub containers: usize,
    /// Networks.
    pub networks: usize,
    /// Volumes.
    pub volumes: usize,
    /// Images, the reusable worker image not among them.
    pub images: usize,
    /// Folders of relay sockets, and programs of staging apps with their notes.
    pub folders: usize,
}

impl Swept {
    /// Whether nothing had been left behind.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Engine {
    /// Removes what killed runs left behind; what a living process still uses stays.
    ///
    /// # Errors
    /// When the engine does not answer. A thing that cannot be removed is left for the next sweep.
    pub async fn sweep(&self) -> Result<Swept, EngineError> {
        let mut swept =
            self.remove_where(|labels| is_abandoned(labels, self.owner(), self.is_local())).await?;
        swept.images += self.sweep_builds().await?;
        swept.folders = relay::sweep_folders(self.owner()) + sweep_processes(self.owner());
        Ok(swept)
    }

    /// Removes everything that belongs to this process: the last step after an interrupt.
    ///
    /// # Errors
    /// When the engine does not answer.
    pub async fn remove_own(&self) -> Result<Swept, EngineError> {
        let own = self.owner().to_string();
        self.remove_where(|labels| labels.get(OWNER) == Some(&own)).await
    }

    async fn remove_where(
        &self,
        gone: impl Fn(&HashMap<String, String>) -> bool,
    ) -> Result<Swept, EngineError> {
        let ours = HashMap::from([("label".to_owned(), vec![OWNER.to_owned()])]);
        let docker = self.docker();
        let mut swept = Swept::default();

        let options = ListContainersOptionsBuilder::default().all(true).filters(&ours).build();
        for container in
            within(REMOVE_WITHIN, "listing containers", docker.list_containers(Some(options))).await?
        {
            let (Some(id), Some(labels)) = (container.id, container.labels) else { continue };
            if gone(&labels) && remove_container(self, &id).await.is_ok() {
                swept.containers += 1;
            }
        }
        let options = ListNetworksOptionsBuilder::default().filters(&ours).build();
        for network in within(REMOVE_WITHIN, "listing networks", docker.list_networks(Some(options))).await? {
            let (Some(id), Some(labels)) = (network.id, network.labels) else { continue };
            if gone(&labels) && remove_network(self, &id).await.is_ok() {
                swept.networks += 1;
            }
        }
        let options = ListVolumesOptionsBuilder::default().filters(&ours).build();
        let volumes = within(REMOVE_WITHIN, "listing volumes", docker.list_volumes(Some(options))).await?;
        for volume in volumes.volumes.unwrap_or_default() {
            if gone(&volume.labels) && remove_volume(self, &volume.name).await.is_ok() {
                swept.volumes += 1;
            }
        }
        let options = ListImagesOptionsBuilder::default().all(true).filters(&ours).build();
        for image in within(REMOVE_WITHIN, "listing images", docker.list_images(Some(options))).await? {
            if gone(&image.labels) && remove_image(self, &image.id).await.is_ok() {
                swept.images += 1;
            }
        }
        Ok(swept)
    }
}

/// The things one run has made. Each is noted before the engine is asked to make it, so that an answer
/// that never came is no leak.
#[derive(Debug)]
pub(crate) struct Belongings {
    engine: Engine,
    things: Vec<Thing>,
}

#[derive(Debug, Clone)]
enum Thing {
    Container(String),
    Network(String),
    Volume(String),
    Image(String),
    /// A container of somebody else that was attached to a network of ours.
    Guest {
        network: String,
        container: String,
    },
}

impl Belongings {
    pub(crate) fn new(engine: &Engine) -> Self {
        Self { engine: engine.clone(), things: Vec::new() }
    }

    pub(crate) fn container(&mut self, name: &str) {
        self.things.push(Thing::Container(name.to_owned()));
    }

    pub(crate) fn network(&mut self, name: &str) {
        self.things.push(Thing::Network(name.to_owned()));
    }

    pub(crate) fn volume(&mut self, name: &str) {
        self.things.push(Thing::Volume(name.to_owned()));
    }

    pub(crate) fn image(&mut self, name: &str) {
        self.things.push(Thing::Image(name.to_owned()));
    }

    pub(crate) fn guest(&mut self, network: &str, container: &str) {
        self.things.push(Thing::Guest { network: network.to_owned(), container: container.to_owned() });
    }

    /// Removes everything, newest first; hands back what could not be removed.
    pub(crate) async fn remove_all(&mut self) -> Vec<EngineError> {
        remove_things(&self.engine, std::mem::take(&mut self.things)).await
    }
}

/// A future that is dropped half-way, or a panic, must not leave containers running; there is no runtime
/// to rely on then.
impl Drop for Belongings {
    fn drop(&mut self) {
        let things = std::mem::take(&mut self.things);
        if things.is_empty() {
            return;
        }
        let engine = self.engine.clone();
        let removal = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            if let Ok(runtime) = runtime {
                runtime.block_on(async {
                    remove_things(&engine, things.clone()).await;
                    // What was on order when the run was dropped may have been made in the meantime.
                    tokio::time::sleep(LATE_BY).await;
                    remove_things(&engine, things).await;
                });
            }
        });
        // A panic in there has left something for the next sweep; there is nobody to tell.
        let _ = removal.join();
    }
}

async fn remove_things(engine: &Engine, things: Vec<Thing>) -> Vec<EngineError> {
    let mut failures = Vec::new();
    for thing in things.into_iter().rev() {
        let removed = match &thing {
            Thing::Container(name) => remove_container(engine, name).await,
            Thing::Network(name) => remove_network(engine, name).await,
            Thing::Volume(name) => remove_volume(engine, name).await,
            Thing::Image(name) => remove_image(engine, name).await,
            Thing::Guest { network, container } => detach(engine, network, container).await,
        };
        failures.extend(removed.err());
    }
    failures
}

pub(crate) async fn remove_container(engine: &Engine, name: &str) -> Result<(), EngineError> {
    let action = format!("removing container {name}");
    for _ in 0..50 {
        let options = RemoveContainerOptionsBuilder::default().force(true).v(true).build();
        match gone(
            within(REMOVE_WITHIN, &action, engine.docker().remove_container(name, Some(options))).await,
        ) {
            // Somebody else's removal is under way; it is done when the container is not found.
            Err(EngineError::Refused { status: 409, .. }) => {
                tokio::time::sleep(Duration::from_millis(100)).await
            }
            answer => return answer,
        }
    }
    Err(EngineError::NoAnswer { action, within: Duration::from_secs(5) })
}

async fn remove_network(engine: &Engine, name: &str) -> Result<(), EngineError> {
    let action = format!("removing network {name}");
    let removal = within(REMOVE_WITHIN, &action, engine.docker().remove_network(name)).await;
    let Err(EngineError::Refused { status: 403 | 409 | 500, .. }) = removal else { return gone(removal) };
    let inspect = engine.docker().inspect_network(name, None);
    let guests = within(REMOVE_WITHIN, &action, inspect).await.map(|network| network.containers);
    let mut guests: Vec<String> = guests.ok().flatten().unwrap_or_default().into_keys().collect();
    guests.sort();
    for guest in guests {
        detach(engine, name, &guest).await?;
    }
    gone(within(REMOVE_WITHIN, &action, engine.docker().remove_network(name)).await)
}

async fn remove_volume(engine: &Engine, name: &str) -> Result<(), EngineError> {
    let options = RemoveVolumeOptionsBuilder::default().force(true).build();
    let removal = engine.docker().remove_volume(name, Some(options));
    gone(within(REMOVE_WITHIN, &format!("removing volume {name}"), removal).await)
}

pub(crate) async fn remove_image(engine: &Engine, name: &str) -> Result<(), EngineError> {
    let options = RemoveImageOptionsBuilder::default().build();
    let removal = engine.docker().remove_image(name, Some(options), None);
    gone(within(REMOVE_WITHIN, &format!("removing image {name}"), removal).await.map(drop))
}

async fn detach(engine: &Engine, network: &str, container: &str) -> Result<(), EngineError> {
    let request = NetworkDisconnectRequest { container: container.to_owned(), force: Some(true) };
    let detached = engine.docker().disconnect_network(network, request);
    let action = format!("detaching {container} from network {network}");
    match gone(within(REMOVE_WITHIN, &action, detached).await) {
        Err(EngineError::Refused { message, .. }) if message.contains("is not connected") => Ok(()),
        answer => answer,
    }
}

/// What is not there needs no removing.
fn gone(answer: Result<(), EngineError>) -> Result<(), EngineError> {
    match answer {
        Err(error) if error.is_not_found() => Ok(()),
        answer => answer,
    }
}

/// Removes folders in `parent` whose name says they belong to a process that is gone.
pub(crate) fn remove_folders(parent: &Path, is_abandoned: impl Fn(&str) -> bool) -> usize {
    let Ok(entries) = fs::read_dir(parent) else { return 0 };
    entries
        .flatten()
        .filter(|entry| entry.file_name().to_str().is_some_and(&is_abandoned))
        .filter(|entry| fs::remove_dir_all(entry.path()).is_ok())
        .count()
}
