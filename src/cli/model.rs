//! `callaudit model`: list, fetch, import and verify models.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::Context;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand};
use comfy_table::Table;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::failure::Failure;
use crate::semantics::{self, Measured, SemanticModel, encoder::Encoder};
use crate::weights::{
    self, DEFAULT_ENCODER, Facts, Listed, MODELS_VARIABLE, Presence, Progress, Quantization, Source,
    Verified, WeightsError,
};

/// Models that hear and understand: list, fetch, import, verify.
#[derive(Debug, Args)]
pub struct ModelArgs {
    /// Directory of the models [default: $CALLAUDIT_MODELS, else ./models, else the user's data directory].
    #[arg(long, global = true, value_name = "DIR")]
    models: Option<PathBuf>,
    #[command(subcommand)]
    command: ModelCommand,
}

#[derive(Debug, Subcommand)]
enum ModelCommand {
    /// Show the known models and those of your own.
    List,
    /// Get a known model, verified, unless it is there already.
    Fetch {
        /// A name from the list, such as base, large-v3-turbo-q5_0 or e5-small.
        #[arg(default_value = weights::DEFAULT_MODEL)]
        name: String,
        /// How the weights are stored [default: the model's own].
        #[arg(long)]
        quantization: Option<Quantization>,
    },
    /// Turn a CTranslate2 Whisper model (as faster-whisper uses) into a GGML file.
    Import {
        /// Its directory, or model.bin or all its parts, with tokenizer.json beside them.
        #[arg(required = true, value_name = "DIR|FILE")]
        inputs: Vec<PathBuf>,
        /// How the weights are stored.
        #[arg(long, default_value = "q8_0", value_parser = writable())]
        quantization: Quantization,
        /// Where to write [default: a name of its own in the models directory].
        #[arg(long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Fit the heads that tell prohibited conduct by its meaning to the labelled examples that come with the program.
    TrainSemantic {
        /// Where to write them.
        #[arg(long, value_name = "FILE", default_value = "models/semantic.json")]
        output: PathBuf,
    },
    /// Recompute the hashes of models [default: of all known ones that are present].
    Verify {
        #[arg(value_name = "NAME|FILE")]
        names: Vec<String>,
    },
}

fn writable() -> impl TypedValueParser<Value = Quantization> {
    let names = Quantization::WRITABLE.map(Quantization::name);
    PossibleValuesParser::new(names).try_map(|name| name.parse::<Quantization>())
}

/// Runs the command. Exit status 0, or 1 when `verify` found a model that is not what it should be.
pub fn run(arguments: &ModelArgs) -> anyhow::Result<u8> {
    let models = arguments.models.clone().unwrap_or_else(weights::default_directory);
    match &arguments.command {
        ModelCommand::List => print_list(&models)?,
        ModelCommand::Fetch { name, quantization } => fetch(name, *quantization, &models)?,
        ModelCommand::Import { inputs, quantization, output } => {
            import(inputs, *quantization, output.as_deref(), &models)?;
        }
        ModelCommand::TrainSemantic { output } => train_semantic(output, &models)?,
        ModelCommand::Verify { names } => return verify(names, &models),
    }
    Ok(0)
}

fn print_list(models: &Path) -> anyhow::Result<()> {
    let mut table = Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    table.set_header(["NAME", "SIZE", "STORED AS", "LICENCE", "PRESENT", "WHAT"]);
    for listed in weights::list(models)? {
        table.add_row(row(&listed));
    }
    let mut out = std::io::stdout().lock();
    writeln!(out, "models directory: {} (set it with --models or {MODELS_VARIABLE})", models.display())?;
    writeln!(out, "{}", table.trim_fmt())?;
    writeln!(out, "* is what the model's bare name means; fetch one with: callaudit model fetch NAME")?;
    Ok(())
}

fn row(listed: &Listed) -> [String; 6] {
    let presence = match &listed.presence {
        Presence::Present(_) => "yes",
        Presence::WrongSize(_) => "broken: fetch again",
        Presence::Absent => "-",
    };
    let mark = if listed.is_default { "*" } else { "" };
    let or_unknown = |text: &Option<String>| text.clone().unwrap_or_else(|| "unknown".to_owned());
    [
        format!("{}{mark}", listed.name),
        megabytes(listed.bytes),
        or_unknown(&listed.quantization),
        or_unknown(&listed.licence),
        presence.to_owned(),
        listed.title.clone().unwrap_or_else(|| "your own".to_owned()),
    ]
}

fn fetch(name: &str, quantization: Option<Quantization>, models: &Path) -> anyhow::Result<()> {
    let terminal = Terminal::new()?;
    let fetched = weights::fetch(name, quantization, models, &terminal)?;
    terminal.clear();
    let what = if fetched.was_present { "already there and verified" } else { "fetched and verified" };
    writeln!(std::io::stdout(), "{}: {what}", fetched.path.display())?;
    Ok(())
}

fn import(
    inputs: &[PathBuf],
    quantization: Quantization,
    output: Option<&Path>,
    models: &Path,
) -> anyhow::Result<()> {
    let terminal = Terminal::new()?;
    let source = Source::find(inputs)?;
    let imported = weights::import(&source, quantization, output, models, &terminal)?;
    terminal.clear();
    let (path, size) = (imported.path.display(), megabytes(imported.bytes));
    writeln!(std::io::stdout(), "{path}: imported, {size}, sha256 {}", imported.sha256)?;
    Ok(())
}

fn train_semantic(output: &Path, models: &Path) -> anyhow::Result<()> {
    let open = weights::open_encoder(DEFAULT_ENCODER, models)?.ok_or_else(|| {
        let cause = format!("the sentence encoder is not in {}", models.display());
        Failure::new(cause, format!("fetch it: callaudit model fetch {DEFAULT_ENCODER}"))
    })?;
    let encoder = Encoder::open(&open.path)?;
    let bar = ProgressBar::new(0).with_message("encoding examples");
    let advance = |done: usize, all: usize| {
        bar.set_length(all as u64);
        bar.set_position(done as u64);
    };
    let trained = semantics::train(&encoder, open.identity, &advance).map_err(anyhow::Error::msg)?;
    bar.finish_and_clear();
    let text = serde_json::to_string_pretty(&trained)?;
    std::fs::write(output, text + "\n").with_context(|| format!("cannot write {}", output.display()))?;
    print_heads(&trained, output)?;
    Ok(())
}

/// How the heads do on examples held back.
fn print_heads(trained: &SemanticModel, output: &Path) -> std::io::Result<()> {
    let mut table = Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    table.set_header([
        "CATEGORY",
        "EXAMPLES",
        "REVIEW FROM",
        "PRECISION",
        "RECALL",
        "INNOCENT /1000",
        "VIOLATION FROM",
        "PRECISION",
        "RECALL",
    ]);
    for head in &trained.heads {
        let [review, violation] = head.held_back;
        let number = |number: f64| format!("{number:.3}");
        let from = head.violation.map_or("never".to_owned(), |from| format!("{from:.2}"));
        table.add_row([
            head.category.id().to_owned(),
            review.positives.to_string(),
            format!("{:.2}", head.review),
            number(review.precision),
            number(review.recall),
            format!("{:.1}", review.innocent_per_1000),
            from,
            number(violation.precision),
            number(violation.recall),
        ]);
    }
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", table.trim_fmt())?;
    let Measured { precision, recall, .. } = trained.held_back;
    writeln!(
        out,
        "{} examples; held back, all heads: precision {precision}, recall {recall}",
        trained.examples
    )?;
    writeln!(out, "{}: written; build the program again to use it", output.display())
}

fn verify(names: &[String], models: &Path) -> anyhow::Result<u8> {
    let terminal = Terminal::new()?;
    let mut is_clean = true;
    for path in files_to_verify(names, models)? {
        let result = weights::verify(&path, &terminal);
        terminal.clear();
        match result {
            Ok(verified) => writeln!(std::io::stdout(), "{}", describe(&verified))?,
            Err(error) => {
                is_clean = false;
                print_mistake(&error)?;
            }
        }
        anyhow::ensure!(!terminal.interrupted(), "interrupted");
    }
    Ok(u8::from(!is_clean))
}

fn files_to_verify(names: &[String], models: &Path) -> Result<Vec<PathBuf>, WeightsError> {
    if !names.is_empty() {
        let files = names.iter().map(|name| weights::files_of(name, models));
        return Ok(files.collect::<Result<Vec<_>, _>>()?.concat());
    }
    let present = weights::list(models)?.into_iter().filter_map(|listed| match listed.presence {
        Presence::Present(path) | Presence::WrongSize(path) => Some(path),
        Presence::Absent => None,
    });
    Ok(present.collect())
}

fn print_mistake(error: &WeightsError) -> std::io::Result<()> {
    let mut out = std::io::stderr().lock();
    writeln!(out, "error: {error}")?;
    writeln!(out, "hint: {}", error.hint)
}

fn describe(verified: &Verified) -> String {
    let path = verified.path.display();
    let who = match &verified.name {
        Some(name) => format!("is {name}, as the manifest pins it"),
        None => "is a whole Whisper model, not one of the manifest".to_owned(),
    };
    let Some(Facts { shape, storage, tokens, tensors, bytes }) = &verified.facts else {
        return format!("{path}: {who}\n  sha256 {}", verified.sha256);
    };
    let (audio, text, state, mels) = (shape.audio_layers, shape.text_layers, shape.audio_state, shape.mels);
    let size = megabytes(*bytes);
    format!(
        "{path}: {who}\n  {storage}, {size}, {audio} + {text} layers of {state}, {mels} mel bands, {tensors} tensors, \
         {tokens} tokens\n  sha256 {}",
        verified.sha256
    )
}

fn megabytes(bytes: u64) -> String {
    format!("{:.0} MB", bytes as f64 / 1e6)
}

/// Progress on standard error: a bar on a terminal, a line a stage elsewhere. Ctrl-C asks the work to stop.
struct Terminal {
    bar: ProgressBar,
    is_drawn: bool,
    interrupted: Arc<AtomicBool>,
}

impl Terminal {
    fn new() -> anyhow::Result<Self> {
        let interrupted = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&interrupted);
        ctrlc::set_handler(move || flag.store(true, Ordering::Relaxed))?;
        let is_drawn = std::io::stderr().is_terminal();
        let target = if is_drawn { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        Ok(Self { bar: ProgressBar::with_draw_target(None, target), is_drawn, interrupted })
    }

    fn clear(&self) {
        self.bar.finish_and_clear();
    }
}

impl Progress for Terminal {
    fn stage(&self, what: &str, total_bytes: Option<u64>) {
        if !self.is_drawn {
            eprintln!("{what}");
            return;
        }
        let template = match total_bytes {
            Some(_) => "{msg} [{bar:30}] {decimal_bytes} of {decimal_total_bytes}, {eta} left",
            None => "{spinner} {msg} ({elapsed})",
        };
        // The templates are constants; were one malformed, the plain style would do.
        self.bar.set_style(
            ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()),
        );
        self.bar.reset();
        self.bar.set_message(what.to_owned());
        self.bar.set_length(total_bytes.unwrap_or_default());
        self.bar.enable_steady_tick(Duration::from_millis(100));
    }

    fn advance(&self, bytes: u64) {
        self.bar.inc(bytes);
    }

    fn interrupted(&self) -> bool {
        self.interrupted.load(Ordering::Relaxed)
    }
}
