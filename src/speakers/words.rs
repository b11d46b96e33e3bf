//! Whose sentence it is, by its words: naive Bayes over runs of characters.

use crate::domain::Speaker;
use crate::text::to_simplified;

/// Longest run of characters that counts.
const LONGEST: usize = 3;
/// Runs that were seen less often tell nothing.
const FEWEST: u32 = 2;
/// Added to every count.
const SMOOTHING: f64 = 0.5;
/// Runs overlap and repeat each other, so their sum says too much; on 780 recognised segments this factor makes the
/// likeliest odds of it.
const TRUST: f64 = 0.2;
/// Stands for the beginning and the end.
const EDGE: char = '\u{1}';

/// How much likelier each run of characters is from an agent than from a customer.
pub(super) struct Words {
    /// Runs in order, each with its log odds.
    runs: Vec<(u64, f32)>,
}

impl Words {
    /// Counts the runs in `turns`.
    pub fn count<'a>(turns: impl Iterator<Item = (Speaker, &'a str)>) -> Self {
        let (mut agent, mut customer) = (Vec::new(), Vec::new());
        for (speaker, text) in turns {
            match speaker {
                Speaker::Agent => agent.extend(runs(text)),
                Speaker::Customer => customer.extend(runs(text)),
                Speaker::Unknown => {}
            }
        }
        let (agent_total, customer_total) = (agent.len() as f64, customer.len() as f64);
        let counts = merged(counted(agent), counted(customer));
        let kinds = counts.len() as f64;
        let share = |count: u32, total: f64| (f64::from(count) + SMOOTHING) / (total + SMOOTHING * kinds);
        let runs = counts
            .into_iter()
            .filter(|(_, agent, customer)| agent + customer >= FEWEST)
            .map(|(run, agent, customer)| {
                (run, (share(agent, agent_total) / share(customer, customer_total)).ln() as f32)
            })
            .collect();
        Self { runs }
    }

    /// How much likelier, in nats, an agent says `text` than a customer; about 0 for words never heard.
    pub fn log_odds(&self, text: &str) -> f64 {
        let of_run = |run: u64| self.runs.binary_search_by_key(&run, |(run, _)| *run).ok();
        TRUST * runs(text).filter_map(of_run).map(|index| f64::from(self.runs[index].1)).sum::<f64>()
    }
}

/// Every run of the Chinese characters in `text` and its edges, each as one number.
fn runs(text: &str) -> impl Iterator<Item = u64> {
    let han =
        to_simplified(text).chars().filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c)).collect::<Vec<_>>();
    let chars: Vec<char> = [EDGE].into_iter().chain(han).chain([EDGE]).collect();
    let number = |run: &[char]| run.iter().fold(0, |number, &c| number << 21 | u64::from(u32::from(c)));
    let numbers: Vec<u64> = (1..=LONGEST).flat_map(|length| chars.windows(length).map(number)).collect();
    numbers.into_iter()
}

/// How often each number comes, in order.
fn counted(mut numbers: Vec<u64>) -> Vec<(u64, u32)> {
    numbers.sort_unstable();
    numbers.chunk_by(|a, b| a == b).map(|same| (same[0], same.len() as u32)).collect()
}

/// Both counts of every number in either, in order.
fn merged(one: Vec<(u64, u32)>, other: Vec<(u64, u32)>) -> Vec<(u64, u32, u32)> {
    let mut both: Vec<(u64, u32, u32)> = one.into_iter().map(|(number, count)| (number, count, 0)).collect();
    both.extend(other.into_iter().map(|(number, count)| (number, 0, count)));
    both.sort_unstable();
    both.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        if same {
            (kept.1, kept.2) = (kept.1 + next.1, kept.2 + next.2);
        }
        same
    });
    both
}

/// Turns to learn from.
#[cfg(test)]
pub(super) mod samples {
    use crate::domain::Speaker::{self, Agent, Customer};

    pub const TURNS: [(Speaker, &str); 18] = [
        (Agent, "您好，这里是客服中心，工号二零七，请问是张先生本人吗？"),
        (Agent, "喂，您好，请问是李女士吗？我是银行信用卡中心的。"),
        (Agent, "本次通话有录音，您这边的账单逾期三十天了。"),
        (Agent, "您今天方便处理吗？最晚本周五下午五点之前。"),
        (Agent, "您看这个月能处理多少？我帮您登记一下。"),
        (Agent, "行，我帮您备注一下，到时候再跟您联系，再见。"),
        (Agent, "您这边逾期时间比较长了，请您尽快处理。"),
        (Agent, "那您看周五下午能处理吗？我帮您备注。"),
        (Agent, "这里是客服中心，通话有录音，跟您核实一下账单。"),
        (Customer, "喂，你哪位啊？什么事？"),
        (Customer, "是我，怎么了？"),
        (Customer, "我现在手头紧，能不能宽限几天？"),
        (Customer, "工资还没发，我下个月再还行不行？"),
        (Customer, "好的好的，知道了，谢谢。"),
        (Customer, "我先还一点，剩下的能不能下个月再还？"),
        (Customer, "你谁啊，别再给我打电话了。"),
        (Customer, "知道了知道了，我手头紧嘛。"),
        (Customer, "啊？什么事啊？你是哪位？"),
    ];
}

#[cfg(test)]
mod tests {
    use super::samples::TURNS;
    use super::*;

    #[test]
    fn words_tell_agents_from_customers() {
        let words = Words::count(TURNS.into_iter());
        for (text, expected) in [
            ("您好，我是客服，请问是王先生吗", Speaker::Agent),
            ("您這邊的賬單逾期了，通話有錄音", Speaker::Agent),
            ("能不能宽限到下个月再还", Speaker::Customer),
            ("你哪位啊，什么事", Speaker::Customer),
        ] {
            let odds = words.log_odds(text);
            assert_eq!(odds > 0.0, expected == Speaker::Agent, "{text}: {odds}");
        }
    }

    #[test]
    fn words_never_heard_tell_nothing() {
        assert!(Words::count(TURNS.into_iter()).log_odds("苹果香蕉").abs() < 0.5);
        assert!(Words::count(std::iter::empty()).log_odds("您好").abs() < f64::EPSILON);
    }
}
