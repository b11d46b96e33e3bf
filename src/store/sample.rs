//! Calls drawn to be heard though nothing was found in them: what they hold tells how much is missed.

use serde_json::json;

use super::database::{Row, values};
use super::{Store, StoreError, now};
use crate::domain::Category;

/// How calls are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DrawMethod {
    /// Every call alike: what is missed can be reckoned from these alone.
    Random,
    /// Those first in which most hits were taken back: where something is missed most likely.
    Doubtful,
}

impl DrawMethod {
    /// The stable id.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Random => "random",
            Self::Doubtful => "doubtful",
        }
    }

    /// The method of that id.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        [Self::Random, Self::Doubtful].into_iter().find(|method| method.id() == id)
    }
}

/// What to draw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DrawPlan {
    pub method: DrawMethod,
    /// Days `YYYY-MM-DD`, both included.
    pub from_day: String,
    pub to_day: String,
    pub calls: usize,
    /// What chance begins from.
    pub seed: u64,
}

/// A call that was drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    pub draw: i64,
    pub method: DrawMethod,
    pub call: i64,
    pub call_id: String,
    pub day: String,
    pub agent_id: Option<String>,
    pub heard: Option<Heard>,
}

/// What somebody heard in a drawn call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    pub by: String,
    pub at: String,
    /// What was missed; absent where nothing was.
    pub missed: Option<Category>,
    pub comment: String,
}

/// What the random samples of some days came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SampleCount {
    pub heard: u64,
    pub missed: u64,
}

/// Calls that were heard, in which nothing was found, and which were not drawn in the same way before.
const ELIGIBLE: &str = "content IS NOT NULL AND day >= $1 AND day <= $2
    AND NOT EXISTS (SELECT 1 FROM finding WHERE finding.call = call.id AND present = 1)
    AND NOT EXISTS (SELECT 1 FROM sample JOIN draw ON draw.id = sample.draw
        WHERE sample.call = call.id AND draw.method = $3)";

impl Store {
    /// Draws calls in which nothing was found and which were not drawn before; how many.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn draw_calls(&mut self, by: &str, plan: &DrawPlan) -> Result<usize, StoreError> {
        self.transaction(|store| {
            let mut calls = store.eligible(plan)?;
            let eligible = calls.len();
            if plan.method == DrawMethod::Random {
                shuffle(&mut calls, plan.seed, plan.calls);
            }
            calls.truncate(plan.calls);
            let draw = store.returned_id(
                "INSERT INTO draw (method, from_day, to_day, seed, eligible, drawn_by, drawn_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id",
                values![
                    plan.method.id(),
                    &plan.from_day,
                    &plan.to_day,
                    plan.seed.cast_signed(),
                    eligible,
                    by,
                    now()
                ],
            )?;
            for call in &calls {
                store.execute("INSERT INTO sample (draw, call) VALUES ($1, $2)", values![draw, *call])?;
            }
            let details = json!({"method": plan.method.id(), "eligible": eligible, "drawn": calls.len(), "seed": plan.seed});
            store.log_action(by, "draw", &format!("draw {draw}"), &details.to_string())?;
            Ok(calls.len())
        })
    }

    /// In an order that chance does not know: by number, or those first with most taken back.
    fn eligible(&mut self, plan: &DrawPlan) -> Result<Vec<i64>, StoreError> {
        let order = match plan.method {
            DrawMethod::Random => "id",
            DrawMethod::Doubtful => {
                "(SELECT count(*) FROM suppressed WHERE suppressed.call = call.id) DESC, id"
            }
        };
        let sql = format!("SELECT id FROM call WHERE {ELIGIBLE} ORDER BY {order}");
        let values = values![&plan.from_day, &plan.to_day, plan.method.id()];
        self.query(&sql, values)?.iter_mut().map(|row| row.take(0)).collect()
    }

    /// Notes what somebody heard in a drawn call. False where it was not drawn, or was heard already.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn judge_sample(
        &mut self,
        by: &str,
        (draw, call): (i64, i64),
        missed: Option<Category>,
        comment: &str,
    ) -> Result<bool, StoreError> {
        let result = if missed.is_some() { "missed" } else { "nothing" };
        let category = missed.map(Category::id);
        self.transaction(|store| {
            let changed = store.execute(
                "UPDATE sample SET result = $3, category = $4, comment = $5, heard_by = $6, heard_at = $7
                 WHERE draw = $1 AND call = $2 AND result IS NULL",
                values![draw, call, result, category, comment, by, now()],
            )?;
            if changed > 0 {
                let details = json!({"result": result, "category": category, "comment": comment});
                store.log_action(by, "sample", &format!("call {call}"), &details.to_string())?;
            }
            Ok(changed > 0)
        })
    }

    /// Calls drawn and not heard yet, then those heard, the latest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn samples(&mut self, is_heard: bool, limit: usize) -> Result<Vec<Sample>, StoreError> {
        let (condition, order) = if is_heard {
            ("result IS NOT NULL", "heard_at DESC, sample.draw, sample.call")
        } else {
            ("result IS NULL", "sample.draw, sample.call")
        };
        self.samples_where(&format!("{condition} ORDER BY {order} LIMIT {}", limit.min(100_000)), &[])
    }

    /// The samples of a call.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn samples_of(&mut self, call: i64) -> Result<Vec<Sample>, StoreError> {
        self.samples_where("sample.call = $1 ORDER BY sample.draw", values![call])
    }

    /// What the calls of some days came to that were drawn at random and heard.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn count_samples(&mut self, from_day: &str, to_day: &str) -> Result<SampleCount, StoreError> {
        let sql =
            "SELECT count(*), CAST(coalesce(sum(CASE WHEN result = 'missed' THEN 1 ELSE 0 END), 0) AS BIGINT)
             FROM sample JOIN draw ON draw.id = sample.draw JOIN call ON call.id = sample.call
             WHERE method = 'random' AND result IS NOT NULL AND call.day >= $1 AND call.day <= $2";
        let Some(mut row) = self.row(sql, values![from_day, to_day])? else {
            return Ok(SampleCount::default());
        };
        Ok(SampleCount { heard: row.take::<i64>(0)? as u64, missed: row.take::<i64>(1)? as u64 })
    }

    fn samples_where(
        &mut self,
        rest: &str,
        values: &[super::database::Value],
    ) -> Result<Vec<Sample>, StoreError> {
        let sql = format!(
            "SELECT draw, method, sample.call, call.call_id, call.day, call.agent_id, result, category, comment, heard_by,
                 heard_at
             FROM sample JOIN draw ON draw.id = sample.draw JOIN call ON call.id = sample.call WHERE {rest}"
        );
        self.query(&sql, values)?.into_iter().map(|mut row| sample(&mut row)).collect()
    }
}

fn sample(row: &mut Row) -> Result<Sample, StoreError> {
    let (method, result, category): (String, Option<String>, Option<String>) =
        (row.take(1)?, row.take(6)?, row.take(7)?);
    Ok(Sample {
        draw: row.take(0)?,
        method: DrawMethod::from_id(&method).unwrap_or(DrawMethod::Doubtful),
        call: row.take(2)?,
        call_id: row.take(3)?,
        day: row.take(4)?,
        agent_id: row.take(5)?,
        heard: match result {
            None => None,
            Some(_) => Some(Heard {
                missed: category.as_deref().and_then(Category::from_id),
                comment: row.take(8)?,
                by: row.take(9)?,
                at: row.take(10)?,
            }),
        },
    })
}

/// Brings `count` of the calls to the front by chance (Fisher and Yates), each choice as likely as any other; the numbers
/// are those of SplitMix64 from the seed, so that the draw can be made again.
fn shuffle(calls: &mut [i64], seed: u64, count: usize) {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    };
    for place in 0..count.min(calls.len()) {
        let left = (calls.len() - place) as u128;
        // The upper half of the product: no remainder that would favour the first ones.
        let step = ((u128::from(next()) * left) >> 64) as usize;
        calls.swap(place, place + step);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_call_is_as_likely_as_any_other_and_the_seed_repeats_the_draw() {
        let drawn = |seed| {
            let mut calls: Vec<i64> = (0..20).collect();
            shuffle(&mut calls, seed, 5);
            calls.truncate(5);
            calls
        };
        assert_eq!(drawn(7), drawn(7));
        let mut often = [0_u32; 20];
        for seed in 0..8_000 {
            for call in drawn(seed) {
                often[usize::try_from(call).unwrap()] += 1;
            }
        }
        // 2,000 each is meant; 5 standard deviations are 194.
        assert!(often.iter().all(|count| (1_806..2_194).contains(count)), "{often:?}");
    }
}
