//! `callaudit coach`: a month of an agent as a sheet to speak about.

use std::io;
use std::path::{Path, PathBuf};

use clap::Args;

use super::failure::Failure;
use super::store::StoreArgs;
use super::{NOTHING_FOUND, rules};
use crate::case::{FolderSink, Sink};
use crate::coaching::{self, Clips, CoachingError, Month, NoMonth, Sheet};
use crate::config::{Layer, Settings};
use crate::domain::Coaching;
use crate::ingest::DecodeOptions;
use crate::report::{file_stem, file_stems, write_new};
use crate::store::{Access, Store};

/// Write an agent's coaching sheet (辅导单) for a month
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  callaudit coach A017 --month 2026-10 --store qa.sqlite          coaching-A017-2026-10.html, here
  callaudit coach A017 --store qa.sqlite --out sheets/A017.html   the month of the store's last call
  callaudit coach --all --month 2026-10 --out sheets/             one for every agent with calls in the month

On the sheet, in Chinese: calls, flagged share and average score; the findings that recur, each with up to three
examples, their sound, what reviewers said and what to say instead; those of one call only; three months side by side;
and what went well: good conduct, what was kept, what is gone since an earlier month, appeals that were won.
Findings count where they stand: by themselves and not rejected, or confirmed. Numbers are masked in text and sound.
What to say instead is in coaching.toml of the rule packs; --lexicons lays your own over it.
Exit status: 0 written, 2 there is no such agent, no call in the month, or the sheet could not be written.")]
pub struct CoachArgs {
    /// The agent, as the call records name it
    #[arg(value_name = "AGENT", required_unless_present = "all", conflicts_with = "all")]
    agent: Option<String>,

    /// A sheet for every agent with calls in the month, into a folder
    #[arg(long)]
    all: bool,

    /// The month, YYYY-MM [default: that of the store's last call]
    #[arg(long, value_name = "YYYY-MM", value_parser = month)]
    month: Option<Month>,

    #[command(flatten)]
    store: StoreArgs,

    /// Where the sheet goes: a file, or a folder that is there; with --all a folder that is empty or not there. Nothing is
    /// written over [default: coaching-AGENT-MONTH.html, with --all coaching-MONTH/]
    #[arg(short, long, value_name = "FILE|DIR")]
    out: Option<PathBuf>,

    /// Leave the sound out
    #[arg(long)]
    no_clips: bool,

    /// Directory of rule packs, laid over the built-in ones; may be repeated
    #[arg(long = "lexicons", value_name = "DIR", env = "CALLAUDIT_LEXICONS", value_delimiter = ':')]
    lexicons: Option<Vec<PathBuf>>,

    /// Settings file [default: callaudit.toml, if there]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

fn month(text: &str) -> Result<Month, String> {
    text.parse().map_err(|error: NoMonth| format!("{error}; {}", NoMonth::HINT))
}

/// Runs the command and returns the exit status.
pub(super) fn run(args: &CoachArgs) -> anyhow::Result<u8> {
    let layer = Layer { lexicons: args.lexicons.clone(), ..Layer::default() };
    let settings = Settings::resolve(args.config.as_deref(), layer)?;
    let rules = rules::load(&settings.lexicons)?;
    let mut store = args.store.open(Access::Read)?;
    let month = match args.month {
        Some(month) => month,
        None => coaching::last_month(&mut store)?.ok_or_else(empty)?,
    };
    let mut desk = Desk {
        store,
        coaching: rules.coaching(),
        month,
        decode: (!args.no_clips).then(|| DecodeOptions {
            agent_channel: settings.agent_channel.index(),
            max_duration_s: f64::from(settings.max_minutes) * 60.0,
        }),
        recordings_lost: 0,
    };
    match &args.agent {
        Some(agent) => desk.one(agent, args.out.as_deref())?,
        None => desk.all(args.out.as_deref())?,
    }
    if desk.recordings_lost > 0 {
        eprintln!(
            "warning: {} recordings are gone, changed or unreadable: the sheet has no sound of them, and says so",
            desk.recordings_lost
        );
    }
    Ok(NOTHING_FOUND)
}

fn empty() -> Failure {
    Failure::new("the store has no call with a day", "fill it: callaudit batch --calls calls.csv inbox/")
}

/// Makes the sheets of a month.
struct Desk<'a> {
    store: Store,
    coaching: &'a Coaching,
    month: Month,
    /// How recordings are read; absent where no sound is wanted.
    decode: Option<DecodeOptions>,
    recordings_lost: usize,
}

impl Desk<'_> {
    fn one(&mut self, agent: &str, out: Option<&Path>) -> anyhow::Result<()> {
        let name = format!("coaching-{}-{}.html", file_stem(agent), self.month);
        let place = match out {
            None => PathBuf::from(name),
            Some(out) if out.is_dir() => out.join(name),
            Some(out) => out.to_owned(),
        };
        let (sheet, page) = self.sheet(agent)?;
        write_new(&place, page.as_bytes()).map_err(|error| unwritten(&error, &place))?;
        println!("{}: {}", told(&sheet), place.display());
        Ok(())
    }

    fn all(&mut self, out: Option<&Path>) -> anyhow::Result<()> {
        let place = out.map_or_else(|| PathBuf::from(format!("coaching-{}", self.month)), Path::to_owned);
        let agents = coaching::agents(&mut self.store, self.month)?;
        let mut sink = FolderSink::create(&place)?;
        let stems = file_stems(agents.iter().map(String::as_str));
        for (agent, stem) in agents.iter().zip(stems) {
            let (sheet, page) = self.sheet(agent)?;
            sink.put(&format!("{stem}.html"), page.as_bytes()).map_err(|error| unwritten(&error, &place))?;
            println!("{}", told(&sheet));
        }
        sink.finish().map_err(|error| unwritten(&error, &place))?;
        println!("{} sheets: {}", agents.len(), place.display());
        Ok(())
    }

    fn sheet(&mut self, agent: &str) -> anyhow::Result<(Sheet, String)> {
        let (month, coaching) = (self.month, self.coaching);
        let sheet = self.store.snapshot(|store| coaching::gather(store, agent, month, coaching))?;
        let clips = match &self.decode {
            Some(options) => Clips::of(&sheet, &mut self.store, options)?,
            None => Clips::default(),
        };
        self.recordings_lost += clips.recordings_lost();
        let page = coaching::page(&sheet, Some(&clips)).map_err(CoachingError::Page)?;
        Ok((sheet, page))
    }
}

fn told(sheet: &Sheet) -> String {
    let calls = sheet.trend.last().map_or(0, |month| month.calls);
    let (recurring, single) = (sheet.recurring.len(), sheet.single.len());
    format!(
        "{} {}: {calls} calls, {recurring} topics that recur, {single} of one call",
        sheet.agent_id, sheet.month
    )
}

fn unwritten(error: &io::Error, place: &Path) -> Failure {
    if error.kind() == io::ErrorKind::AlreadyExists {
        return Failure::new(
            format!("{} is there already", place.display()),
            "name a file that is not there, or a folder; nothing is written over",
        );
    }
    Failure::new(
        format!("the sheet cannot be written: {error}"),
        "check the folder, its rights and the free space",
    )
}
