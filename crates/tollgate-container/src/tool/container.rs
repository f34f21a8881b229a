//! Running a tool in a container: without capabilities, its network closed, its sources read-only.

use std::collections::HashMap;
use std::io::{self, BufWriter, Read};
use std::path::Path;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use bollard::body_full;
use bollard::models::{ContainerCreateBody, HostConfig};
use bollard::query_parameters::{
    BuildImageOptionsBuilder, DownloadFromContainerOptionsBuilder, InspectContainerOptions,
    ListImagesOptionsBuilder, UploadToContainerOptionsBuilder,
};
use bytes::Bytes;
use futures_util::StreamExt;
use sha2::{Digest, Sha256};
use tollgate_core::{Cancel, CancelReason};

use super::command::LARGEST_RESULT;
use super::{Subject, Surroundings, ToolError, ToolImage, ToolNetwork, ToolProgram, ToolSpec};
use crate::belongings::{Belongings, remove_image};
use crate::egress::{Egress, Network};
use crate::engine::{Engine, ask, unless_cancelled};
use crate::error::EngineError;
use crate::image::rewound;
use crate::owner::{BUILDER, ROLE, Role};
use crate::staging::{bounded_log, fetch};
use crate::worker::limited;

/// Where the sources are mounted.
const SOURCE: &str = "/tollgate-source";

/// Runs the tool and hands back its result.
pub(super) async fn run(
    engine: &Engine,
    spec: &ToolSpec,
    surroundings: &Surroundings,
    source: &Path,
    cancel: &Cancel,
) -> Result<Vec<u8>, ToolError> {
    let mut belongings = Belongings::new(engine);
    let result = run_with(engine, spec, surroundings, source, &mut belongings, cancel).await;
    // What stays is left for the next sweep; the result matters more.
    let _ = belongings.remove_all().await;
    result
}

async fn run_with(
    engine: &Engine,
    spec: &ToolSpec,
    surroundings: &Surroundings,
    source: &Path,
    belongings: &mut Belongings,
    cancel: &Cancel,
) -> Result<Vec<u8>, ToolError> {
    let ToolProgram::Container { image, entrypoint, user } = &spec.program else {
        return Err(ToolError::Command {
            program: spec.id.to_string(),
            reason: "it is no container".to_owned(),
        });
    };
    let cancel = cancel.with_deadline(Instant::now() + spec.limits.time);
    let image = image_of(engine, spec, image, &cancel).await?;
    let target = surroundings.target.as_ref();
    let egress = match (spec.network, target) {
        (ToolNetwork::Target, Some(target)) => target.egress.clone(),
        (ToolNetwork::Target, None) => return Err(ToolError::NoTarget),
        _ => Egress::Nothing,
    };
    let network = match (spec.network, egress) {
        (ToolNetwork::Internet, _) => Network { mode: "bridge".to_owned(), ..Network::default() },
        (_, Egress::Nothing) => Network { mode: "none".to_owned(), ..Network::default() },
        (_, egress) => {
            let own = engine.worker_image(&surroundings.program, &cancel).await?;
            engine.shared_namespace(&own, &egress, belongings, &cancel).await?
        }
    };
    if spec.subject == Subject::Source && !engine.is_local() {
        let address = engine.address().to_owned();
        return Err(EngineError::NotLocal { action: "mounting the sources", address }.into());
    }
    let url = target.map(|target| target.url.as_str()).unwrap_or_default();
    let output = spec.output.as_deref().unwrap_or_default();
    let fill =
        |word: &str| word.replace("{target}", url).replace("{source}", SOURCE).replace("{output}", output);
    let binds = (spec.subject == Subject::Source).then(|| vec![format!("{}:{SOURCE}:ro", source.display())]);
    let name = engine.owner().fresh_name(Role::Tool);
    belongings.container(&name);
    let body = ContainerCreateBody {
        image: Some(image),
        entrypoint: entrypoint.clone(),
        cmd: Some(spec.arguments.iter().map(|word| fill(word)).collect()),
        env: Some(spec.environment.iter().map(|(name, value)| format!("{name}={}", fill(value))).collect()),
        user: user.clone(),
        labels: Some(engine.owner().labels(Role::Tool)),
        host_config: Some(HostConfig {
            network_mode: Some(network.mode.clone()),
            binds,
            // Tools keep state in their home folders; the layer they write to is removed with them.
            readonly_rootfs: Some(false),
            log_config: Some(bounded_log()),
            ..limited(&spec.limits, engine.locked_down())
        }),
        ..ContainerCreateBody::default()
    };
    engine.create(&name, body).await?;
    if let Some(folder) = spec.output.as_deref().and_then(|path| Path::new(path).parent()) {
        engine.make_folder(&name, folder).await?;
    }
    engine.start(&name).await?;
    let action = format!("running {}", spec.id);
    unless_cancelled(&action, &cancel, engine.wait_for_end(&name)).await??;

    let inspect = engine.docker().inspect_container(&name, None::<InspectContainerOptions>);
    let state = ask("asking how a tool ended", inspect).await?.state.unwrap_or_default();
    let code = state.exit_code.unwrap_or(-1);
    if state.oom_killed == Some(true) && code == 137 {
        return Err(ToolError::OutOfMemory);
    }
    if !spec.success_codes.contains(&code) {
        if matches!(code, 137 | 143) {
            let reason = format!("the tool was ended by signal {} from outside", code - 128);
            return Err(EngineError::Lost { action, reason }.into());
        }
        return Err(ToolError::Failed { code, log: engine.last_words(&name).await });
    }
    match &spec.output {
        Some(path) => match engine.read_file(&name, path, &cancel).await {
            Err(ToolError::Engine(error)) if error.is_not_found() => {
                Err(ToolError::NoResult { path: path.clone(), log: engine.last_words(&name).await })
            }
            answer => answer,
        },
        None => engine.printed(&name, &cancel).await,
    }
}

/// Makes sure that the engine has the tool's image and hands back its name.
async fn image_of(
    engine: &Engine,
    spec: &ToolSpec,
    image: &ToolImage,
    cancel: &Cancel,
) -> Result<String, EngineError> {
    let (dockerfile, refresh_days) = match image {
        ToolImage::Named(name) => {
            fetch(engine, name, cancel).await?;
            return Ok(name.clone());
        }
        ToolImage::Built { dockerfile, refresh_days } => (dockerfile, refresh_days),
    };
    let today = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs() / 86_400);
    let period = refresh_days.map_or(0, |days| today / u64::from(days.max(1)));
    let digest: String =
        Sha256::digest(dockerfile).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let repository = format!("tollgate-tool-{}", spec.id.as_str().to_lowercase());
    let name = format!("{repository}:{digest}-{period}");
    if engine.has_image(&name).await? {
        return Ok(name);
    }
    let context =
        packed(dockerfile).map_err(|source| EngineError::File { path: "Dockerfile".into(), source })?;
    let labels = HashMap::from([
        (ROLE.to_owned(), Role::Tool.as_str().to_owned()),
        (BUILDER.to_owned(), engine.owner().to_string()),
    ]);
    let options = BuildImageOptionsBuilder::default()
        .dockerfile("Dockerfile")
        .t(&name)
        .rm(true)
        .forcerm(true)
        .nocache(refresh_days.is_some())
        .labels(&labels)
        .build();
    let mut printed = String::new();
    let action = format!("building the image of {}", spec.id);
    let built = engine.build(&action, options, context, cancel, |text| printed.push_str(text)).await;
    if let Err(EngineError::Refused { status, message, .. }) = built {
        let reason = format!("{message} (status {status}; {})", printed.lines().last().unwrap_or_default());
        return Err(EngineError::ImageMissing { image: name, reason });
    }
    built?;
    prune(engine, &repository, &name).await?;
    Ok(name)
}

/// Removes images of earlier periods or instructions.
async fn prune(engine: &Engine, repository: &str, keep: &str) -> Result<(), EngineError> {
    let filters = HashMap::from([("reference".to_owned(), vec![repository.to_owned()])]);
    let options = ListImagesOptionsBuilder::default().filters(&filters).build();
    for image in ask("listing images", engine.docker().list_images(Some(options))).await? {
        for tag in image.repo_tags.iter().filter(|tag| !tag.ends_with(keep)) {
            // One that is in use stays.
            let _ = remove_image(engine, tag).await;
        }
    }
    Ok(())
}

fn packed(dockerfile: &str) -> io::Result<std::fs::File> {
    let mut archive = tar::Builder::new(BufWriter::new(tempfile::tempfile()?));
    let mut header = tar::Header::new_gnu();
    header.set_mode(0o644);
    header.set_size(dockerfile.len() as u64);
    archive.append_data(&mut header, "Dockerfile", dockerfile.as_bytes())?;
    rewound(archive)
}

impl Engine {
    /// Makes a folder that any user of the container can write to: fresh folders belong to root, and a
    /// tmpfs cannot be read from outside.
    async fn make_folder(&self, container: &str, folder: &Path) -> Result<(), EngineError> {
        let place = folder.strip_prefix("/").unwrap_or(folder);
        let trouble = |source| EngineError::File { path: folder.to_owned(), source };
        let mut archive = tar::Builder::new(Vec::new());
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(tar::EntryType::Directory);
        header.set_mode(0o777);
        header.set_size(0);
        archive.append_data(&mut header, place, io::empty()).map_err(trouble)?;
        let bytes = archive.into_inner().map_err(trouble)?;
        let options = UploadToContainerOptionsBuilder::default().path("/").build();
        let upload =
            self.docker().upload_to_container(container, Some(options), body_full(Bytes::from(bytes)));
        ask("making the folder for a tool's result", upload).await
    }

    /// A file out of a container that has ended.
    async fn read_file(&self, container: &str, path: &str, cancel: &Cancel) -> Result<Vec<u8>, ToolError> {
        const ACTION: &str = "reading a tool's result";
        let options = DownloadFromContainerOptionsBuilder::default().path(path).build();
        let download = async {
            let mut bytes = Vec::new();
            let mut pieces = Box::pin(self.docker().download_from_container(container, Some(options)));
            while let Some(piece) = pieces.next().await {
                bytes.extend_from_slice(&piece.map_err(|error| EngineError::of(ACTION, error))?);
                if bytes.len() as u64 > LARGEST_RESULT {
                    return Err(ToolError::BadResult(format!("it has more than {LARGEST_RESULT} bytes")));
                }
            }
            Ok(bytes)
        };
        let bytes = unless_cancelled(ACTION, cancel, download).await??;
        let unreadable = |error: io::Error| ToolError::BadResult(error.to_string());
        let mut archive = tar::Archive::new(bytes.as_slice());
        for entry in archive.entries().map_err(unreadable)? {
            let mut entry = entry.map_err(unreadable)?;
            if entry.header().entry_type().is_file() {
                let mut content = Vec::new();
                entry.read_to_end(&mut content).map_err(unreadable)?;
                return Ok(content);
            }
        }
        Err(ToolError::BadResult("it is no file".to_owned()))
    }

    /// All that a container has printed to standard output.
    async fn printed(&self, container: &str, cancel: &Cancel) -> Result<Vec<u8>, ToolError> {
        const ACTION: &str = "reading what a tool printed";
        let options = bollard::query_parameters::LogsOptionsBuilder::default().stdout(true).build();
        let read = async {
            let mut bytes = Vec::new();
            let mut pieces = Box::pin(self.docker().logs(container, Some(options)));
            while let Some(piece) = pieces.next().await {
                bytes.extend_from_slice(&piece.map_err(|error| EngineError::of(ACTION, error))?.into_bytes());
                // The log is bounded, and what is over the bound is lost without a word.
                if bytes.len() > LARGEST_PRINTED {
                    return Err(ToolError::BadResult(
                        "it is too long to be printed; use `output`".to_owned(),
                    ));
                }
            }
            Ok(bytes)
        };
        let answer =
            unless_cancelled(ACTION, cancel, tokio::time::timeout(Duration::from_secs(60), read)).await?;
        answer.unwrap_or_else(|_| {
            Err(EngineError::Cancelled { action: ACTION.to_owned(), reason: CancelReason::DeadlinePassed }
                .into())
        })
    }
}

/// Half of what the engine keeps of a log.
const LARGEST_PRINTED: usize = 15 << 20;
