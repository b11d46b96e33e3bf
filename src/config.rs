//! Settings: defaults, overlaid by a file, by the environment and by the command line, in that order.
//!
//! [`Layer`] is what a user may say in any of the three places: one definition gives the key of the file, the
//! environment variable and the flag. [`Settings`] is what the program needs: every value present and checked.

use std::env;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::domain::hex;

/// Read when no `--config` names another and the file is there.
pub const DEFAULT_FILE: &str = "callaudit.toml";

/// In place of a folder: save no transcripts.
const NO_TRANSCRIPTS: &str = "none";

/// Which channel of a stereo recording carries the agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum AgentChannel {
    Left,
    Right,
}

impl AgentChannel {
    /// Index of the channel in the recording.
    #[must_use]
    pub fn index(self) -> usize {
        match self {
            Self::Left => 0,
            Self::Right => 1,
        }
    }
}

/// What one place says; the rest is left to the places below.
#[derive(Debug, Clone, Default, Deserialize, clap::Args)]
#[serde(default, deny_unknown_fields)]
pub struct Layer {
    /// Speech model: a name from `callaudit model list` or the path of a GGML file [default: base]
    #[arg(long, value_name = "NAME|FILE", env = "CALLAUDIT_MODEL")]
    pub model: Option<String>,

    /// Directory of rule packs laid over the built-in ones; may be repeated
    #[arg(long = "lexicons", value_name = "DIR", env = "CALLAUDIT_LEXICONS", value_delimiter = ':')]
    pub lexicons: Option<Vec<PathBuf>>,

    /// Call-timing policy, see `callaudit policy list`; may be repeated [default: mainland]
    #[arg(long = "policy", value_name = "NAME", env = "CALLAUDIT_POLICY", value_delimiter = ',')]
    pub policies: Option<Vec<String>>,

    /// Script that calls are held against: a name such as standard, or a TOML file [default: none]
    #[arg(long, value_name = "NAME|FILE", env = "CALLAUDIT_SCRIPT")]
    pub script: Option<String>,

    /// Time zone of call records that name none [default: Asia/Shanghai]
    #[arg(long, value_name = "ZONE", env = "CALLAUDIT_TIMEZONE")]
    pub timezone: Option<String>,

    /// Channel of the agent in stereo recordings [default: left]
    #[arg(long, value_name = "SIDE", env = "CALLAUDIT_AGENT_CHANNEL")]
    pub agent_channel: Option<AgentChannel>,

    /// Longest recording that is audited, in minutes; bounds memory [default: 60]
    #[arg(long, value_name = "MINUTES", env = "CALLAUDIT_MAX_MINUTES")]
    pub max_minutes: Option<u32>,

    /// Calls audited at once [default: number of cores]
    #[arg(short, long, value_name = "N", env = "CALLAUDIT_JOBS")]
    pub jobs: Option<usize>,

    /// Folder of saved transcripts, so that the same audio is heard once; "none" saves none [default: the user's cache]
    #[arg(long, value_name = "DIR|none", env = "CALLAUDIT_TRANSCRIPTS")]
    pub transcripts: Option<PathBuf>,

    /// Judge by words alone: no sentence encoder is loaded
    #[arg(long, env = "CALLAUDIT_NO_SEMANTIC", num_args = 0..=1, require_equals = true, default_missing_value = "true", value_name = "BOOL")]
    pub no_semantic: Option<bool>,

    /// Print identity, bank-card and phone numbers instead of masking them
    #[arg(long, env = "CALLAUDIT_REVEAL", num_args = 0..=1, require_equals = true, default_missing_value = "true", value_name = "BOOL")]
    pub reveal: Option<bool>,
}

/// Every setting, present and checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Settings {
    pub model: String,
    pub lexicons: Vec<PathBuf>,
    pub policies: Vec<String>,
    pub script: Option<String>,
    pub timezone: String,
    pub agent_channel: AgentChannel,
    pub max_minutes: u32,
    pub jobs: usize,
    /// Absent where no transcript is saved.
    pub transcripts: Option<PathBuf>,
    pub no_semantic: bool,
    pub reveal: bool,
}

/// A settings file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("{path}: cannot read the settings: {source}", path = path.display())]
    Read { path: PathBuf, source: std::io::Error },
    #[error("{path}: {message}", path = path.display())]
    Parse { path: PathBuf, message: String },
    #[error("{key} must be at least 1")]
    Zero { key: &'static str },
}

impl Settings {
    /// Resolves the settings from the command line (environment included) over the settings file.
    pub fn resolve(file: Option<&Path>, command_line: Layer) -> Result<Self, ConfigError> {
        let from_file = match file {
            Some(path) => read(path)?,
            None if Path::new(DEFAULT_FILE).is_file() => read(Path::new(DEFAULT_FILE))?,
            None => Layer::default(),
        };
        command_line.over(from_file).complete()
    }
}

impl Settings {
    /// SHA-256 over the settings that can change what is found; where files lie and how many threads run cannot.
    #[must_use]
    pub fn digest(&self) -> String {
        let telling = (
            &self.policies,
            &self.script,
            &self.timezone,
            self.agent_channel.index(),
            self.max_minutes,
            self.no_semantic,
            self.reveal,
        );
        let text = format!("{telling:?}");
        hex(&Sha256::digest(text.as_bytes()))
    }
}

impl Layer {
    /// This layer's values where it has them, else those of `below`.
    #[must_use]
    fn over(self, below: Self) -> Self {
        Self {
            model: self.model.or(below.model),
            lexicons: self.lexicons.or(below.lexicons),
            policies: self.policies.or(below.policies),
            script: self.script.or(below.script),
            timezone: self.timezone.or(below.timezone),
            agent_channel: self.agent_channel.or(below.agent_channel),
            max_minutes: self.max_minutes.or(below.max_minutes),
            jobs: self.jobs.or(below.jobs),
            transcripts: self.transcripts.or(below.transcripts),
            no_semantic: self.no_semantic.or(below.no_semantic),
            reveal: self.reveal.or(below.reveal),
        }
    }

    fn complete(self) -> Result<Settings, ConfigError> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let settings = Settings {
            model: self.model.unwrap_or_else(|| "base".to_owned()),
            lexicons: self.lexicons.unwrap_or_default(),
            policies: self.policies.unwrap_or_else(|| vec!["mainland".to_owned()]),
            script: self.script,
            timezone: self.timezone.unwrap_or_else(|| "Asia/Shanghai".to_owned()),
            agent_channel: self.agent_channel.unwrap_or(AgentChannel::Left),
            max_minutes: self.max_minutes.unwrap_or(60),
            jobs: self.jobs.unwrap_or(cores),
            transcripts: match self.transcripts {
                Some(folder) => Some(folder).filter(|folder| folder != Path::new(NO_TRANSCRIPTS)),
                None => transcripts_folder(),
            },
            no_semantic: self.no_semantic.unwrap_or(false),
            reveal: self.reveal.unwrap_or(false),
        };
        match () {
            () if settings.jobs == 0 => Err(ConfigError::Zero { key: "jobs" }),
            () if settings.max_minutes == 0 => Err(ConfigError::Zero { key: "max_minutes" }),
            () => Ok(settings),
        }
    }
}

/// Where transcripts are kept unless the user says otherwise: the user's cache. `None` where there is no such place.
fn transcripts_folder() -> Option<PathBuf> {
    let variable = |name| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let cache = variable("XDG_CACHE_HOME").or_else(|| variable("LOCALAPPDATA"));
    let cache = cache.or_else(|| env::home_dir().map(|home| home.join(".cache")));
    cache.map(|cache| cache.join("callaudit/transcripts"))
}

fn read(path: &Path) -> Result<Layer, ConfigError> {
    let text = std::fs::read_to_string(path)
        .map_err(|source| ConfigError::Read { path: path.to_owned(), source })?;
    toml::from_str(&text)
        .map_err(|error| ConfigError::Parse { path: path.to_owned(), message: error.to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layer(toml: &str) -> Layer {
        toml::from_str(toml).unwrap()
    }

    #[test]
    fn nothing_said_gives_the_defaults() {
        let settings = Layer::default().complete().unwrap();
        assert_eq!((settings.model.as_str(), settings.timezone.as_str()), ("base", "Asia/Shanghai"));
        assert_eq!((settings.max_minutes, settings.reveal), (60, false));
    }

    #[test]
    fn a_layer_wins_over_the_one_below_and_leaves_the_rest() {
        let settings = layer("model = 'small'").over(layer("model = 'base'\njobs = 3")).complete().unwrap();
        assert_eq!((settings.model.as_str(), settings.jobs), ("small", 3));
    }

    #[test]
    fn transcripts_are_kept_where_the_user_says_or_nowhere() {
        let folder = |toml: &str| layer(toml).complete().unwrap().transcripts;
        assert_eq!(folder("transcripts = 'there'"), Some(PathBuf::from("there")));
        assert_eq!(folder("transcripts = 'none'"), None);
    }

    #[test]
    fn mistakes_are_refused() {
        assert!(toml::from_str::<Layer>("modle = 'small'").is_err(), "unknown key");
        assert!(layer("jobs = 0").complete().is_err());
        assert!(layer("max_minutes = 0").complete().is_err());
    }

    #[test]
    fn an_unreadable_file_names_itself() {
        let error = Settings::resolve(Some(Path::new("no/such.toml")), Layer::default()).unwrap_err();
        assert!(error.to_string().starts_with("no/such.toml: cannot read"), "{error}");
    }
}
