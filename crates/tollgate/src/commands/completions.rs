//! `tollgate completions`: the completion script of a shell.

use std::io;

use clap::CommandFactory;
use clap_complete::Shell;

use crate::cli::Cli;
use crate::exit;
use crate::failure::Failure;

/// Prints the script.
pub(crate) fn run(shell: Shell) -> Result<u8, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "tollgate", &mut script);
    crate::output::to_stdout(|stdout| io::Write::write_all(stdout, &script))?;
    Ok(exit::PASSED)
}
