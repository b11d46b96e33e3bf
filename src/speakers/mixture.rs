//! A mixture of Gaussians with diagonal covariance, grown by splitting: the same frames give the same mixture.

use super::dimensions::{DIMENSIONS, Frame};

/// Gaussians; a power of two.
pub(super) const GAUSSIANS: usize = 32;
/// Rounds of expectation and maximisation after each split.
const ROUNDS: usize = 8;
/// Added to every variance, where the frames' own is 1.
const LEAST_VARIANCE: f64 = 0.05;
/// How far, in standard deviations, the halves of a Gaussian begin from it.
const SPLIT: f64 = 0.3;
/// A Gaussian without frames keeps this weight.
const LEAST_WEIGHT: f64 = 1e-6;

/// One part of the mixture.
#[derive(Debug, Clone)]
pub(super) struct Gaussian {
    weight: f64,
    pub mean: [f64; DIMENSIONS],
    pub variance: [f64; DIMENSIONS],
}

/// What the sounds of a call are made of.
#[derive(Debug, Clone)]
pub(super) struct Mixture {
    pub parts: Vec<Gaussian>,
}

/// Sums over frames, each shared out among the Gaussians.
#[derive(Debug, Clone, Default)]
pub(super) struct Share {
    pub count: f64,
    pub sum: [f64; DIMENSIONS],
    squares: [f64; DIMENSIONS],
}

impl Share {
    fn add(&mut self, frame: &Frame, share: f64) {
        self.count += share;
        let sums = self.sum.iter_mut().zip(&mut self.squares);
        for ((sum, squares), &value) in sums.zip(frame) {
            let value = f64::from(value);
            *sum += share * value;
            *squares += share * value * value;
        }
    }

    fn gaussian(&self, all: f64) -> Gaussian {
        let count = self.count.max(LEAST_WEIGHT);
        let mean: [f64; DIMENSIONS] = std::array::from_fn(|dimension| self.sum[dimension] / count);
        let variance = std::array::from_fn(|dimension| {
            (self.squares[dimension] / count - mean[dimension].powi(2)).max(0.0) + LEAST_VARIANCE
        });
        Gaussian { weight: count / all.max(LEAST_WEIGHT), mean, variance }
    }
}

impl Gaussian {
    fn log_likelihood(&self, frame: &Frame) -> f64 {
        let of_dimension = |dimension: usize| {
            (f64::from(frame[dimension]) - self.mean[dimension]).powi(2) / self.variance[dimension]
        };
        (0..DIMENSIONS).map(of_dimension).sum::<f64>() * -0.5
    }

    /// Logarithm of weight and normalisation, which is the same for every frame.
    fn log_scale(&self) -> f64 {
        self.weight.ln() - 0.5 * self.variance.iter().map(|variance| variance.ln()).sum::<f64>()
    }

    fn halves(&self) -> [Self; 2] {
        [-SPLIT, SPLIT].map(|way| {
            let mean =
                std::array::from_fn(|dimension| self.mean[dimension] + way * self.variance[dimension].sqrt());
            Self { weight: self.weight / 2.0, mean, variance: self.variance }
        })
    }
}

impl Mixture {
    /// Fits [`GAUSSIANS`] to `frames`.
    pub fn fit(frames: &[Frame]) -> Self {
        let mut all = Share::default();
        for frame in frames {
            all.add(frame, 1.0);
        }
        let mut mixture = Self { parts: vec![all.gaussian(all.count)] };
        while mixture.parts.len() < GAUSSIANS {
            mixture.parts = mixture.parts.iter().flat_map(Gaussian::halves).collect();
            for _ in 0..ROUNDS {
                let shares = mixture.shares(frames);
                mixture.parts = shares.iter().map(|share| share.gaussian(all.count)).collect();
            }
        }
        mixture
    }

    /// `frames` shared out among the parts.
    pub fn shares(&self, frames: &[Frame]) -> Vec<Share> {
        let scales: Vec<f64> = self.parts.iter().map(Gaussian::log_scale).collect();
        let mut shares = vec![Share::default(); self.parts.len()];
        let mut likelihoods = vec![0.0; self.parts.len()];
        for frame in frames {
            let mut best = f64::NEG_INFINITY;
            for ((likelihood, part), scale) in likelihoods.iter_mut().zip(&self.parts).zip(&scales) {
                *likelihood = scale + part.log_likelihood(frame);
                best = best.max(*likelihood);
            }
            for likelihood in &mut likelihoods {
                *likelihood = (*likelihood - best).exp();
            }
            let all: f64 = likelihoods.iter().sum();
            for (share, likelihood) in shares.iter_mut().zip(&likelihoods) {
                share.add(frame, likelihood / all);
            }
        }
        shares
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Frames around two points.
    fn two_heaps() -> Vec<Frame> {
        let mut seed = 7_u32;
        let mut noise = move || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 8) as f32 / (1 << 24) as f32 - 0.5
        };
        (0..400)
            .map(|index| std::array::from_fn(|_| noise() + if index % 4 == 0 { 3.0 } else { -1.0 }))
            .collect()
    }

    #[test]
    fn the_parts_stand_where_the_frames_are() {
        let mixture = Mixture::fit(&two_heaps());
        assert_eq!(mixture.parts.len(), GAUSSIANS);
        let high: f64 = mixture.parts.iter().filter(|part| part.mean[0] > 1.0).map(|part| part.weight).sum();
        assert!((high - 0.25).abs() < 0.01, "{high}");
        assert!(
            mixture
                .parts
                .iter()
                .all(|part| (part.mean[0] - 3.0).abs() < 0.7 || (part.mean[0] + 1.0).abs() < 0.7)
        );
    }

    #[test]
    fn shares_add_up_to_the_frames() {
        let frames = two_heaps();
        let shares = Mixture::fit(&frames).shares(&frames[..37]);
        assert!((shares.iter().map(|share| share.count).sum::<f64>() - 37.0).abs() < 1e-9);
    }

    #[test]
    fn no_frames_and_equal_frames_give_finite_mixtures() {
        for frames in [vec![], vec![[1.5; DIMENSIONS]; 9]] {
            let mixture = Mixture::fit(&frames);
            let all = mixture.parts.iter().flat_map(|part| part.mean.iter().chain(&part.variance));
            assert!(all.clone().all(|value| value.is_finite()));
            assert!(mixture.shares(&[[0.0; DIMENSIONS]]).iter().all(|share| share.count.is_finite()));
        }
    }
}
