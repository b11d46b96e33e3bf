//! `callaudit lexicon`: the tools of those who write rules, one file a subcommand.

mod check;
mod conduct;
mod diff;
mod explain;
mod fmt;
mod list;
mod profile;
mod test;
#[cfg(test)]
mod tests;

use std::io::{self, IsTerminal};
use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{rules, semantics};
use crate::lexicon;

/// Rule packs: check, test, list, explain, fmt, profile, diff
#[derive(Debug, Args)]
pub struct LexiconArgs {
    #[command(subcommand)]
    command: LexiconCommand,
}

#[derive(Debug, Subcommand)]
enum LexiconCommand {
    /// Report mistakes in the packs, with file, line and what to do
    Check(Layers),
    /// Run every rule against its own `hit` and `miss`
    Test(Layers),
    /// List rules
    List(list::ListArgs),
    /// Show everything about one rule
    Explain {
        /// Id of the rule, e.g. threat.family
        rule: String,
        #[command(flatten)]
        layers: Layers,
    },
    /// Lay out packs in their canonical form; comments stay
    Fmt(fmt::FmtArgs),
    /// Time and findings of each rule over transcripts
    Profile(profile::ProfileArgs),
    /// Findings over transcripts that only one of two sets of rules makes
    Diff(diff::DiffArgs),
}

#[derive(Debug, Args)]
struct Layers {
    /// Directory of rule packs to lay over the built-in ones; may be given again
    #[arg(long = "lexicons", value_name = "DIR")]
    directories: Vec<PathBuf>,
}

/// Runs the command; 0 if all is well, 1 if there are problems.
///
/// # Errors
/// Packs that do not load (except under `check`), an unknown rule, output that cannot be written.
pub fn run(args: LexiconArgs) -> anyhow::Result<u8> {
    let mut out = io::stdout().lock();
    let styled = out.is_terminal();
    let well = match args.command {
        LexiconCommand::Check(layers) => {
            let (checked, advice) =
                (lexicon::check(&layers.directories), lexicon::advise(&layers.directories));
            check::check(&checked, &advice, styled, &mut out)?
        }
        LexiconCommand::Test(layers) => {
            let scripts = rules::load_scripts(&layers.directories)?;
            let rules = rules::load(&layers.directories)?;
            let semantics = semantics::load(&rules, true)?;
            test::test(&rules, &scripts, semantics.understanding().ok(), &mut out)?
        }
        LexiconCommand::List(args) => list::run(&args, &mut out)?,
        LexiconCommand::Explain { rule, layers } => explain::run(&rule, &layers.directories, &mut out)?,
        LexiconCommand::Fmt(args) => fmt::run(&args, &mut out)?,
        LexiconCommand::Profile(args) => profile::run(&args, &mut out)?,
        LexiconCommand::Diff(args) => diff::run(&args, &mut out)?,
    };
    Ok(u8::from(!well))
}

/// A dialogue on one line.
fn one_line(text: &str) -> String {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" / ")
}

/// Names of values as the packs write them.
fn lower(value: impl std::fmt::Debug) -> String {
    format!("{value:?}").to_lowercase()
}
