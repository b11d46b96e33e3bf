//! The figures of every call, whether or not a rule finds fault with them.

use crate::domain::{Measures, Speaker};

use super::talk::Talk;
use super::{fast_speech, long_silence, raised_voice, response_time, spans, talk_share};

/// Measures what can be measured. Remarks are left to the rules.
pub(super) fn figures(talk: &Talk) -> Measures {
    let silence = long_silence::silences(talk).into_iter().map(|(from, to)| to - from).max_by(f64::total_cmp);
    let silence_longest_s = talk.has_times().then(|| silence.unwrap_or(0.0));
    if !talk.tells_speakers() {
        return Measures { silence_longest_s, ..Measures::default() };
    }
    let speech_s = |speaker| talk_share::speech_s(talk, speaker);
    let (agent_s, customer_s) = (speech_s(Speaker::Agent), speech_s(Speaker::Customer));
    let waits = response_time::response_times_s(talk);
    Measures {
        agent_speech_s: Some(agent_s),
        customer_speech_s: Some(customer_s),
        agent_share_percent: talk_share::agent_share_percent(agent_s, customer_s),
        overlap_s: (!talk.shares_channel()).then(|| talk.all_overlap_s()),
        response_median_s: spans::median(&waits),
        response_longest_s: waits.last().copied(),
        silence_longest_s,
        agent_chars_per_s: fast_speech::agent_chars_per_s(talk),
        agent_loudest_db: raised_voice::agent_loudest_db(talk),
        remarks: Vec::new(),
    }
}
