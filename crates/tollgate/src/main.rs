//! The command line of Tollgate: parses, runs, and turns the answer into an exit code.

mod baseline;
mod cli;
mod commands;
mod config;
mod exit;
mod failure;
mod fixes;
mod folders;
mod interrupt;
mod libraries;
mod output;
mod progress;
mod readers;
mod reading;
mod scanners;
mod settings;
mod staging;
mod tools;
mod verdict;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::{Cli, Command};
use crate::failure::Failure;

fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(&cli) {
        Ok(code) => ExitCode::from(code),
        Err(failure) => ExitCode::from(failure.report(&cli.output)),
    }
}

fn run(cli: &Cli) -> Result<u8, Failure> {
    match &cli.command {
        Command::Scan(args) => commands::scan::run(args, &cli.output),
        Command::Merge(args) => commands::merge::run(args, &cli.output),
        Command::Gate(args) => commands::gate::run(args, &cli.output),
        Command::Rules(command) => commands::rules::run(command, &cli.output),
        Command::Advisories(command) => commands::advisories::run(command, &cli.output),
        Command::Baseline(command) => commands::baseline::run(command, &cli.output),
        Command::Init(args) => commands::init::run(args),
        Command::Completions { shell } => commands::completions::run(*shell),
        Command::Worker(command) => commands::worker::run(command),
    }
}
