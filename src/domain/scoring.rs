//! How findings and good conduct become a score and a verdict. The numbers come from the packs (`scoring.toml`).

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Category, Finding, GoodConduct, Severity, Tier, Verdict};

/// Points of a spotless call.
const SPOTLESS: u32 = 100;

/// What one finding takes away, by its tier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cost {
    pub violation: u32,
    pub review: u32,
}

/// The house's scale. A value, so that judging stays a pure function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scoring {
    /// Points that one finding takes away, by severity; nothing for a severity that is not named.
    pub points: BTreeMap<Severity, Cost>,
    /// The most that all findings of a rule, or of a category, take away, by id.
    pub caps: BTreeMap<String, u32>,
    /// The most that any one rule takes away.
    pub rule_cap: Option<u32>,
    /// The most that any one category takes away.
    pub category_cap: Option<u32>,
    /// The most that good conduct gives back; never more than half of what was lost.
    pub good_cap: u32,
    /// Red lines (红线): ids of rules, categories or severities of which one violation is the end of it.
    pub fatal: BTreeSet<String>,
    /// A finding of tier `violation` from this severity on makes the call a violation.
    pub violation_from: Severity,
    /// Any finding from this severity on asks for a review.
    pub review_from: Severity,
    /// A lower score asks for a review; 0 for never.
    pub review_below: u32,
}

/// Points per severity, no caps, no red lines: what the packs start from.
impl Default for Scoring {
    fn default() -> Self {
        let cost = |violation| Cost { violation, review: violation / 4 };
        let points = [(Severity::Critical, 40), (Severity::Major, 20), (Severity::Minor, 8)];
        Self {
            points: points.map(|(severity, full)| (severity, cost(full))).into(),
            caps: BTreeMap::new(),
            rule_cap: None,
            category_cap: None,
            good_cap: 0,
            fatal: BTreeSet::new(),
            violation_from: Severity::Minor,
            review_from: Severity::Minor,
            review_below: 0,
        }
    }
}

/// A line of the account: the points of all lines and the 100 of a spotless call make the score.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScoreItem {
    /// What it is for, in Chinese.
    pub item: String,
    /// How the points came about, in Chinese.
    pub note: String,
    pub points: i32,
}

/// Verdict and score of a call, and how they came about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    pub verdict: Verdict,
    /// 0..=100
    pub score: u8,
    pub items: Vec<ScoreItem>,
}

/// Judges a call. The order of findings does not matter, and a further finding never raises the score.
#[must_use]
pub fn judge(findings: &[Finding], good: &[GoodConduct], scoring: &Scoring) -> Judgement {
    let mut items = Vec::new();
    let mut lost = 0;
    for (category, found) in by_category(findings) {
        let cost = scoring.cost_of(category, &found);
        lost += cost.after_caps;
        items.extend(cost.item(category, &found));
    }
    let earned = scoring.earned(good, lost, &mut items);
    let mut score = SPOTLESS.saturating_sub(lost - earned);
    if lost - earned > SPOTLESS {
        items.push(ScoreItem::new("最低 0 分", String::new(), i64::from(lost - earned - SPOTLESS)));
    }
    let fatal = scoring.fatal_of(findings);
    if let Some(name) = &fatal {
        items.push(ScoreItem::new("红线一票否决", name.clone(), -i64::from(score)));
        score = 0;
    }
    let verdict = if fatal.is_some() { Verdict::Violation } else { scoring.verdict(findings, score) };
    Judgement { verdict, score: u8::try_from(score).unwrap_or(100), items }
}

fn by_category(findings: &[Finding]) -> BTreeMap<Category, Vec<&Finding>> {
    let mut categories = BTreeMap::<Category, Vec<&Finding>>::new();
    for finding in findings {
        categories.entry(finding.category).or_default().push(finding);
    }
    categories
}

/// What the findings of one category cost.
struct CategoryCost {
    before_caps: u32,
    after_caps: u32,
}

impl CategoryCost {
    /// Nothing for findings that are only told.
    fn item(&self, category: Category, found: &[&Finding]) -> Option<ScoreItem> {
        let count = |tier| found.iter().filter(|finding| finding.tier == tier).count();
        let counts = [("违规", count(Tier::Violation)), ("待复核", count(Tier::Review))];
        let mut notes: Vec<String> = counts
            .iter()
            .filter(|(_, count)| *count > 0)
            .map(|(name, count)| format!("{name} {count} 项"))
            .collect();
        if self.after_caps < self.before_caps {
            notes.push(format!("封顶前 {} 分", self.before_caps));
        }
        let points = -i64::from(self.after_caps);
        (self.before_caps > 0).then(|| ScoreItem::new(category.name_zh(), notes.join("，"), points))
    }
}

impl ScoreItem {
    fn new(item: &str, note: String, points: i64) -> Self {
        Self { item: item.to_owned(), note, points: i32::try_from(points).unwrap_or(i32::MAX) }
    }
}

impl Scoring {
    fn cost(&self, finding: &Finding) -> u32 {
        let cost = self.points.get(&finding.severity).copied().unwrap_or_default();
        match finding.tier {
            Tier::Violation => cost.violation,
            Tier::Review => cost.review,
        }
    }

    fn cost_of(&self, category: Category, found: &[&Finding]) -> CategoryCost {
        let mut rules = BTreeMap::<&str, u32>::new();
        for finding in found {
            let sum = rules.entry(&finding.rule).or_default();
            *sum = sum.saturating_add(self.cost(finding)).min(Self::MOST);
        }
        let before_caps = rules.values().fold(0, |sum: u32, cost| (sum + cost).min(Self::MOST));
        let capped = rules.iter().map(|(rule, cost)| (*cost).min(self.cap(rule, self.rule_cap)));
        let after_caps = capped
            .fold(0, |sum: u32, cost| (sum + cost).min(Self::MOST))
            .min(self.cap(category.id(), self.category_cap));
        CategoryCost { before_caps, after_caps }
    }

    /// Sums stop here, far beyond any score, so that no number of findings overflows.
    const MOST: u32 = 1_000_000;

    fn cap(&self, id: &str, general: Option<u32>) -> u32 {
        self.caps.get(id).copied().or(general).unwrap_or(u32::MAX)
    }

    /// Points given back, each rule once; the items add up to them.
    fn earned(&self, good: &[GoodConduct], lost: u32, items: &mut Vec<ScoreItem>) -> u32 {
        let limit = self.good_cap.min(lost / 2);
        let all =
            good.iter().fold(0, |sum: u32, conduct| (sum + conduct.points.min(Self::MOST)).min(Self::MOST));
        if limit == 0 || all == 0 {
            return 0;
        }
        let names: Vec<&str> =
            good.iter().filter(|conduct| conduct.points > 0).map(|c| c.title.as_str()).collect();
        let earned = all.min(limit);
        let mut note = names.join("、");
        if earned < all {
            note = format!("{note}；封顶前 {all} 分");
        }
        items.push(ScoreItem::new("良好行为", note, i64::from(earned)));
        earned
    }

    /// The name of a red line that was crossed: of the first category, in the order of the contract.
    fn fatal_of(&self, findings: &[Finding]) -> Option<String> {
        let crossed =
            findings.iter().filter(|finding| finding.tier == Tier::Violation && self.is_fatal(finding));
        crossed.map(|finding| finding.category).min().map(|category| category.name_zh().to_owned())
    }

    /// Whether the packs name the finding's rule, category or severity as a red line.
    #[must_use]
    pub fn is_fatal(&self, finding: &Finding) -> bool {
        [&finding.rule, finding.category.id(), finding.severity.id()]
            .into_iter()
            .any(|id: &str| self.fatal.contains(id))
    }

    fn verdict(&self, findings: &[Finding], score: u32) -> Verdict {
        let convicts =
            |finding: &Finding| finding.tier == Tier::Violation && finding.severity >= self.violation_from;
        if findings.iter().any(convicts) {
            Verdict::Violation
        } else if findings.iter().any(|finding| finding.severity >= self.review_from)
            || score < self.review_below
        {
            Verdict::Review
        } else {
            Verdict::Clean
        }
    }
}

#[cfg(test)]
mod tests;
