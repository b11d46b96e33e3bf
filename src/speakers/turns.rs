//! Two people take turns: what each clause tells of its speaker, told by all of them together.

use super::clauses::Clause;

/// Probability that the speaker of a clause says the next one of the same segment, too: the recogniser seldom hears
/// question and answer in one.
const GOES_ON_INSIDE: f64 = 0.95;
/// The same from one segment to the next.
const GOES_ON: f64 = 0.4;

/// How likely each clause has the speaker of the one before it.
pub(super) struct Turns {
    goes_on: Vec<f64>,
}

impl Turns {
    pub fn new(clauses: &[Clause]) -> Self {
        let pairs = clauses.windows(2);
        let inside =
            |pair: &[Clause]| if pair[0].segment == pair[1].segment { GOES_ON_INSIDE } else { GOES_ON };
        Self { goes_on: pairs.map(inside).collect() }
    }

    /// Probability of the agent for every clause, from each clause's own log odds: forward and backward over the chain.
    pub fn agent(&self, log_odds: &[f64]) -> Vec<f64> {
        let forward = carried(log_odds, self.goes_on.iter());
        let reversed: Vec<f64> = log_odds.iter().rev().copied().collect();
        let backward = carried(&reversed, self.goes_on.iter().rev());
        let all = log_odds.iter().zip(forward).zip(backward.into_iter().rev());
        all.map(|((own, before), after)| probability(own + before + after)).collect()
    }
}

/// What the clauses before each one tell of it, in log odds.
fn carried<'a>(log_odds: &[f64], goes_on: impl Iterator<Item = &'a f64>) -> Vec<f64> {
    let mut carried = vec![0.0; log_odds.len().min(1)];
    for (own, goes_on) in log_odds.iter().zip(goes_on) {
        let last = carried.last().copied().unwrap_or(0.0);
        let agent = probability(own + last);
        let next = agent * goes_on + (1.0 - agent) * (1.0 - goes_on);
        carried.push((next / (1.0 - next)).ln());
    }
    carried
}

fn probability(log_odds: f64) -> f64 {
    1.0 / (1.0 + (-log_odds).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turns(segments: &[usize]) -> Turns {
        let clause = |&segment: &usize| Clause { segment, bytes: 0..0, start_s: 0.0, end_s: 0.0 };
        Turns::new(&segments.iter().map(clause).collect::<Vec<_>>())
    }

    fn rounded(agent: Vec<f64>) -> Vec<f64> {
        agent.into_iter().map(|agent| (agent * 100.0).round() / 100.0).collect()
    }

    #[test]
    fn a_clause_has_its_own_speaker_and_its_segments() {
        assert_eq!(rounded(turns(&[0]).agent(&[0.0])), [0.5]);
        assert_eq!(rounded(turns(&[0, 0]).agent(&[3.0, 0.0])), [0.95, 0.91]);
        assert_eq!(rounded(turns(&[0, 0, 0]).agent(&[3.0, 0.0, 3.0])), [0.99; 3]);
        assert_eq!(rounded(turns(&[0, 1]).agent(&[5.0, 0.0])), [0.99, 0.4]);
        assert_eq!(rounded(turns(&[0, 0]).agent(&[9.0, -9.0])), [1.0, 0.0]);
        assert_eq!(rounded(turns(&[]).agent(&[])), [0.0; 0]);
    }

    #[test]
    fn the_chain_gives_what_all_sequences_together_give() {
        let (turns, odds) = (turns(&[0, 0, 1, 1]), [0.7, -1.2, 0.3, 2.0]);
        let mut agent = [0.0; 4];
        let mut all = 0.0;
        for sequence in 0..16_u8 {
            let is_agent = |index: usize| sequence >> index & 1 == 1;
            let own: f64 = (0..4).filter(|&index| is_agent(index)).map(|index| odds[index]).sum();
            let step = |index: usize| {
                let goes_on = turns.goes_on[index];
                if is_agent(index) == is_agent(index + 1) { goes_on } else { 1.0 - goes_on }
            };
            let weight = own.exp() * (0..3).map(step).product::<f64>();
            all += weight;
            (0..4).filter(|&index| is_agent(index)).for_each(|index| agent[index] += weight);
        }
        for (chain, sum) in turns.agent(&odds).into_iter().zip(agent) {
            assert!((chain - sum / all).abs() < 1e-9);
        }
    }
}
