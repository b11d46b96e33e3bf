//! The speech model for commands that listen.

use std::path::Path;
use std::{env, io};

use super::failure::Failure;
use crate::config::Settings;
use crate::lexicon;
use crate::transcribe::{Listener, Saved, Tuning, WhisperListener};
use crate::weights;

/// Loads the model of the settings, for as many windows at once as there are jobs.
pub(super) fn load(settings: &Settings) -> anyhow::Result<WhisperListener> {
    let model = weights::open(&settings.model, &weights::default_directory())?;
    let turns = lexicon::spoken_turns();
    Ok(WhisperListener::load(&model.path, model.identity, settings.jobs, turns, Tuning::default())?)
}

/// The same, saving what it hears where the settings say so.
pub(super) fn load_saving(settings: &Settings) -> anyhow::Result<Box<dyn Listener>> {
    let listener = load(settings)?;
    let Some(folder) = &settings.transcripts else { return Ok(Box::new(listener)) };
    let saved = env::current_exe().and_then(|program| Saved::new(listener, folder, &program));
    Ok(Box::new(saved.map_err(|error| unusable_folder(folder, &error))?))
}

/// Why transcripts cannot be kept.
pub(super) fn unusable_folder(folder: &Path, error: &io::Error) -> Failure {
    let cause = format!("{}: cannot keep transcripts there: {error}", folder.display());
    Failure::new(cause, "name another folder with --transcripts, or none with --transcripts none")
}
