//! `callaudit lexicon fmt`: packs in their canonical form.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;

use crate::cli::failure::Failure;
use crate::domain::CallError;
use crate::lexicon::format_pack;

/// Which packs to lay out, and whether to write them.
#[derive(Debug, Args)]
pub(super) struct FmtArgs {
    /// Packs (*.toml), or directories of them
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,

    /// Write nothing; exit with 1 where a pack is not in its canonical form
    #[arg(long)]
    check: bool,
}

/// Writes the packs anew; true unless `--check` found one that is not in form.
pub(super) fn run(args: &FmtArgs, out: &mut impl Write) -> anyhow::Result<bool> {
    let mut changed = 0;
    let packs = packs(&args.paths)?;
    for path in &packs {
        let text = std::fs::read_to_string(path).map_err(|error| unreadable(path, &error))?;
        let formatted = format_pack(&path.to_string_lossy(), &text)
            .map_err(|problem| Failure::new(problem.render(false), problem.hint.as_str()))?;
        if formatted == text {
            continue;
        }
        changed += 1;
        writeln!(out, "{}", path.display())?;
        if !args.check {
            std::fs::write(path, formatted)
                .with_context(|| format!("{}: cannot write it", path.display()))?;
        }
    }
    let what = if args.check { "not in canonical form" } else { "changed" };
    writeln!(out, "{changed} of {} packs {what}", packs.len())?;
    Ok(!args.check || changed == 0)
}

/// Every `*.toml` named, or lying in a directory named, in order.
fn packs(paths: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    let mut packs = Vec::new();
    for path in paths {
        if !path.is_dir() {
            packs.push(path.clone());
            continue;
        }
        let entries = std::fs::read_dir(path).map_err(|error| unreadable(path, &error))?;
        let mut inside: Vec<PathBuf> =
            entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
        inside.retain(|path| path.is_file() && path.extension().is_some_and(|extension| extension == "toml"));
        inside.sort();
        packs.extend(inside);
    }
    Ok(packs)
}

fn unreadable(path: &Path, error: &io::Error) -> CallError {
    CallError::new(
        path,
        format!("cannot read it: {error}"),
        "name a rule pack (*.toml) or a directory of them",
    )
}
