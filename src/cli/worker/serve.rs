//! The process in which calls are audited, for its keeper.

use std::io::BufReader;
use std::sync::{Mutex, OnceLock, PoisonError};

use super::ServeArgs;
use crate::audit::Auditor;
use crate::cli::judges::Judges;
use crate::cli::{NOTHING_FOUND, listener};
use crate::config::Settings;
use crate::timing::{self, Law, Refusals};
use crate::transcribe::Listener;
use crate::worker::{self, Service};

/// What listens, loaded for the first recording.
struct Ears<'a> {
    settings: &'a Settings,
    loading: Mutex<()>,
    listener: OnceLock<Box<dyn Listener>>,
}

impl Ears<'_> {
    /// # Errors
    /// Where there is no model: then no recording can be audited here.
    fn listener(&self) -> anyhow::Result<&dyn Listener> {
        let _turn = self.loading.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(listener) = self.listener.get() {
            return Ok(listener.as_ref());
        }
        let loaded = listener::load_saving(self.settings)?;
        Ok(self.listener.get_or_init(|| loaded).as_ref())
    }
}

/// Serves until the input ends.
pub(super) fn run(args: &ServeArgs) -> anyhow::Result<u8> {
    end_with_keeper();
    let settings = args.settings()?;
    let judges = Judges::load(&settings, args.calendar.as_deref())?;
    let zone = timing::timezone(&settings.timezone)?;
    let refusals = Refusals::unknown();
    let ears = Ears { settings: &settings, loading: Mutex::default(), listener: OnceLock::new() };
    let (deaf, hearing) = (judges.auditor(None, &settings), OnceLock::new());
    let auditor = |hears: bool| -> anyhow::Result<&Auditor> {
        if !hears {
            return Ok(&deaf);
        }
        let listener = ears.listener()?;
        Ok(hearing.get_or_init(|| judges.auditor(Some(listener), &settings)))
    };
    let law = Law { policies: judges.policies.policies(), calendar: &judges.calendar, refusals: &refusals };
    let service = Service { auditor, law, zone: &zone, jobs: settings.jobs, rows: args.rows };
    worker::serve(BufReader::new(std::io::stdin()), std::io::stdout().lock(), &service)?;
    Ok(NOTHING_FOUND)
}

/// A recording may hang this process for ever: when the keeper is killed, nobody else would end it.
#[cfg(unix)]
fn end_with_keeper() {
    use std::os::unix::process::parent_id;
    let keeper = parent_id();
    std::thread::spawn(move || {
        while parent_id() == keeper {
            std::thread::sleep(std::time::Duration::from_secs(1));
        }
        std::process::exit(i32::from(crate::cli::FAILED));
    });
}

#[cfg(not(unix))]
fn end_with_keeper() {}
