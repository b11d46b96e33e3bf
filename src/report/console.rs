//! What a run says on the terminal: a table of the calls.

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};

use crate::domain::Tier;

use super::summary::{CallSummary, Tally, Worst};
use super::words;

/// Longest quote in characters: the page has the whole.
const MAX_QUOTE_CHARS: usize = 24;

/// The table after a run: call, verdict, score, findings, worst finding with its words and time.
/// `width` is the terminal's in columns; without one, rows are as long as they need.
pub fn table(calls: &[CallSummary], width: Option<u16>) -> String {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED);
    table.set_header(["call", "verdict", "score", "findings", "worst finding"]);
    table.add_rows(calls.iter().map(row));
    if let Some(score) = table.column_mut(2) {
        score.set_cell_alignment(CellAlignment::Right);
    }
    if let Some(width) = width {
        table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    }
    table.trim_fmt()
}

fn row(call: &CallSummary) -> [String; 5] {
    let (score, findings, worst) = match &call.error {
        Some(error) => ("-".to_owned(), "-".to_owned(), error.cause.clone()),
        None => (
            call.score.to_string(),
            counts(call.findings()),
            call.worst.as_ref().map_or(String::new(), worst),
        ),
    };
    [call.call_id.to_string(), words::verdict_id(call.verdict).to_owned(), score, findings, worst]
        .map(|cell| visible(&cell))
}

fn counts(tally: Tally) -> String {
    let violations = match tally.violation {
        0 => None,
        1 => Some("1 violation".to_owned()),
        count => Some(format!("{count} violations")),
    };
    let reviews = (tally.review > 0).then(|| format!("{} to review", tally.review));
    let parts: Vec<_> = violations.into_iter().chain(reviews).collect();
    if parts.is_empty() { "none".to_owned() } else { parts.join(", ") }
}

fn worst(worst: &Worst) -> String {
    let mut parts = vec![worst.severity.id().to_owned(), worst.category.name_zh().to_owned()];
    parts.extend(worst.start_s.map(words::clock));
    if !worst.quote.is_empty() {
        parts.push(format!("“{}”", shortened(&worst.quote)));
    }
    if worst.tier == Tier::Review {
        parts.push("(to review)".to_owned());
    }
    parts.join(" ")
}

fn shortened(quote: &str) -> String {
    match quote.char_indices().nth(MAX_QUOTE_CHARS) {
        Some((byte, _)) => format!("{}…", &quote[..byte]),
        None => quote.to_owned(),
    }
}

/// Control characters in a file name or a transcript must not steer the terminal.
fn visible(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    fn calls() -> Vec<CallSummary> {
        [sample::violation(), sample::review(), sample::clean(), sample::failed(), sample::evil()]
            .iter()
            .map(CallSummary::of)
            .collect()
    }

    #[test]
    fn columns_stand_under_each_other() {
        insta::assert_snapshot!(table(&calls(), None), @r#"
        ┌─────────┬───────────┬───────┬───────────────────────────┬────────────────────────────────────────────────────┐
        │ call    ┆ verdict   ┆ score ┆ findings                  ┆ worst finding                                      │
        ╞═════════╪═══════════╪═══════╪═══════════════════════════╪════════════════════════════════════════════════════╡
        │ D001    ┆ violation ┆    42 ┆ 2 violations, 2 to review ┆ critical 威胁恐吓 00:14 “我们的人就在你家楼下等着” │
        │ D002    ┆ review    ┆    95 ┆ 1 to review               ┆ major 侮辱辱骂 00:14 “老莱” (to review)            │
        │ D003    ┆ clean     ┆   100 ┆ none                      ┆                                                    │
        │ D004    ┆ failed    ┆     - ┆ -                         ┆ the file ends after 12 of 44 header bytes          │
        │ ../../x ┆ violation ┆    60 ┆ 1 violation               ┆ critical 威胁恐吓 00:14 “=cmd|' /C calc'!A0”       │
        └─────────┴───────────┴───────┴───────────────────────────┴────────────────────────────────────────────────────┘
        "#);
    }

    #[test]
    fn a_narrow_terminal_wraps() {
        insta::assert_snapshot!(table(&calls()[..2], Some(64)), @r#"
        ┌──────┬───────────┬───────┬─────────────────┬─────────────────┐
        │ call ┆ verdict   ┆ score ┆ findings        ┆ worst finding   │
        ╞══════╪═══════════╪═══════╪═════════════════╪═════════════════╡
        │ D001 ┆ violation ┆    42 ┆ 2 violations, 2 ┆ critical        │
        │      ┆           ┆       ┆ to review       ┆ 威胁恐吓 00:14  │
        │      ┆           ┆       ┆                 ┆ “我们的人就在你 │
        │      ┆           ┆       ┆                 ┆ 家楼下等着”     │
        │ D002 ┆ review    ┆    95 ┆ 1 to review     ┆ major 侮辱辱骂  │
        │      ┆           ┆       ┆                 ┆ 00:14 “老莱”    │
        │      ┆           ┆       ┆                 ┆ (to review)     │
        └──────┴───────────┴───────┴─────────────────┴─────────────────┘
        "#);
    }
}
