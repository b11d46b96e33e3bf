//! Whose voice a clause has: the mixture of the call with its means moved towards each speaker's frames.

use super::dimensions::{DIMENSIONS, Frame};
use super::mixture::{GAUSSIANS, Gaussian, Mixture, Share};
use crate::acoustics::TIMBRE_FRAME_S;

/// Frames that a speaker must have in a part of the mixture before its mean is half his own.
const INERTIA: f64 = 20.0;
/// Neighbouring frames sound alike, so each tells a tenth of what it would by itself.
const TRUST: f64 = 0.1;

/// The sound of each clause, shared out among the parts of the call's mixture.
pub(super) struct Voices {
    mixture: Mixture,
    clauses: Vec<Vec<Share>>,
}

impl Voices {
    /// Over the frames of every clause.
    pub fn new(clauses: &[Vec<Frame>]) -> Self {
        let mixture = Mixture::fit(&clauses.concat());
        let clauses = clauses.iter().map(|frames| mixture.shares(frames)).collect();
        Self { mixture, clauses }
    }

    /// How much likelier, in nats, each clause has the agent's voice than the customer's, where `agent` is how probably each
    /// other clause is the agent's.
    pub fn log_odds(&self, agent: &[f64]) -> Vec<f64> {
        let customer: Vec<f64> = agent.iter().map(|agent| 1.0 - agent).collect();
        let (by_agent, by_customer) = (self.said(agent), self.said(&customer));
        let odds = |index: usize| {
            let score = |said: &[Share], share: f64| self.score(&self.clauses[index], said, share);
            TRUST * (score(&by_agent, agent[index]) - score(&by_customer, customer[index]))
        };
        (0..self.clauses.len()).map(odds).collect()
    }

    /// Nats by which a second of speech speaks for its own speaker, on average.
    pub fn apart(&self, agent: &[f64]) -> f64 {
        let for_own = self
            .log_odds(agent)
            .iter()
            .zip(agent)
            .map(|(odds, agent)| odds * (2.0 * agent - 1.0))
            .sum::<f64>();
        let frames: f64 = self.clauses.iter().flatten().map(|share| share.count).sum();
        for_own / frames.max(1.0) / TIMBRE_FRAME_S
    }

    /// What a speaker has said in all, whose share of each clause is given.
    fn said(&self, shares: &[f64]) -> Vec<Share> {
        let mut parts = vec![Share::default(); self.mixture.parts.len()];
        for (clause, &share) in self.clauses.iter().zip(shares) {
            for (part, of_clause) in parts.iter_mut().zip(clause) {
                part.count += share * of_clause.count;
                for dimension in 0..DIMENSIONS {
                    part.sum[dimension] += share * of_clause.sum[dimension];
                }
            }
        }
        parts
    }

    /// Log likelihood of `clause` by the voice of who `said` the rest of his; `own` of the clause is in it. Up to what is
    /// the same for both speakers.
    fn score(&self, clause: &[Share], said: &[Share], own: f64) -> f64 {
        let count = |shares: &[Share]| shares.iter().map(|share| share.count).sum::<f64>();
        let all = count(said) - own * count(clause) + INERTIA * GAUSSIANS as f64;
        let parts = clause.iter().zip(said).zip(&self.mixture.parts);
        let of_part = |((clause, said), part): ((&Share, &Share), &Gaussian)| {
            let count = said.count - own * clause.count + INERTIA;
            let of_dimension = |dimension: usize| {
                let sum = said.sum[dimension] - own * clause.sum[dimension] + INERTIA * part.mean[dimension];
                let mean = sum / count;
                (clause.sum[dimension] * mean - 0.5 * clause.count * mean * mean) / part.variance[dimension]
            };
            clause.count * (count / all).ln() + (0..DIMENSIONS).map(of_dimension).sum::<f64>()
        };
        parts.map(of_part).sum()
    }
}
