//! The sheet as a page: self-contained, to read, to hear and to print.

use std::io;

use minijinja::Value;
use minijinja::value::Serde;

use super::picture::{percent, picture};
use super::trend::change;
use super::view::{
    AdviceView, CategoryView, CountView, ExampleView, GoodView, MonthView, RuleView, ShareView, SheetView,
    TopicView, WellView, WonView,
};
use super::{Clips, Example, MOST_READ, RuleTopic, Sheet, Topic};
use crate::domain::{Advice, Category};
use crate::ingest::Lost;
use crate::oversight::Share;
use crate::report::words::span;
use crate::report::{Clip, Html, Served};
use crate::store::FindingState;

const STYLE: &str = include_str!("templates/coaching.css");
/// Shares of calls from which on something is done in most.
const MOST: f64 = 0.8;

/// The page. With `clips` it is a file of its own, with the sound in it; without, it is for the server of the review
/// page, and its examples lead to the pages of their calls (`/call/{number}#f-{finding}`).
///
/// # Errors
/// When the template fails.
pub fn page(sheet: &Sheet, clips: Option<&Clips>) -> io::Result<String> {
    let html = Html::new()?.with(&[("coaching.html", include_str!("templates/coaching.html"))])?;
    let view = Dressed { clips }.sheet(sheet);
    html.served(
        "coaching.html",
        Served {
            style: STYLE,
            script: "",
            policy: "media-src data:; form-action 'none'",
            language: "zh-CN",
            view: Value::from(Serde(&view)),
            desk: Value::from(false),
        },
    )
}

/// Makes views with sound, or with links.
struct Dressed<'a> {
    clips: Option<&'a Clips>,
}

impl Dressed<'_> {
    fn sheet<'a>(&self, sheet: &'a Sheet) -> SheetView<'a> {
        let now = sheet.trend.last();
        let before = sheet.trend.iter().rev().nth(1).map(|month| month.flagged).unwrap_or_default();
        let flagged = now.map(|month| month.flagged).unwrap_or_default();
        SheetView {
            agent: &sheet.agent_id,
            team: sheet.team.as_deref(),
            month: sheet.month.name_zh(),
            calls: now.map_or(0, |month| month.calls),
            heard: now.map_or(0, |month| month.heard),
            flagged: share(flagged),
            change: change(before, flagged),
            average_score: now.and_then(|month| month.average_score).map(score),
            recurring: sheet.recurring.iter().map(|topic| self.topic(topic)).collect(),
            single: sheet.single.iter().map(|topic| self.topic(topic)).collect(),
            pending: sheet.set_aside.pending,
            rejected: sheet.set_aside.rejected,
            overturned: sheet.set_aside.overturned,
            picture: picture(&sheet.trend),
            months: sheet
                .trend
                .iter()
                .map(|month| MonthView {
                    month: month.month.to_string(),
                    calls: month.calls,
                    heard: month.heard,
                    average_score: month.average_score.map(score),
                })
                .collect(),
            categories: categories(sheet),
            well: self.well(sheet),
        }
    }

    fn topic<'a>(&self, topic: &'a Topic) -> TopicView<'a> {
        TopicView {
            name: topic.category.name_zh(),
            severity: topic.severity,
            severity_name: topic.severity.name_zh(),
            calls: topic.calls,
            findings: topic.findings,
            advice: topic.advice.as_ref().map(advice),
            rules: topic.rules.iter().map(|rule| self.rule(rule)).collect(),
        }
    }

    fn rule<'a>(&self, rule: &'a RuleTopic) -> RuleView<'a> {
        let explanation = common(&rule.examples, |example| &example.explanation).map_or("", String::as_str);
        let basis = common(&rule.examples, |example| &example.basis).map_or(&[][..], Vec::as_slice);
        let example = |example: &'a Example| {
            let own = self.example(example);
            ExampleView {
                explanation: if explanation.is_empty() { own.explanation } else { "" },
                basis: if basis.is_empty() { own.basis } else { &[] },
                ..own
            }
        };
        RuleView {
            rule: &rule.rule,
            title: &rule.title,
            severity: rule.severity,
            severity_name: rule.severity.name_zh(),
            calls: rule.calls,
            findings: rule.findings,
            explanation,
            basis,
            advice: rule.advice.as_ref().map(advice),
            examples: rule.examples.iter().map(example).collect(),
        }
    }

    fn example<'a>(&self, example: &'a Example) -> ExampleView<'a> {
        let clip = self.clips.and_then(|clips| clips.clip(example.call, &example.finding_id));
        let lost = self.clips.and_then(|clips| clips.lost(example.call));
        ExampleView {
            call_id: &example.call_id,
            link: self.link(example.call, Some(&example.finding_id)),
            day: &example.day,
            when: span(example.start_s, example.end_s),
            severity: example.severity,
            severity_name: example.severity.name_zh(),
            state_name: state_zh(example.state),
            quote: &example.quote,
            explanation: &example.explanation,
            basis: &example.basis,
            comments: &example.comments,
            clip: clip.map(Clip::address),
            lost: lost.filter(|_| example.start_s.is_some()).map(lost_zh),
        }
    }

    fn well<'a>(&self, sheet: &'a Sheet) -> WellView<'a> {
        let well = &sheet.well;
        let kept = well.kept.iter().filter(|(_, share)| share.of > 0);
        let (always, others): (Vec<_>, Vec<_>) = kept.partition(|(_, share)| share.count == share.of);
        let mostly = others.into_iter().filter(|(_, share)| share.value().is_some_and(|value| value >= MOST));
        WellView {
            read: well.read,
            limit: sheet.trend.last().filter(|month| month.heard > well.read).map(|_| MOST_READ),
            good: well
                .good
                .iter()
                .map(|good| GoodView {
                    title: &good.title,
                    calls: good.calls,
                    quote: &good.quote,
                    call_id: &good.call_id,
                    link: self.link(good.call, None),
                })
                .collect(),
            always: always.iter().map(|(category, _)| category.name_zh()).collect(),
            mostly: mostly.map(|(category, share)| (category.name_zh(), share.count, share.of)).collect(),
            overcome: well.overcome.iter().map(|(category, before)| (category.name_zh(), *before)).collect(),
            won: well
                .won
                .iter()
                .map(|won| WonView {
                    name: won.category.name_zh(),
                    call_id: &won.call_id,
                    link: self.link(won.call, Some(&won.finding_id)),
                    day: &won.day,
                    quote: &won.quote,
                    decided: won.decided.as_deref(),
                    grounds: &won.grounds,
                })
                .collect(),
        }
    }

    /// Where a call, or a finding in it, is on the server. A file of its own leads nowhere.
    fn link(&self, call: i64, finding_id: Option<&str>) -> Option<String> {
        let anchor = finding_id.map(|id| format!("#f-{id}")).unwrap_or_default();
        self.clips.is_none().then(|| format!("/call/{call}{anchor}"))
    }
}

/// Categories of the trend, those that are found most this month first.
fn categories(sheet: &Sheet) -> Vec<CategoryView> {
    let counts = |category: Category| -> Vec<u64> {
        sheet.trend.iter().map(|month| month.findings.get(&category).copied().unwrap_or_default()).collect()
    };
    let all = Category::ALL.into_iter().map(|category| (category, counts(category)));
    let mut found: Vec<_> = all.filter(|(_, counts)| counts.iter().any(|count| *count > 0)).collect();
    found.sort_by_key(|(_, counts)| std::cmp::Reverse((counts.last().copied(), counts.iter().sum::<u64>())));
    let most = found.iter().flat_map(|(_, counts)| counts).max().copied().unwrap_or(1).max(1);
    let view = |(category, counts): (Category, Vec<u64>)| CategoryView {
        name: category.name_zh(),
        months: counts
            .into_iter()
            .zip(&sheet.trend)
            .map(|(findings, month)| CountView {
                findings,
                per_hundred: (month.calls > 0)
                    .then(|| format!("{:.1}", findings as f64 * 100.0 / month.calls as f64)),
                width: (findings as f64 / most as f64 * 100.0).round(),
            })
            .collect(),
    };
    found.into_iter().map(view).collect()
}

/// What all examples have alike.
fn common<'a, T: PartialEq>(examples: &'a [Example], part: impl Fn(&'a Example) -> &'a T) -> Option<&'a T> {
    let (first, others) = examples.split_first()?;
    others.iter().all(|other| part(other) == part(first)).then(|| part(first))
}

/// What counts here stands by itself, even where nobody has looked at it yet.
fn state_zh(state: FindingState) -> &'static str {
    if state == FindingState::Open { "机器判定" } else { state.name_zh() }
}

fn advice(advice: &Advice) -> AdviceView<'_> {
    AdviceView {
        principle: &advice.principle,
        instead: advice.instead.iter().map(|text| spoken(text)).collect(),
    }
}

/// What the agent says: of a dialogue, the agent's last words.
fn spoken(text: &str) -> String {
    let last = text.lines().rfind(|line| !line.trim().is_empty()).unwrap_or_default().trim();
    let words = last.strip_prefix("坐席").and_then(|rest| rest.strip_prefix(['：', ':']));
    words.unwrap_or(last).trim().to_owned()
}

fn share(share: Share) -> ShareView {
    let (low, high) = share.interval();
    let (count, of) = (share.count, share.of);
    ShareView { count, of, percent: share.value().map(percent), low: percent(low), high: percent(high) }
}

fn score(average: f64) -> String {
    format!("{average:.1}")
}

fn lost_zh(lost: &Lost) -> &'static str {
    match lost {
        Lost::Gone => "录音文件已不在原处，没有片段",
        Lost::Changed => "原处的录音与审计时不是同一份，没有片段",
        Lost::Unreadable(_) => "录音文件无法读取，没有片段",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_dialogue_the_agents_words_are_shown() {
        for (text, shown) in [
            ("您好", "您好"),
            ("坐席：您好\n客户：是我\n坐席：应还三千元。", "应还三千元。"),
            ("坐席会再联系您", "坐席会再联系您"),
        ] {
            assert_eq!(spoken(text), shown);
        }
    }
}
