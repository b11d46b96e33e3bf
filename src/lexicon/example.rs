//! The `hit` and `miss` of a rule: a sentence of the agent, or a short dialogue.

use crate::domain::{Contact, Direction, Speaker};

/// A made-up stretch of a call that a rule must fire on, or must not.
#[derive(Debug, Clone, PartialEq)]
pub struct Example {
    /// As written, for messages.
    pub text: String,
    /// Speaker and words of each line.
    pub turns: Vec<(Speaker, String)>,
    /// What the call's record says; absent for unknown.
    pub contact: Option<Contact>,
    pub product: Option<String>,
    pub direction: Option<Direction>,
}

impl Example {
    /// Lines that begin with `坐席：` or `客户：` are that speaker's; a line without is the agent's.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        Self {
            text: text.to_owned(),
            turns: lines.map(turn).collect(),
            contact: None,
            product: None,
            direction: None,
        }
    }
}

fn turn(line: &str) -> (Speaker, String) {
    for (name, speaker) in [("坐席", Speaker::Agent), ("客户", Speaker::Customer)] {
        let words = line.strip_prefix(name).and_then(|rest| rest.strip_prefix(['：', ':']));
        if let Some(words) = words {
            return (speaker, words.trim().to_owned());
        }
    }
    (Speaker::Agent, line.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_name_their_speaker() {
        let example = Example::new("客户：谁啊\n\n 坐席: 您好\n坐席在吗");
        let turns: Vec<(Speaker, &str)> = example.turns.iter().map(|(s, t)| (*s, t.as_str())).collect();
        assert_eq!(
            turns,
            [(Speaker::Customer, "谁啊"), (Speaker::Agent, "您好"), (Speaker::Agent, "坐席在吗")]
        );
    }
}
