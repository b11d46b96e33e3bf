//! Margins to probabilities: the line that makes the truth of held-back examples most probable (Platt 1999), by Newton's
//! method.

const STEPS: usize = 50;
/// What keeps the line finite where margins tell all.
const SMALL: f64 = 1e-6;

/// A probability's log odds are `slope * margin + shift`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Calibration {
    pub slope: f64,
    pub shift: f64,
}

impl Calibration {
    pub fn fit(margins: &[f32], truth: &[bool]) -> Self {
        let mut line = Self { slope: 0.0, shift: 0.0 };
        for _ in 0..STEPS {
            let ([down_slope, down_shift], [bend, both, bend_shift]) = line.slopes(margins, truth);
            let area = bend * bend_shift - both * both;
            line.slope -= (bend_shift * down_slope - both * down_shift) / area;
            line.shift -= (bend * down_shift - both * down_slope) / area;
        }
        line
    }

    pub fn probability(self, margin: f32) -> f64 {
        1.0 / (1.0 + (-self.slope * f64::from(margin) - self.shift).exp())
    }

    /// First and second derivatives of the loss: by slope, by shift; by slope twice, by both, by shift twice.
    fn slopes(self, margins: &[f32], truth: &[bool]) -> ([f64; 2], [f64; 3]) {
        let mut first = [SMALL * self.slope, SMALL * self.shift];
        let mut second = [SMALL, 0.0, SMALL];
        for (margin, is_true) in margins.iter().zip(truth) {
            let probability = self.probability(*margin);
            let margin = f64::from(*margin);
            let (error, bend) =
                (probability - f64::from(u8::from(*is_true)), probability * (1.0 - probability));
            first[0] += error * margin;
            first[1] += error;
            second[0] += bend * margin * margin;
            second[1] += bend * margin;
            second[2] += bend;
        }
        (first, second)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probabilities_are_shares() {
        let margins: Vec<f32> = (0..4000).map(|index| (index % 4) as f32).collect();
        // A quarter of the zeros, half of the ones, three quarters of the twos, most of the threes.
        let truth: Vec<bool> = (0..4000).map(|index| (index / 4) % 20 < [5, 10, 15, 18][index % 4]).collect();
        let line = Calibration::fit(&margins, &truth);
        for (margin, share) in [(0.0, 0.25), (1.0, 0.5), (2.0, 0.75), (3.0, 0.9)] {
            let probability = line.probability(margin);
            assert!((probability - share).abs() < 0.01, "{margin}: {probability}");
        }
    }
}
