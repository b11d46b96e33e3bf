//! The speech model for commands that listen.

use crate::config::Settings;
use crate::lexicon;
use crate::transcribe::{Tuning, WhisperListener};
use crate::weights;

/// Loads the model of the settings, for as many windows at once as there are jobs.
pub(super) fn load(settings: &Settings) -> anyhow::Result<WhisperListener> {
    let model = weights::open(&settings.model, &weights::default_directory())?;
    let turns = lexicon::spoken_turns();
    Ok(WhisperListener::load(&model.path, model.identity, settings.jobs, turns, Tuning::default())?)
}
