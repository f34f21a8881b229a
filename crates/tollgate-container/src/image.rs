//! The worker image: an empty image with the running program in it, built without any registry.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bollard::body_try_stream;
use bollard::query_parameters::{BuildImageOptionsBuilder, ListImagesOptionsBuilder};
use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream};
use sha2::{Digest, Sha256};
use tollgate_core::Cancel;

use crate::belongings::remove_image;
use crate::elf;
use crate::engine::{Engine, ask, unless_cancelled};
use crate::error::EngineError;
use crate::owner::{BUILDER, Owner, ROLE, Role};

/// Where the program stands in the image.
pub(crate) const PROGRAM: &str = "/tollgate";
/// Where its libraries stand, if it has any.
pub(crate) const LIBRARIES: &str = "/lib/tollgate";

/// How engines list an image without a name.
const NO_TAG: &str = "<none>:<none>";
const REPOSITORY: &str = "tollgate-worker";
/// Part of the digest, so that a change of the layout makes a new image.
const LAYOUT: &[u8] = b"layout 1";
const PIECE: usize = 1 << 20;

/// One build at a time in this process; the others then find its image.
static BUILD: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// Another version of Tollgate may have just built its image and be about to use it.
const LEAVE_YOUNGER: Duration = Duration::from_secs(600);

/// An image the engine has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageRef(String);

impl ImageRef {
    /// The image's name with its tag or digest.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0
    }
}

impl Engine {
    /// The image that holds `program` and nothing else but the libraries it is linked with. Its tag is
    /// the digest of those files, so it is built once; images of other programs are pruned.
    ///
    /// # Errors
    /// When the program cannot run in an image of its own, or the engine does not build it.
    pub async fn worker_image(&self, program: &Path, cancel: &Cancel) -> Result<ImageRef, EngineError> {
        let path = program.to_owned();
        let files = blocking(move || Files::of(&path)).await?;
        let image = ImageRef(format!("{REPOSITORY}:{}", files.digest));
        if !self.has_image(image.name()).await? {
            let _one_at_a_time = unless_cancelled("building the worker image", cancel, BUILD.lock()).await?;
            if !self.has_image(image.name()).await? {
                let builder = self.owner().to_string();
                let context = blocking(move || files.context(&builder)).await?;
                self.build_worker(&image, context, cancel).await?;
            }
        }
        self.prune_worker_images(&image, LEAVE_YOUNGER).await?;
        Ok(image)
    }

    /// Removes worker images other than `keep` that are at least this old; one that is in use stays.
    ///
    /// # Errors
    /// When the engine does not answer.
    pub async fn prune_worker_images(
        &self,
        keep: &ImageRef,
        older_than: Duration,
    ) -> Result<(), EngineError> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        for image in self.worker_images().await? {
            let age = now.saturating_sub(u64::try_from(image.created).unwrap_or(0));
            let is_kept = image.repo_tags.iter().any(|tag| tag.ends_with(keep.name()));
            if is_kept || age < older_than.as_secs() {
                continue;
            }
            for tag in image.repo_tags.iter().filter(|tag| *tag != NO_TAG) {
                // The engine refuses while a container uses it.
                let _ = remove_image(self, tag).await;
            }
        }
        Ok(())
    }

    /// Removes what is left of builds of worker images that never came to their end.
    pub(crate) async fn sweep_builds(&self) -> Result<usize, EngineError> {
        let mut removed = 0;
        for image in self.worker_images().await? {
            let builder = image.labels.get(BUILDER).and_then(|text| Owner::parse(text));
            let is_step = image.repo_tags.iter().all(|tag| tag == NO_TAG);
            let is_over = builder.is_none_or(|builder| builder.is_dead(self.owner(), self.is_local()));
            // The engine refuses for steps that another image is built on, such as the one in use.
            if is_step && is_over && remove_image(self, &image.id).await.is_ok() {
                removed += 1;
            }
        }
        Ok(removed)
    }

    async fn worker_images(&self) -> Result<Vec<bollard::models::ImageSummary>, EngineError> {
        let label = format!("{ROLE}={}", Role::Worker.as_str());
        let filters = HashMap::from([("label".to_owned(), vec![label])]);
        let options = ListImagesOptionsBuilder::default().all(true).filters(&filters).build();
        ask("listing images", self.docker().list_images(Some(options))).await
    }

    /// Whether the engine has the image.
    pub(crate) async fn has_image(&self, name: &str) -> Result<bool, EngineError> {
        match ask(&format!("looking for image {name}"), self.docker().inspect_image(name)).await {
            Ok(_) => Ok(true),
            Err(error) if error.is_not_found() => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn build_worker(
        &self,
        image: &ImageRef,
        context: File,
        cancel: &Cancel,
    ) -> Result<(), EngineError> {
        let action = "building the worker image";
        let options = BuildImageOptionsBuilder::default()
            .dockerfile("Dockerfile")
            .t(image.name())
            .rm(true)
            .forcerm(true)
            .build();
        self.build(action, options, context, cancel, |_| {}).await
    }

    /// Builds an image from a packed folder; `on_output` gets what the build prints.
    pub(crate) async fn build(
        &self,
        action: &str,
        options: bollard::query_parameters::BuildImageOptions,
        context: File,
        cancel: &Cancel,
        mut on_output: impl FnMut(&str),
    ) -> Result<(), EngineError> {
        let body = body_try_stream(pieces(context));
        let mut progress = Box::pin(self.docker().build_image(options, None, Some(body)));
        let build = async {
            while let Some(step) = progress.next().await {
                let step = step.map_err(|error| EngineError::of(action, error))?;
                on_output(step.stream.as_deref().unwrap_or_default());
            }
            Ok(())
        };
        unless_cancelled(action, cancel, build).await?
    }
}

/// The program and its libraries with their places in the image.
struct Files {
    digest: String,
    /// Place in the image, without the leading slash, and file.
    places: Vec<(String, PathBuf)>,
}

impl Files {
    fn of(program: &Path) -> Result<Self, EngineError> {
        let needs = elf::needs(program)?;
        let mut places = vec![(PROGRAM.trim_start_matches('/').to_owned(), program.to_owned())];
        if let Some(loader) = needs.loader {
            places.push((loader.to_string_lossy().trim_start_matches('/').to_owned(), loader));
        }
        let libraries = LIBRARIES.trim_start_matches('/');
        places.extend(needs.libraries.into_iter().map(|(name, file)| (format!("{libraries}/{name}"), file)));
        let mut hash = Sha256::new();
        hash.update(LAYOUT);
        for (place, file) in &places {
            hash.update(place.as_bytes());
            hash.update([0]);
            hash_file(file, &mut hash).map_err(|source| EngineError::File { path: file.clone(), source })?;
        }
        let digest = hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        Ok(Self { digest, places })
    }

    /// The build context as a temporary file.
    fn context(&self, builder: &str) -> Result<File, EngineError> {
        // The labels come first, so that every step a killed build leaves behind carries them.
        let labels = format!("{ROLE}={} {BUILDER}=\"{builder}\"", Role::Worker.as_str());
        let dockerfile = format!("FROM scratch\nLABEL {labels}\nCOPY root /\n");
        let packed = tempfile::tempfile().and_then(|file| {
            let mut archive = tar::Builder::new(io::BufWriter::new(file));
            append(&mut archive, "Dockerfile", 0o644, dockerfile.len() as u64, dockerfile.as_bytes())?;
            for (place, path) in &self.places {
                let file = File::open(path)?;
                let size = file.metadata()?.len();
                append(&mut archive, &format!("root/{place}"), 0o755, size, file)?;
            }
            rewound(archive)
        });
        packed.map_err(|source| EngineError::File { path: self.places[0].1.clone(), source })
    }
}

fn append(
    archive: &mut tar::Builder<impl Write>,
    place: &str,
    mode: u32,
    size: u64,
    content: impl Read,
) -> io::Result<()> {
    let mut header = tar::Header::new_gnu();
    header.set_mode(mode);
    header.set_size(size);
    header.set_mtime(0);
    archive.append_data(&mut header, place, content.take(size))
}

/// Ends an archive and goes back to its start for reading.
pub(crate) fn rewound(archive: tar::Builder<io::BufWriter<File>>) -> io::Result<File> {
    let mut file = archive.into_inner()?.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.rewind()?;
    Ok(file)
}

fn hash_file(path: &Path, hash: &mut Sha256) -> io::Result<()> {
    let mut file = fs::File::open(path)?;
    let mut piece = vec![0; PIECE];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(()),
            length => hash.update(&piece[..length]),
        }
    }
}

/// The file as a stream of pieces, so that a large program is never whole in memory.
fn pieces(file: File) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
    stream::unfold(Some(file), |file| async move {
        let mut file = file?;
        let read = tokio::task::spawn_blocking(move || {
            let mut piece = vec![0; PIECE];
            file.read(&mut piece).map(|length| {
                piece.truncate(length);
                (Bytes::from(piece), file)
            })
        });
        match read.await.map_err(io::Error::other).and_then(|read| read) {
            Ok((piece, _)) if piece.is_empty() => None,
            Ok((piece, file)) => Some((Ok(piece), Some(file))),
            Err(error) => Some((Err(error), None)),
        }
    })
}

/// Runs file work off the runtime's threads.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, EngineError> + Send + 'static,
) -> Result<T, EngineError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(join) => match join.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(join) => {
                Err(EngineError::Lost { action: "reading files".to_owned(), reason: join.to_string() })
            }
        },
    }
}
