//! `callaudit policy`: which call-timing policies there are, what they say, and whether a user's own are sound.

use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::{Args, Subcommand, ValueEnum};

use crate::timing::{self, DEFAULT_POLICY, PolicySet, TimingError};

/// Show and check call-timing policies.
#[derive(Debug, Args)]
pub struct PolicyArgs {
    #[command(subcommand)]
    command: PolicyCommand,
}

#[derive(Debug, Subcommand)]
enum PolicyCommand {
    /// List the policies by name.
    List {
        #[command(flatten)]
        layers: Layers,
    },
    /// Print a policy in plain Chinese or English: limits, sources, force, how the texts were read.
    Explain {
        /// The policy's name, e.g. mainland.
        name: String,
        /// Language of the explanation.
        #[arg(long, value_enum, default_value_t = Language::Chinese)]
        language: Language,
        #[command(flatten)]
        layers: Layers,
    },
    /// Check policy files: a directory with a policies folder, a policies folder, or one file.
    Check {
        /// What to check.
        #[arg(required = true, value_name = "DIR")]
        dirs: Vec<PathBuf>,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Language {
    #[value(name = "zh")]
    Chinese,
    #[value(name = "en")]
    English,
}

#[derive(Debug, Args)]
struct Layers {
    /// Directory whose policies/*.toml are laid over the built-in policies; may be repeated.
    #[arg(long = "lexicons", value_name = "DIR")]
    dirs: Vec<PathBuf>,
}

/// Exit code 0, or 2 when a policy file has a mistake.
pub fn run(args: &PolicyArgs) -> Result<u8> {
    let mut out = io::stdout().lock();
    match &args.command {
        PolicyCommand::List { layers } => with_policies(layers, |policies| list(&mut out, policies)),
        PolicyCommand::Explain { name, language, layers } => {
            with_policies(layers, |policies| explain(&mut out, policies, name, *language))
        }
        PolicyCommand::Check { dirs } => check(&mut out, dirs),
    }
}

fn with_policies(layers: &Layers, show: impl FnOnce(&PolicySet) -> Result<()>) -> Result<u8> {
    match timing::load_policies(&layers.dirs) {
        Ok(policies) => show(&policies).map(|()| 0),
        Err(errors) => report(&errors),
    }
}

fn list(out: &mut impl Write, policies: &PolicySet) -> Result<()> {
    let width = policies.policies().iter().map(|policy| policy.id.len()).max().unwrap_or(0);
    for policy in policies.policies() {
        let default = if policy.id == DEFAULT_POLICY { "  (default)" } else { "" };
        writeln!(out, "{:width$}  {}{default}", policy.id, policy.title)?;
    }
    Ok(())
}

fn explain(out: &mut impl Write, policies: &PolicySet, name: &str, language: Language) -> Result<()> {
    let chosen = policies.select(&[name.to_owned()]);
    let chosen = chosen.map_err(|error| anyhow::anyhow!("{}\nhint: {}", error.cause, error.hint))?;
    for policy in chosen.policies() {
        let text = match language {
            Language::Chinese => timing::explain(policy),
            Language::English => timing::explain_in_english(policy),
        };
        write!(out, "{text}")?;
    }
    Ok(())
}

fn check(out: &mut impl Write, dirs: &[PathBuf]) -> Result<u8> {
    let mut errors = Vec::new();
    for dir in dirs {
        let layer = timing::read_layer(dir);
        if layer.is_empty() {
            bail!("{}: no policies found\nhint: put *.toml files into its policies folder", dir.display());
        }
        for policy in layer {
            match policy {
                Ok(policy) => writeln!(out, "{}: {} limits, sound", policy.id, policy.limits.len())?,
                Err(error) => errors.push(error),
            }
        }
    }
    if errors.is_empty() { Ok(0) } else { report(&errors) }
}

fn report(errors: &[TimingError]) -> Result<u8> {
    let mut stderr = io::stderr().lock();
    for error in errors {
        writeln!(stderr, "error: {error}\nhint: {}", error.hint)?;
    }
    Ok(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(show: impl FnOnce(&mut Vec<u8>) -> Result<()>) -> String {
        let mut out = Vec::new();
        show(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn list_marks_the_default() {
        let policies = timing::load_policies(&[]).unwrap();
        insta::assert_snapshot!(printed(|out| list(out, &policies)), @"
    house-a   机构规范甲：07:00—21:00，法定节假日不拨打
    house-b   机构规范乙：每日不超过 3 次，间隔不少于 2 小时，法定节假日不拨打
    mainland  中国大陆：GB/T 45251-2025 与银行业协会指引（2026）  (default)
    taiwan    台湾地区：07:00—22:00
    uk        英国：合理的时间与频次（仅文字）
    us        美国：债务人当地时间 08:00—21:00，七日七次，通话后七日
    ");
    }

    #[test]
    fn explain_names_the_choices_for_an_unknown_policy() {
        let policies = timing::load_policies(&[]).unwrap();
        assert!(
            printed(|out| explain(out, &policies, "taiwan", Language::Chinese)).starts_with("taiwan  台湾")
        );
        let error = explain(&mut Vec::new(), &policies, "mars", Language::English).unwrap_err().to_string();
        assert!(error.starts_with("there is no policy `mars`\nhint: choose among house-a,"), "{error}");
    }

    #[test]
    fn check_tells_sound_from_broken_from_none() {
        let dir = tempfile::tempdir().unwrap();
        let layer = [dir.path().to_owned()];
        assert!(check(&mut Vec::new(), &layer).unwrap_err().to_string().contains("no policies found"));
        let built_in = [PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/lexicons"))];
        assert_eq!(check(&mut Vec::new(), &built_in).unwrap(), 0);
        std::fs::create_dir(dir.path().join("policies")).unwrap();
        std::fs::write(dir.path().join("policies/broken.toml"), "[policy]").unwrap();
        assert_eq!(check(&mut Vec::new(), &layer).unwrap(), 2);
    }
}
