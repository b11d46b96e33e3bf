//! `callaudit search`: who said what, in all stored calls.

use std::io::{IsTerminal, Write, stdout};

use clap::Args;

use super::store::StoreArgs;
use super::{FOUND, NOTHING_FOUND};
use crate::domain::Speaker;
use crate::store::{Access, Hit, Query, Sense};

/// Search the transcripts of a store
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  callaudit search 通讯录 --store qa.sqlite
  callaudit search \"法院 起诉\"          calls in which both were said
  callaudit search --sound 爆通讯录      whatever sounds like it: 报通讯录, 暴通讯录 …

The latest calls come first. Identity, bank-card and phone numbers are masked and cannot be searched for.
Exit status: 0 something was found, 1 nothing was.")]
pub struct SearchArgs {
    /// Words; each part between spaces has to be said somewhere in the call
    #[arg(value_name = "QUERY")]
    query: String,

    #[command(flatten)]
    store: StoreArgs,

    /// Compare by sound, as the recogniser confuses characters
    #[arg(long)]
    sound: bool,

    /// Most calls to show
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: usize,

    /// Print a line of JSON a hit
    #[arg(long)]
    json: bool,
}

/// Runs the command and returns the exit status.
pub(super) fn run(args: &SearchArgs) -> anyhow::Result<u8> {
    let sense = if args.sound { Sense::Sound } else { Sense::Words };
    let query = Query { text: args.query.clone(), sense, limit: args.limit, before: None };
    let hits = args.store.open(Access::Read)?.search(&query)?;
    let mut out = stdout().lock();
    let bold = out.is_terminal();
    for hit in &hits.hits {
        let line = if args.json { json(hit) } else { shown(hit, bold) };
        // Whoever reads may have seen enough.
        if writeln!(out, "{line}").is_err() {
            break;
        }
    }
    if !args.json {
        let more = if hits.next.is_none() { "" } else { "，还有更多：--limit" };
        eprintln!("{} 通通话，{} 处{more}", hits.calls, hits.hits.len());
    }
    Ok(if hits.hits.is_empty() { FOUND } else { NOTHING_FOUND })
}

fn shown(hit: &Hit, bold: bool) -> String {
    let segment = &hit.segment;
    let (before, rest) = segment.text.split_at(hit.range.start);
    let (words, after) = rest.split_at(hit.range.len());
    let (on, off) = if bold { ("\u{1b}[1m", "\u{1b}[0m") } else { ("", "") };
    let seconds = segment.start_s as u64;
    let speaker = match segment.speaker {
        Speaker::Agent => "坐席",
        Speaker::Customer => "客户",
        Speaker::Unknown => "未知",
    };
    let (minutes, seconds) = (seconds / 60, seconds % 60);
    let started = hit.started_at.as_deref().unwrap_or("-");
    let agent = hit.agent_id.as_deref().unwrap_or("-");
    format!(
        "{}  {started}  {agent}  {minutes:02}:{seconds:02} {speaker}  {before}{on}{words}{off}{after}",
        hit.call_id
    )
}

fn json(hit: &Hit) -> String {
    serde_json::json!({
        "call_id": hit.call_id, "agent_id": hit.agent_id, "started_at": hit.started_at,
        "speaker": hit.segment.speaker, "start_s": hit.segment.start_s, "end_s": hit.segment.end_s,
        "text": hit.segment.text, "match": &hit.segment.text[hit.range.clone()],
    })
    .to_string()
}
