//! The `hit` and `miss` of a rule of conduct: turns with times.

use serde::Deserialize;

use crate::domain::Speaker;

/// A made-up stretch of a call: `{ turns = [["agent", 0.0, 3.0, "…"], …], end_s = 40.0 }`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConductExample {
    pub turns: Vec<TimedTurn>,
    /// Where the recording ends, in seconds; half a second after the last word where absent.
    pub end_s: Option<f64>,
}

/// `["agent", 0.0, 3.0, "…"]`, or with a fifth value `["agent", 0.0, 3.0, "…", 12.0]`: so many dB louder than usual.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct TimedTurn {
    pub speaker: Speaker,
    pub start_s: f64,
    pub end_s: f64,
    pub text: String,
    #[serde(default)]
    pub louder_db: f64,
}

impl ConductExample {
    /// Where the recording ends, in seconds.
    #[must_use]
    pub fn end_s(&self) -> f64 {
        let last_s = self.turns.iter().map(|turn| turn.end_s).fold(0.0, f64::max);
        self.end_s.unwrap_or(last_s + 0.5)
    }

    /// One line a turn, for messages.
    #[must_use]
    pub fn text(&self) -> String {
        let line = |turn: &TimedTurn| {
            let name = match turn.speaker {
                Speaker::Agent => "坐席",
                Speaker::Customer => "客户",
                Speaker::Unknown => "未知",
            };
            format!("{name} {:.1}–{:.1}：{}", turn.start_s, turn.end_s, turn.text)
        };
        self.turns.iter().map(line).collect::<Vec<_>>().join("\n")
    }
}
