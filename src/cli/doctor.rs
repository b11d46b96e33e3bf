//! `callaudit doctor`: whether everything that an audit needs is there and right, and how fast this machine is.

use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{fs, io};

use clap::Args;

use super::{FOUND, NOTHING_FOUND, rules};
use crate::config::{Layer, Settings};
use crate::lexicon;
use crate::timing;
use crate::transcribe::{Tuning, WhisperListener};
use crate::weights::{self, Silent};

/// Speech in a second of a recording with a channel for each speaker: pauses are not heard, talking at once is heard twice.
const SPEECH_PER_S: f64 = 0.75;

/// Check the model, rule packs, policies and tools, and measure how fast this machine hears
#[derive(Debug, Args)]
pub struct DoctorArgs {
    /// Settings file [default: callaudit.toml where there is one]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    #[command(flatten)]
    settings: Layer,
}

/// What was found out about one thing.
enum Finding {
    Good(String),
    /// An audit can do without it.
    Lacking(String),
    /// No audit is possible, or not the one that was asked for.
    Wrong(String),
}

type Check = fn(&Settings) -> Finding;

/// Prints a line a thing; exit status 1 where something is wrong.
pub(super) fn run(args: DoctorArgs) -> anyhow::Result<u8> {
    let settings = Settings::resolve(args.config.as_deref(), args.settings)?;
    let checks: [(&str, Check); 7] = [
        ("model", model),
        ("speed", speed),
        ("rule packs", packs),
        ("policies", policies),
        ("script", script),
        ("ffmpeg", |_| ffmpeg()),
        ("transcripts", transcripts),
    ];
    let mut status = NOTHING_FOUND;
    for (what, check) in checks {
        let (mark, told) = match check(&settings) {
            Finding::Good(told) => ("ok     ", told),
            Finding::Lacking(told) => ("lacking", told),
            Finding::Wrong(told) => {
                status = FOUND;
                ("WRONG  ", told)
            }
        };
        println!("{mark}  {what:<12} {}", told.replace('\n', "\n                      "));
    }
    Ok(status)
}

/// The error as a line, and what to do as another.
fn wrong(error: impl Display, hint: impl Display) -> Finding {
    Finding::Wrong(format!("{error}\nhint: {hint}"))
}

fn model(settings: &Settings) -> Finding {
    let path = match weights::resolve(&settings.model, &weights::default_directory()) {
        Ok(path) => path,
        Err(error) => return wrong(&error, &error.hint),
    };
    match weights::verify(&path, &Silent) {
        Ok(verified) => {
            let known =
                verified.name.map_or("not one of the known models".to_owned(), |name| format!("is {name}"));
            Finding::Good(format!("{}: whole, {known}", path.display()))
        }
        Err(error) => wrong(&error, &error.hint),
    }
}

fn speed(settings: &Settings) -> Finding {
    match pace(settings) {
        Ok(pace) => {
            let minutes = 60.0 * SPEECH_PER_S * pace;
            let jobs = settings.jobs;
            Finding::Good(format!(
                "an hour of calls takes about {minutes:.1} minutes with {jobs} at once (three quarters of it speech)"
            ))
        }
        Err(error) => Finding::Wrong(format!("not measured: {error:#}")),
    }
}

/// Seconds a second of speech.
fn pace(settings: &Settings) -> anyhow::Result<f64> {
    let model = weights::open(&settings.model, &weights::default_directory())?;
    let turns = lexicon::spoken_turns();
    let listener =
        WhisperListener::load(&model.path, model.identity, settings.jobs, turns, Tuning::default())?;
    let threads = rayon::ThreadPoolBuilder::new().num_threads(settings.jobs).build()?;
    Ok(threads.install(|| listener.pace(settings.jobs))?)
}

fn packs(settings: &Settings) -> Finding {
    match rules::load(&settings.lexicons) {
        Ok(rules) => {
            let (words, measures) = (rules.rules().len(), rules.conduct().len());
            let over = match settings.lexicons.len() {
                0 => "the built-in ones".to_owned(),
                layers => format!("the built-in ones and {layers} of your own"),
            };
            Finding::Good(format!("{words} rules about words, {measures} about the sound: {over}"))
        }
        Err(error) => Finding::Wrong(error.to_string()),
    }
}

fn policies(settings: &Settings) -> Finding {
    let loaded = match timing::load_policies(&settings.lexicons) {
        Ok(loaded) => loaded,
        Err(errors) => {
            let told: Vec<String> = errors.iter().map(ToString::to_string).collect();
            return wrong(told.join("\n"), "see callaudit policy check");
        }
    };
    match loaded.select(&settings.policies) {
        Ok(_) => Finding::Good(settings.policies.join(", ")),
        Err(error) => wrong(&error, &error.hint),
    }
}

fn script(settings: &Settings) -> Finding {
    let Some(name) = &settings.script else {
        return Finding::Good("none asked for".to_owned());
    };
    match rules::find_script(name, &settings.lexicons) {
        Ok(_) => Finding::Good(name.clone()),
        Err(error) => Finding::Wrong(error.to_string()),
    }
}

fn ffmpeg() -> Finding {
    let started = Command::new("ffmpeg").arg("-version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    if started.is_ok_and(|status| status.success()) {
        Finding::Good("there: AMR, GSM, Opus, WMA and the like can be read".to_owned())
    } else {
        Finding::Lacking(
            "not there: WAV, MP3, AAC, FLAC, Ogg can be read; AMR, GSM, Opus, WMA cannot".to_owned(),
        )
    }
}

fn transcripts(settings: &Settings) -> Finding {
    let Some(folder) = &settings.transcripts else {
        return Finding::Good("none are saved, every audit listens".to_owned());
    };
    match saved_in(folder) {
        Ok(count) => Finding::Good(format!("{count} saved in {}", folder.display())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Finding::Good(format!("none saved yet, to be kept in {}", folder.display()))
        }
        Err(error) => wrong(
            format!("{}: {error}", folder.display()),
            "name another folder with --transcripts, or none with --transcripts none",
        ),
    }
}

fn saved_in(folder: &Path) -> io::Result<usize> {
    let entries = fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    Ok(entries.iter().filter(|entry| entry.path().extension().is_some_and(|end| end == "json")).count())
}
