//! `callaudit review import`: judgements out of a file that a reviewer filled in.

use std::path::PathBuf;

use clap::Args;

use crate::cli::failure::{Failure, print_call};
use crate::cli::store::StoreArgs;
use crate::cli::{FAILED, NOTHING_FOUND};
use crate::domain::CallError;
use crate::export::{judge_rows, read_filled};
use crate::store::{Access, Account, Role, Store};

/// Take judgements from a filled-in export (XLSX or CSV) into the store
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  callaudit review export --store qa.sqlite --out findings.xlsx --state open
  callaudit review import findings.xlsx --store qa.sqlite --as wang

In a row, 复核结论 is 确认 or 驳回 (confirmed, rejected); who rejects chooses a 驳回原因. Rows without 复核结论 and rows that
say what the store holds already change nothing, so a file may be imported again. A row that cannot be taken is told
with its line, and the others go on. CSV may be UTF-8 or GB18030.
Exit status: 0 everything was taken, 2 some row was refused.")]
pub(super) struct ImportArgs {
    /// The file that was filled in
    #[arg(value_name = "FILE")]
    file: PathBuf,

    #[command(flatten)]
    store: StoreArgs,

    /// The account whose judgements these are
    #[arg(long = "as", value_name = "NAME")]
    reviewer: String,
}

/// Runs the command and returns the exit status.
pub(super) fn run(args: &ImportArgs) -> anyhow::Result<u8> {
    // A store is not made by importing into it: there would be nothing to judge.
    args.store.open(Access::Read)?;
    let mut store = args.store.open(Access::Write)?;
    let account = reviewer(&mut store, &args.reviewer)?;
    let rows = read_filled(&args.file)?;
    let taken = judge_rows(&mut store, &account.name, &rows)?;
    for refused in &taken.refused {
        let cause = format!("line {}: {}", refused.line, refused.cause);
        print_call(&CallError::new(&args.file, cause, &*refused.hint));
    }
    println!(
        "{} confirmed, {} rejected, {} as before, {} left blank, {} refused",
        taken.confirmed,
        taken.rejected,
        taken.same,
        taken.blank,
        taken.refused.len()
    );
    Ok(if taken.refused.is_empty() { NOTHING_FOUND } else { FAILED })
}

/// The account, where it may judge.
fn reviewer(store: &mut Store, name: &str) -> anyhow::Result<Account> {
    let Some(account) = store.account(name)? else {
        return Err(
            Failure::new(format!("there is no account {name}"), "callaudit review account list").into()
        );
    };
    if !account.is_active {
        let hint = "name another account, or add this one anew: callaudit review account add";
        return Err(Failure::new(format!("the account {name} is locked"), hint).into());
    }
    if !Role::may_review(account.role) {
        let cause = format!("{name} is {} and may not judge findings", account.role.id());
        return Err(Failure::new(cause, "name an account that may: qa, supervisor or compliance").into());
    }
    Ok(account)
}
