//! `callaudit review account`: who may sign in.

use std::io::{IsTerminal, stdin};

use clap::{Args, Subcommand, ValueEnum};

use crate::cli::failure::Failure;
use crate::cli::store::StoreArgs;
use crate::cli::{FOUND, NOTHING_FOUND};
use crate::review::password;
use crate::store::{Access, Account, Role};

/// Who may sign in, and as what
#[derive(Debug, Args)]
pub(super) struct AccountArgs {
    #[command(subcommand)]
    command: AccountCommand,
}

#[derive(Debug, Subcommand)]
enum AccountCommand {
    /// Add an account, or give one a new role and password; it is asked for, or read from standard input
    Add {
        /// What the person signs in with
        name: String,
        /// 质检员 qa, 主管 supervisor, 合规 compliance (sees personal numbers), 只读 viewer
        #[arg(long)]
        role: RoleName,
        #[command(flatten)]
        store: StoreArgs,
    },
    /// Lock an account out at once; what it did stays
    Lock {
        name: String,
        #[command(flatten)]
        store: StoreArgs,
    },
    /// List the accounts
    List {
        #[command(flatten)]
        store: StoreArgs,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum RoleName {
    Qa,
    Supervisor,
    Compliance,
    Viewer,
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Qa => Self::Qa,
            RoleName::Supervisor => Self::Supervisor,
            RoleName::Compliance => Self::Compliance,
            RoleName::Viewer => Self::Viewer,
        }
    }
}

pub(super) fn run(args: AccountArgs) -> anyhow::Result<u8> {
    match args.command {
        AccountCommand::Add { name, role, store } => add(name, role.into(), &store),
        AccountCommand::Lock { name, store } => lock(&name, &store),
        AccountCommand::List { store } => list(&store),
    }
}

fn add(name: String, role: Role, store: &StoreArgs) -> anyhow::Result<u8> {
    if name.trim().is_empty() || name.chars().any(char::is_control) {
        return Err(Failure::new("the name is empty or unprintable", "choose another one").into());
    }
    let password = password()?;
    if password.chars().count() < password::SHORTEST {
        let cause = format!("the password has fewer than {} characters", password::SHORTEST);
        return Err(Failure::new(cause, "choose a longer one; a sentence is easy to remember").into());
    }
    let hash = password::hashed(&password).map_err(|cause| Failure::new(cause, "report this"))?;
    let details = serde_json::json!({"role": role.id()}).to_string();
    let account = Account { name, role, password: hash, is_active: true };
    store.open(Access::Write)?.transaction(|store| {
        store.put_account(&account)?;
        store.log_action("callaudit", "account", &account.name, &details)
    })?;
    println!("{} may sign in as {}", account.name, role.id());
    Ok(NOTHING_FOUND)
}

/// Asked for without showing it, or the first line of standard input.
fn password() -> anyhow::Result<String> {
    if stdin().is_terminal() {
        return Ok(rpassword::prompt_password("password: ")?);
    }
    let mut line = String::new();
    stdin().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\n', '\r']).to_owned())
}

fn lock(name: &str, store: &StoreArgs) -> anyhow::Result<u8> {
    let mut store = store.open(Access::Write)?;
    let Some(account) = store.account(name)? else {
        return Err(
            Failure::new(format!("there is no account {name}"), "callaudit review account list").into()
        );
    };
    store.transaction(|store| {
        store.put_account(&Account { is_active: false, ..account })?;
        store.log_action("callaudit", "account", name, "{\"locked\":true}")
    })?;
    Ok(NOTHING_FOUND)
}

fn list(store: &StoreArgs) -> anyhow::Result<u8> {
    let accounts = store.open(Access::Read)?.accounts()?;
    for account in &accounts {
        println!(
            "{:<11} {}{}",
            account.role.id(),
            account.name,
            if account.is_active { "" } else { "  (locked)" }
        );
    }
    Ok(if accounts.is_empty() { FOUND } else { NOTHING_FOUND })
}
