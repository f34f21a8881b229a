//! `tollgate init`: a commented configuration, and on request the git hook and the CI job.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};

use crate::cli::{CiSystem, InitArgs};
use crate::config::FILE_NAME;
use crate::exit;
use crate::failure::Failure;

const CONFIGURATION: &str = include_str!("../../assets/tollgate.toml");
const HOOK: &str = include_str!("../../assets/pre-push");
const GITHUB: &str = include_str!("../../assets/github.yml");
const GITLAB: &str = include_str!("../../assets/gitlab.yml");

/// Writes the files; none when one of them exists and `--force` is not given.
pub(crate) fn run(args: &InitArgs) -> Result<u8, Failure> {
    let mut files: Vec<(PathBuf, &str, bool)> = vec![(args.path.join(FILE_NAME), CONFIGURATION, false)];
    if args.hook {
        let hooks = git_folder(&args.path).ok_or_else(|| {
            Failure::usage(
                anyhow!("{} is not in a git repository", args.path.display()),
                "run `git init` first",
            )
        })?;
        files.push((hooks.join("hooks/pre-push"), HOOK, true));
    }
    match args.ci {
        Some(CiSystem::Github) => {
            files.push((args.path.join(".github/workflows/tollgate.yml"), GITHUB, false))
        }
        Some(CiSystem::Gitlab) => files.push((args.path.join(".gitlab/tollgate.yml"), GITLAB, false)),
        None => {}
    }
    if let Some((path, ..)) = files.iter().find(|(path, ..)| !args.force && path.exists()) {
        return Err(Failure::usage(
            anyhow!("{} exists already", path.display()),
            "use --force to overwrite it",
        ));
    }
    for (path, text, executable) in &files {
        write(path, text, *executable).with_context(|| format!("failed to write {}", path.display()))?;
    }
    let names: Vec<String> = files.iter().map(|(path, ..)| path.display().to_string()).collect();
    crate::output::to_stdout(|stdout| {
        names.iter().try_for_each(|name| writeln!(stdout, "wrote {name}"))?;
        writeln!(stdout, "next: tollgate scan --dry-run")
    })?;
    Ok(exit::PASSED)
}

fn write(path: &Path, text: &str, executable: bool) -> std::io::Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, text)?;
    #[cfg(unix)]
    if executable {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(path, fs::Permissions::from_mode(0o755))?;
    }
    Ok(())
}

/// The git folder of the repository that holds `path`; follows the `gitdir:` file of a worktree.
fn git_folder(path: &Path) -> Option<PathBuf> {
    let start = path.canonicalize().ok()?;
    let git = start.ancestors().map(|folder| folder.join(".git")).find(|git| git.exists())?;
    if git.is_dir() {
        return Some(git);
    }
    let text = fs::read_to_string(&git).ok()?;
    let target = text.strip_prefix("gitdir:")?.trim();
    Some(git.parent()?.join(target))
}
