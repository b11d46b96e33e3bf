//! A rule's tree as people read it, on one line.

use super::node::{Node, Op, Reach};
use super::rule::RuleSet;
use super::{Unit, Window};

impl RuleSet {
    /// A node in one line: words as they were written, groups expanded.
    #[must_use]
    pub fn show(&self, node: &Node) -> String {
        let mut line = self.show_op(&node.op);
        if let Some(window) = node.window.as_ref().filter(|window| **window != Window::default()) {
            line.push_str(&show_window(window));
        }
        line
    }

    fn show_op(&self, op: &Op) -> String {
        match op {
            Op::Say { leaf, not_in: None } => format!("({})", self.show_leaf(*leaf)),
            Op::Say { leaf, not_in: Some(longer) } => {
                format!("({} not in {})", self.show_leaf(*leaf), self.show_leaf(*longer))
            }
            Op::Pattern(number) => format!("/{}/", self.patterns()[*number].written),
            Op::Any(parts) => format!("any[{}]", self.show_all(parts)),
            Op::All { parts, reach } => format!("all[{}]{}", self.show_all(parts), show_reach(*reach)),
            Op::AtLeast { count, parts, reach } => {
                format!("at least {count} of [{}]{}", self.show_all(parts), show_reach(*reach))
            }
            Op::None(parts) => format!("none[{}]", self.show_all(parts)),
            Op::Near { slots, within, unit, ordered } => {
                let unit = if *unit == Unit::Words { " words" } else { "" };
                let order = if *ordered { "in order, " } else { "" };
                format!("{} {order}within {within}{unit}", self.show_all(slots))
            }
            Op::Sequence { steps, reach, hit } => {
                let nth = if *hit > 1 { format!(", hit {hit}") } else { String::new() };
                format!("sequence[{}]{}{nth}", self.show_all(steps), show_reach(*reach))
            }
            Op::Repeat { what, times, reach } => {
                format!("{times} times {}{}", self.show(what), show_reach(*reach))
            }
            Op::Entity(kind) => format!("entity {kind:?}").to_lowercase(),
            Op::Call(when) => format!("call {when:?}"),
            Op::Rule(rule) => format!("rule {}", self.rules()[*rule].id),
        }
    }

    fn show_leaf(&self, leaf: usize) -> String {
        let words = self.leaves()[leaf].words.iter().map(|word| self.words()[*word].written.as_str());
        words.collect::<Vec<_>>().join(" ")
    }

    fn show_all(&self, nodes: &[Node]) -> String {
        nodes.iter().map(|node| self.show(node)).collect::<Vec<_>>().join(" ")
    }
}

fn show_reach(reach: Option<Reach>) -> String {
    match reach {
        None => String::new(),
        Some(Reach::Chars(most)) => format!(" within {most} chars"),
        Some(Reach::Words(most)) => format!(" within {most} words"),
        Some(Reach::Turns(most)) => format!(" within {most} turns"),
        Some(Reach::Time(most)) => format!(" within {most} s"),
    }
}

fn show_window(window: &Window) -> String {
    let Window { from_s, to_s, first_turns, last_turns, from_percent, to_percent } = window;
    let numbers = [
        from_s.map(|from| format!("from {from} s")),
        to_s.map(|to| format!("to {to} s")),
        first_turns.map(|turns| format!("first {turns} turns")),
        last_turns.map(|turns| format!("last {turns} turns")),
        from_percent.map(|from| format!("from {from} %")),
        to_percent.map(|to| format!("to {to} %")),
    ];
    let given: Vec<String> = numbers.into_iter().flatten().collect();
    format!(" ({})", given.join(", "))
}
