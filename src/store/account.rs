//! Who may sign in, and who is.

use super::database::{Row, values};
use super::{Store, StoreError, now};

/// What an account may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// 质检员: judges findings; sees masked texts.
    Qa,
    /// 主管: also assigns, takes appeals in and decides them.
    Supervisor,
    /// 合规: like a supervisor, and sees what is masked for others.
    Compliance,
    /// 只读: looks on.
    Viewer,
}

impl Role {
    pub const ALL: [Self; 4] = [Self::Qa, Self::Supervisor, Self::Compliance, Self::Viewer];

    /// The stable id, as on the command line.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Qa => "qa",
            Self::Supervisor => "supervisor",
            Self::Compliance => "compliance",
            Self::Viewer => "viewer",
        }
    }

    /// The role of that id.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.id() == id)
    }

    /// Confirms and rejects findings.
    #[must_use]
    pub fn may_review(self) -> bool {
        self != Self::Viewer
    }

    /// Assigns findings, files and decides appeals.
    #[must_use]
    pub fn may_supervise(self) -> bool {
        matches!(self, Self::Supervisor | Self::Compliance)
    }

    /// Sees and hears personal numbers.
    #[must_use]
    pub fn may_see_all(self) -> bool {
        self == Self::Compliance
    }
}

/// An account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub name: String,
    pub role: Role,
    /// Argon2id in its standard text form.
    pub password: String,
    pub is_active: bool,
}

/// Somebody signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub account: Account,
    /// What forms must carry.
    pub csrf: String,
}

impl Store {
    /// Writes an account, in place of an earlier one of the name, whose sessions end.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn put_account(&mut self, account: &Account) -> Result<(), StoreError> {
        self.execute("DELETE FROM session WHERE account = $1", values![&account.name])?;
        self.execute(
            "INSERT INTO account (name, role, password, is_active, created_at) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (name) DO UPDATE SET role = excluded.role, password = excluded.password,
                 is_active = excluded.is_active",
            values![&account.name, account.role.id(), &account.password, account.is_active, now()],
        )
        .map(|_| ())
    }

    /// All accounts, by name.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn accounts(&mut self) -> Result<Vec<Account>, StoreError> {
        let rows = self.query("SELECT name, role, password, is_active FROM account ORDER BY name", &[])?;
        rows.into_iter().map(|mut row| account_of(&mut row)).collect()
    }

    /// An account by its name.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn account(&mut self, name: &str) -> Result<Option<Account>, StoreError> {
        let sql = "SELECT name, role, password, is_active FROM account WHERE name = $1";
        self.row(sql, values![name])?.as_mut().map(account_of).transpose()
    }

    /// Notes that somebody signed in until `expires_at` (RFC 3339, UTC); `token` is the hash of what the browser keeps.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn put_session(
        &mut self,
        token: &str,
        account: &str,
        csrf: &str,
        expires_at: &str,
    ) -> Result<(), StoreError> {
        self.execute("DELETE FROM session WHERE expires_at <= $1", values![now()])?;
        self.execute(
            "INSERT INTO session (token, account, csrf, expires_at) VALUES ($1, $2, $3, $4)",
            values![token, account, csrf, expires_at],
        )
        .map(|_| ())
    }

    /// Who is signed in by that hash of a token.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn session(&mut self, token: &str) -> Result<Option<Session>, StoreError> {
        let sql = "SELECT name, role, password, is_active, csrf FROM session JOIN account ON account.name = session.account
                   WHERE token = $1 AND expires_at > $2 AND is_active = 1";
        let Some(mut row) = self.row(sql, values![token, now()])? else { return Ok(None) };
        Ok(Some(Session { account: account_of(&mut row)?, csrf: row.take(4)? }))
    }

    /// Ends a session.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn end_session(&mut self, token: &str) -> Result<(), StoreError> {
        self.execute("DELETE FROM session WHERE token = $1", values![token]).map(|_| ())
    }
}

fn account_of(row: &mut Row) -> Result<Account, StoreError> {
    let role: String = row.take(1)?;
    Ok(Account {
        name: row.take(0)?,
        // A role of a newer program may at most look on.
        role: Role::from_id(&role).unwrap_or(Role::Viewer),
        password: row.take(2)?,
        is_active: row.take(3)?,
    })
}
