//! A network of one hidden layer, fitted by Adam (Kingma, Ba 2015, *Adam: A Method for Stochastic Optimization*).
//!
//! All categories share the hidden layer: what tells a veiled threat from small talk helps to tell a leak from small talk,
//! too. Weights and the order of the examples start from a fixed number, so the same examples give the same network on
//! the same kind of processor.

use rten_gemm::{GemmError, GemmExecutor, GemmInputA, GemmInputB, GemmOptions};
use rten_tensor::NdTensorView;
use rten_tensor::prelude::*;

use super::Rows;

const HIDDEN: usize = 256;
const EPOCHS: usize = 8;
const BATCH: usize = 128;
const PACE: f32 = 1e-3;
/// Of a weight, by which it shrinks towards zero with each batch, in units of the gradient.
const DECAY: f32 = 0.01 / BATCH as f32;
/// How fast Adam forgets gradients and their squares.
const FORGET: [f32; 2] = [0.9, 0.999];

type Result<T> = std::result::Result<T, GemmError>;
type Matrix<'a> = NdTensorView<'a, f32, 2>;

/// Numbers in, through the hidden layer, a margin for each output.
pub(super) struct Network {
    pub hidden: Dense,
    pub output: Dense,
}

/// Weights row by row, one an input, and a bias an output.
pub(super) struct Dense {
    pub weights: Vec<f32>,
    pub bias: Vec<f32>,
}

/// What is learnt: for each row of all, `outputs` numbers that are 1 where it is one and else 0.
pub(super) struct Truth {
    pub numbers: Vec<f32>,
    pub outputs: usize,
}

/// The network that makes the truth of the rows of these indices probable.
pub(super) fn fit(rows: Rows, indices: &[usize], truth: &Truth) -> Result<Network> {
    let mut random = Random(1);
    let mut network = Network {
        hidden: Dense::random(rows.width, HIDDEN, &mut random),
        output: Dense::random(HIDDEN, truth.outputs, &mut random),
    };
    let mut adam = Adam::new(&network);
    let mut order = indices.to_vec();
    for _ in 0..EPOCHS {
        random.shuffle(&mut order);
        for batch in order.chunks(BATCH) {
            let inputs: Vec<f32> = batch.iter().flat_map(|index| rows.row(*index)).copied().collect();
            let outputs = truth.outputs;
            let wanted =
                batch.iter().flat_map(|index| &truth.numbers[index * outputs..(index + 1) * outputs]);
            let gradients = network.gradients(&inputs, wanted)?;
            adam.step(&mut network, &gradients);
        }
    }
    Ok(network)
}

impl Network {
    /// Margins of whole rows, one after another.
    pub fn margins(&self, inputs: &[f32]) -> Result<Vec<f32>> {
        self.output.apply(&self.hidden_of(inputs)?)
    }

    /// The hidden layer of whole rows.
    pub fn hidden_of(&self, inputs: &[f32]) -> Result<Vec<f32>> {
        let mut hidden = self.hidden.apply(inputs)?;
        for number in &mut hidden {
            *number = number.max(0.0);
        }
        Ok(hidden)
    }

    /// How the mean loss of a batch grows with each weight and bias.
    fn gradients<'a>(&self, inputs: &[f32], wanted: impl Iterator<Item = &'a f32>) -> Result<Self> {
        let hidden = self.hidden_of(inputs)?;
        let rows = hidden.len() / HIDDEN;
        let margins = self.output.apply(&hidden)?;
        let wrong: Vec<f32> = margins
            .iter()
            .zip(wanted)
            .map(|(margin, wanted)| (1.0 / (1.0 + (-margin).exp()) - wanted) / rows as f32)
            .collect();
        let outputs = self.output.bias.len();
        let errors = NdTensorView::from_data([rows, outputs], &wrong[..]);
        let mut behind = product(errors, self.output.view().transposed())?;
        behind
            .iter_mut()
            .zip(&hidden)
            .filter(|(_, hidden)| **hidden <= 0.0)
            .for_each(|(error, _)| *error = 0.0);
        Ok(Self {
            hidden: self.hidden.gradient(inputs, &behind)?,
            output: self.output.gradient(&hidden, &wrong)?,
        })
    }
}

impl Dense {
    /// Weights small enough that neither layer drowns the other (Glorot, Bengio 2010).
    fn random(inputs: usize, outputs: usize, random: &mut Random) -> Self {
        let most = (6.0 / (inputs + outputs) as f32).sqrt();
        let mut numbers = |count: usize| (0..count).map(|_| most * (2.0 * random.unit() - 1.0)).collect();
        Self { weights: numbers(inputs * outputs), bias: numbers(outputs) }
    }

    fn view(&self) -> Matrix<'_> {
        let outputs = self.bias.len();
        NdTensorView::from_data([self.weights.len() / outputs, outputs], &self.weights[..])
    }

    fn apply(&self, inputs: &[f32]) -> Result<Vec<f32>> {
        let weights = self.view();
        let mut sums = product(
            NdTensorView::from_data([inputs.len() / weights.size(0), weights.size(0)], inputs),
            weights,
        )?;
        for sums in sums.chunks_exact_mut(self.bias.len()) {
            sums.iter_mut().zip(&self.bias).for_each(|(sum, bias)| *sum += bias);
        }
        Ok(sums)
    }

    fn gradient(&self, inputs: &[f32], errors: &[f32]) -> Result<Self> {
        let outputs = self.bias.len();
        let rows = errors.len() / outputs;
        let inputs = NdTensorView::from_data([rows, inputs.len() / rows], inputs);
        let mut weights = product(inputs.transposed(), NdTensorView::from_data([rows, outputs], errors))?;
        weights.iter_mut().zip(&self.weights).for_each(|(gradient, weight)| *gradient += DECAY * weight);
        let mut bias = vec![0.0; outputs];
        for errors in errors.chunks_exact(outputs) {
            bias.iter_mut().zip(errors).for_each(|(bias, error)| *bias += error);
        }
        Ok(Self { weights, bias })
    }

    fn numbers(&self) -> impl Iterator<Item = &f32> {
        self.weights.iter().chain(&self.bias)
    }

    fn numbers_mut(&mut self) -> impl Iterator<Item = &mut f32> {
        self.weights.iter_mut().chain(&mut self.bias)
    }
}

fn product(one: Matrix, other: Matrix) -> Result<Vec<f32>> {
    let mut sums = vec![0.0; one.size(0) * other.size(1)];
    let (one, other) = (GemmInputA::Unpacked(one), GemmInputB::Unpacked(other));
    GemmExecutor::<f32>::new().gemm(&mut sums, one, other, GemmOptions::default())?;
    Ok(sums)
}

/// Means of the gradients and of their squares, for each number of a network.
struct Adam {
    means: Vec<[f32; 2]>,
    steps: i32,
}

impl Adam {
    fn new(network: &Network) -> Self {
        let count = network.hidden.numbers().chain(network.output.numbers()).count();
        Self { means: vec![[0.0; 2]; count], steps: 0 }
    }

    fn step(&mut self, network: &mut Network, gradients: &Network) {
        self.steps += 1;
        let [first, second] = FORGET.map(|forget| 1.0 - forget.powi(self.steps));
        let pace = PACE * second.sqrt() / first;
        let numbers = network.hidden.numbers_mut().chain(network.output.numbers_mut());
        let gradients = gradients.hidden.numbers().chain(gradients.output.numbers());
        for ((number, gradient), [mean, square]) in numbers.zip(gradients).zip(&mut self.means) {
            *mean += (1.0 - FORGET[0]) * (gradient - *mean);
            *square += (1.0 - FORGET[1]) * (gradient * gradient - *square);
            *number -= pace * *mean / (square.sqrt() + 1e-8);
        }
    }
}

/// Numbers that look random and are always the same (splitmix64; Steele, Lea, Flood 2014).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// In 0..1.
    fn unit(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1_u64 << 24) as f32
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, (self.next() % (last as u64 + 1)) as usize);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Points by whether their two numbers have one sign: no straight line tells them.
    fn points() -> (Vec<f32>, Truth, Vec<usize>) {
        let mut random = Random(7);
        let numbers: Vec<f32> = (0..2000).map(|_| random.unit() * 6.0 - 3.0).collect();
        let truth =
            numbers.chunks_exact(2).map(|point| f32::from(u8::from(point[0] * point[1] > 0.0))).collect();
        (numbers, Truth { numbers: truth, outputs: 1 }, (0..1000).collect())
    }

    #[test]
    fn what_no_straight_line_tells_is_learnt_the_same_way_each_time() {
        let (numbers, truth, indices) = points();
        let rows = Rows { numbers: &numbers, width: 2 };
        let network = fit(rows, &indices, &truth).unwrap();
        let margins = network.margins(&numbers).unwrap();
        let right =
            margins.iter().zip(&truth.numbers).filter(|(margin, truth)| (**margin > 0.0) == (**truth > 0.5));
        assert!(right.count() > 950);
        assert_eq!(fit(rows, &indices, &truth).unwrap().margins(&numbers).unwrap(), margins);
    }

    /// Each gradient against the difference that a small step makes.
    #[test]
    fn gradients_are_slopes() {
        let (numbers, truth, _) = points();
        let mut random = Random(3);
        let mut network = Network {
            hidden: Dense::random(2, HIDDEN, &mut random),
            output: Dense::random(HIDDEN, 1, &mut random),
        };
        let (inputs, wanted) = (&numbers[..20], &truth.numbers[..10]);
        let loss = |network: &Network| {
            let margins = network.margins(inputs).unwrap();
            let losses = margins
                .iter()
                .zip(wanted)
                .map(|(margin, wanted)| (1.0 + margin.exp()).ln() - wanted * margin);
            let small =
                network.hidden.weights.iter().chain(&network.output.weights).map(|weight| weight * weight);
            losses.sum::<f32>() / 10.0 + DECAY / 2.0 * small.sum::<f32>()
        };
        let gradients = network.gradients(inputs, wanted.iter()).unwrap();
        for index in [0, 100, 300, 511] {
            let kept = network.hidden.weights[index];
            network.hidden.weights[index] = kept + 0.01;
            let above = loss(&network);
            network.hidden.weights[index] = kept - 0.01;
            let slope = (above - loss(&network)) / 0.02;
            network.hidden.weights[index] = kept;
            assert!((slope - gradients.hidden.weights[index]).abs() < 2e-3, "{index}: {slope}");
        }
    }
}
