//! Logistic regression by Newton's method; each step is solved by conjugate gradients, so that nothing larger than the
//! examples is ever held (Lin, Weng, Keerthi 2008, *Trust region Newton method for logistic regression*, without the
//! region: the function is convex and the examples are many).

/// Steps after which a fit is as good as it gets.
const NEWTON_STEPS: usize = 20;
const GRADIENT_STEPS: usize = 40;
/// Length of the gradient, relative to the first, at which a fit is done.
const DONE: f64 = 1e-4;

/// Rows of equal length, one an example.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rows<'a> {
    pub numbers: &'a [f32],
    pub width: usize,
}

impl<'a> Rows<'a> {
    pub(super) fn row(&self, index: usize) -> &'a [f32] {
        &self.numbers[index * self.width..(index + 1) * self.width]
    }
}

/// What a fit is made of: which rows, and for each whether it is one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Task<'a> {
    pub rows: Rows<'a>,
    pub indices: &'a [usize],
    /// By the number of the row.
    pub truth: &'a [bool],
    /// How much a row counts; the squared weights count half.
    pub strength: f32,
}

/// Weights, the bias last.
pub(super) type Weights = Vec<f32>;

/// The weights that make the truth of the rows most probable, with small weights preferred.
pub(super) fn fit(task: &Task) -> Weights {
    let mut weights = vec![0.0; task.rows.width + 1];
    let mut first = None;
    for _ in 0..NEWTON_STEPS {
        let margins = margins(task, &weights);
        let gradient = gradient(task, &weights, &margins);
        let length = dot(&gradient, &gradient).sqrt();
        if length <= DONE * *first.get_or_insert(length) {
            break;
        }
        let step = solve(task, &margins, &gradient);
        let before = loss(task, &weights, &margins);
        let mut pace = 1.0;
        let mut next = moved(&weights, &step, pace);
        while pace > 1e-3 && loss(task, &next, &self::margins(task, &next)) > before {
            pace /= 2.0;
            next = moved(&weights, &step, pace);
        }
        weights = next;
    }
    weights
}

/// Log odds of a row.
pub(super) fn margin_of(weights: &[f32], row: &[f32]) -> f32 {
    let (bias, weights) = weights.split_last().unwrap_or((&0.0, &[]));
    product(weights, row) + bias
}

fn margins(task: &Task, weights: &[f32]) -> Vec<f32> {
    task.indices.iter().map(|index| margin_of(weights, task.rows.row(*index))).collect()
}

fn probability(margin: f32) -> f32 {
    1.0 / (1.0 + (-margin).exp())
}

fn loss(task: &Task, weights: &[f32], margins: &[f32]) -> f64 {
    let small: f64 = weights[..task.rows.width].iter().map(|weight| f64::from(weight * weight)).sum();
    let rows = task.indices.iter().zip(margins).map(|(index, margin)| {
        let towards = if task.truth[*index] { *margin } else { -margin };
        f64::from((-towards).max(0.0) + (-towards.abs()).exp().ln_1p())
    });
    small / 2.0 + f64::from(task.strength) * rows.sum::<f64>()
}

fn gradient(task: &Task, weights: &[f32], margins: &[f32]) -> Weights {
    let errors = task
        .indices
        .iter()
        .zip(margins)
        .map(|(index, margin)| probability(*margin) - f32::from(u8::from(task.truth[*index])));
    let mut gradient = back(task, errors);
    for (gradient, weight) in gradient[..task.rows.width].iter_mut().zip(weights) {
        *gradient += weight;
    }
    gradient
}

/// The sum of all rows, each times its number and the strength.
fn back(task: &Task, numbers: impl Iterator<Item = f32>) -> Weights {
    let mut sum = vec![0.0; task.rows.width + 1];
    for (index, number) in task.indices.iter().zip(numbers) {
        let number = number * task.strength;
        for (sum, feature) in sum.iter_mut().zip(task.rows.row(*index)) {
            *sum += number * feature;
        }
        sum[task.rows.width] += number;
    }
    sum
}

/// The step whose product with the curvature is the gradient.
fn solve(task: &Task, margins: &[f32], gradient: &[f32]) -> Weights {
    let curvature: Vec<f32> =
        margins.iter().map(|margin| probability(*margin) * (1.0 - probability(*margin))).collect();
    let mut step = vec![0.0; gradient.len()];
    let mut rest: Weights = gradient.to_vec();
    let mut direction = rest.clone();
    let mut length = dot(&rest, &rest);
    let enough = length * 1e-3;
    for _ in 0..GRADIENT_STEPS {
        let bent = curve(task, &curvature, &direction);
        let pace = (length / dot(&direction, &bent).max(f64::MIN_POSITIVE)) as f32;
        for ((step, rest), (direction, bent)) in
            step.iter_mut().zip(&mut rest).zip(direction.iter().zip(&bent))
        {
            *step += pace * direction;
            *rest -= pace * bent;
        }
        let shorter = dot(&rest, &rest);
        if shorter <= enough {
            break;
        }
        let keep = (shorter / length) as f32;
        direction.iter_mut().zip(&rest).for_each(|(direction, rest)| *direction = rest + keep * *direction);
        length = shorter;
    }
    step
}

fn curve(task: &Task, curvature: &[f32], direction: &[f32]) -> Weights {
    let along = task.indices.iter().zip(curvature);
    let mut curved =
        back(task, along.map(|(index, bend)| bend * margin_of(direction, task.rows.row(*index))));
    for (curved, direction) in curved[..task.rows.width].iter_mut().zip(direction) {
        *curved += direction;
    }
    curved
}

fn moved(weights: &[f32], step: &[f32], pace: f32) -> Weights {
    weights.iter().zip(step).map(|(weight, step)| weight - pace * step).collect()
}

fn dot(one: &[f32], other: &[f32]) -> f64 {
    one.iter().zip(other).map(|(one, other)| f64::from(*one) * f64::from(*other)).sum()
}

/// A product in eight sums side by side, in an order that no optimiser changes.
fn product(one: &[f32], other: &[f32]) -> f32 {
    let mut sums = [0.0_f32; 8];
    let (ones, rest_one) = one.as_chunks::<8>();
    let (others, rest_other) = other.as_chunks::<8>();
    for (one, other) in ones.iter().zip(others) {
        for lane in 0..8 {
            sums[lane] += one[lane] * other[lane];
        }
    }
    let rest: f32 = rest_one.iter().zip(rest_other).map(|(one, other)| one * other).sum();
    sums.iter().sum::<f32>() + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fit_finds_the_odds_and_the_line() {
        let truth: Vec<bool> = (0..1000).map(|index| index % 4 == 0).collect();
        let indices: Vec<usize> = (0..1000).collect();
        let nothing = vec![0.0; 1000];
        let rows = Rows { numbers: &nothing, width: 1 };
        let weights = fit(&Task { rows, indices: &indices, truth: &truth, strength: 1.0 });
        assert!((probability(weights[1]) - 0.25).abs() < 1e-3, "{weights:?}");
        let numbers: Vec<f32> = (0..1000).map(|index| index as f32 / 500.0 - 1.0).collect();
        let truth: Vec<bool> = numbers.iter().map(|number| *number > 0.3).collect();
        let rows = Rows { numbers: &numbers, width: 1 };
        let weights = fit(&Task { rows, indices: &indices, truth: &truth, strength: 10.0 });
        let edge = -weights[1] / weights[0];
        assert!((edge - 0.3).abs() < 0.02, "{edge}");
    }
}
