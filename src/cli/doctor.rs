//! `callaudit doctor`: whether everything that an audit needs is there and right, and how fast this machine is.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{fs, io};

use anyhow::Context;
use clap::Args;

use super::failure::{self, Failure};
use super::judges::load_policies;
use super::{FOUND, NOTHING_FOUND, listener, rules, semantics};
use crate::config::{Layer, Settings};
use crate::store::{Access, Broken, Place, Store};
use crate::weights::{self, Silent};

/// Speech in a second of a recording with a channel for each speaker: pauses are not heard, talking at once is heard twice.
const SPEECH_PER_S: f64 = 0.75;

/// Check the model, rule packs, policies and tools, and measure how fast this machine hears
#[derive(Debug, Args)]
pub struct DoctorArgs {
    /// Settings file [default: callaudit.toml where there is one]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// A store to check too: that it opens, and that nobody changed its log of actions
    #[arg(long, value_name = "FILE|URL", env = "CALLAUDIT_STORE")]
    store: Option<Place>,

    #[command(flatten)]
    settings: Layer,
}

/// What is there.
enum State {
    Good(String),
    /// An audit can do without what is not there.
    Lacking(&'static str),
}

/// Looks at one thing. An error is what makes an audit impossible, or another one than was asked for.
type Check = fn(&Settings) -> anyhow::Result<State>;

/// Prints a line a thing; exit status 1 where something is wrong.
pub(super) fn run(args: DoctorArgs) -> anyhow::Result<u8> {
    let settings = Settings::resolve(args.config.as_deref(), args.settings)?;
    let checks: [(&str, Check); 8] = [
        ("model", model),
        ("speed", speed),
        ("rule packs", packs),
        ("semantics", meanings),
        ("policies", policies),
        ("script", script),
        ("ffmpeg", |_| Ok(ffmpeg())),
        ("transcripts", transcripts),
    ];
    let mut is_right = true;
    for (what, check) in checks {
        is_right &= tell(what, check(&settings));
    }
    if let Some(place) = &args.store {
        is_right &= tell("store", store(place));
    }
    Ok(if is_right { NOTHING_FOUND } else { FOUND })
}

/// Prints a line; false where something is wrong.
fn tell(what: &str, found: anyhow::Result<State>) -> bool {
    let is_right = found.is_ok();
    let (mark, told) = match found {
        Ok(State::Good(told)) => ("ok     ", told),
        Ok(State::Lacking(told)) => ("lacking", told.to_owned()),
        Err(error) => {
            let hint = failure::hint(&error).map(|hint| format!("\nhint: {hint}"));
            ("WRONG  ", format!("{error:#}{}", hint.unwrap_or_default()))
        }
    };
    println!("{mark}  {what:<12} {}", told.replace('\n', "\n                      "));
    is_right
}

fn good(told: impl Into<String>) -> State {
    State::Good(told.into())
}

fn model(settings: &Settings) -> anyhow::Result<State> {
    let path = weights::resolve(&settings.model, &weights::default_directory())?;
    let verified = weights::verify(&path, &Silent)?;
    let known = verified.name.map_or("not one of the known models".to_owned(), |name| format!("is {name}"));
    Ok(good(format!("{}: whole, {known}", path.display())))
}

fn speed(settings: &Settings) -> anyhow::Result<State> {
    let minutes = 60.0 * SPEECH_PER_S * pace(settings).context("not measured")?;
    let jobs = settings.jobs;
    Ok(good(format!(
        "an hour of calls takes about {minutes:.1} minutes with {jobs} at once (three quarters of it speech)"
    )))
}

/// Seconds a second of speech.
fn pace(settings: &Settings) -> anyhow::Result<f64> {
    let listener = listener::load(settings)?;
    let threads = rayon::ThreadPoolBuilder::new().num_threads(settings.jobs).build()?;
    Ok(threads.install(|| listener.pace(settings.jobs))?)
}

fn packs(settings: &Settings) -> anyhow::Result<State> {
    let rules = rules::load(&settings.lexicons)?;
    let (words, measures) = (rules.rules().len(), rules.conduct().len());
    let over = match settings.lexicons.len() {
        0 => "the built-in ones".to_owned(),
        layers => format!("the built-in ones and {layers} of your own"),
    };
    Ok(good(format!("{words} rules about words, {measures} about the sound: {over}")))
}

fn meanings(settings: &Settings) -> anyhow::Result<State> {
    let loaded = semantics::load(&rules::load(&settings.lexicons)?, !settings.no_semantic)?;
    Ok(match loaded.identity {
        Some(identity) => good(format!("{}: whole, its heads belong to it", identity.name)),
        None if settings.no_semantic => good("none asked for"),
        None => {
            State::Lacking("not there: words are judged, meanings are not; callaudit model fetch e5-small")
        }
    })
}

fn policies(settings: &Settings) -> anyhow::Result<State> {
    load_policies(settings)?;
    Ok(good(settings.policies.join(", ")))
}

fn script(settings: &Settings) -> anyhow::Result<State> {
    let Some(name) = &settings.script else { return Ok(good("none asked for")) };
    rules::find_script(name, &settings.lexicons)?;
    Ok(good(name))
}

fn ffmpeg() -> State {
    let started = Command::new("ffmpeg").arg("-version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    if started.is_ok_and(|status| status.success()) {
        good("there: AMR, GSM, Opus, WMA and the like can be read")
    } else {
        State::Lacking("not there: WAV, MP3, AAC, FLAC, Ogg can be read; AMR, GSM, Opus, WMA cannot")
    }
}

fn store(place: &Place) -> anyhow::Result<State> {
    let mut store = Store::open(place, Access::Read)?;
    let calls = store.count_reports()?;
    match store.verify_actions()? {
        Ok(actions) => Ok(good(format!("{place}: {calls} calls; {actions} actions in the log, none changed"))),
        Err(Broken { seq }) => Err(Failure::new(
            format!("{place}: the log of actions was changed at line {seq}: what it says from there on proves nothing"),
            "compare it with a backup, and with the hashes in complaint packs",
        )
        .into()),
    }
}

fn transcripts(settings: &Settings) -> anyhow::Result<State> {
    let Some(folder) = &settings.transcripts else {
        return Ok(good("none are saved, every audit listens"));
    };
    match saved_in(folder) {
        Ok(count) => Ok(good(format!("{count} saved in {}", folder.display()))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Ok(good(format!("none saved yet, to be kept in {}", folder.display())))
        }
        Err(error) => Err(listener::unusable_folder(folder, &error).into()),
    }
}

fn saved_in(folder: &Path) -> io::Result<usize> {
    let entries = fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    Ok(entries.iter().filter(|entry| entry.path().extension().is_some_and(|end| end == "json")).count())
}
