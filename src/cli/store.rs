//! Where the store is, for commands that work on one.

use clap::Args;

use crate::store::{Access, Place, Store, StoreError};

/// The option that names a store.
#[derive(Debug, Args)]
pub(super) struct StoreArgs {
    /// The store: a file, or postgres://user@server/database
    #[arg(
        long = "store",
        value_name = "FILE|URL",
        env = "CALLAUDIT_STORE",
        default_value = "callaudit.sqlite"
    )]
    pub place: Place,
}

impl StoreArgs {
    pub fn open(&self, access: Access) -> Result<Store, StoreError> {
        Store::open(&self.place, access)
    }
}
