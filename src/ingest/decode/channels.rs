//! Channels to speakers.

use crate::domain::{Speaker, Track};
use crate::ingest::fault::Fault;

/// −60 dB of full scale, four times the smallest step of an A-law line: below it nothing was recorded.
const SILENCE_PEAK: u16 = 33;

/// Two channels whose difference is 40 dB below their sum are one sound twice; two speakers differ all the time.
const ALIKE_POWER_RATIO: f64 = 1e-4;

/// Names each channel's speaker.
///
/// Stereo that holds one sound only is treated as mono: both voices may be in it, and words must not be laid in the agent's
/// mouth because a recorder mixed the line.
pub(super) fn to_tracks(channels: Vec<Vec<i16>>, agent_channel: usize) -> Result<Vec<Track>, Fault> {
    let sounding: Vec<bool> = channels.iter().map(|channel| peak(channel) >= SILENCE_PEAK).collect();
    if !sounding.contains(&true) {
        return Err(no_sound());
    }
    let one_sound = sounding.contains(&false) || matches!(&channels[..], [left, right] if alike(left, right));
    if channels.len() == 1 || one_sound {
        let heard =
            channels.into_iter().zip(sounding).find(|(_, sounds)| *sounds).map(|(channel, _)| channel);
        return Ok(heard.into_iter().map(|samples| Track { speaker: Speaker::Unknown, samples }).collect());
    }
    let track = |(index, samples)| Track { speaker: speaker(index == agent_channel), samples };
    Ok(channels.into_iter().enumerate().map(track).collect())
}

fn speaker(is_agent: bool) -> Speaker {
    if is_agent { Speaker::Agent } else { Speaker::Customer }
}

fn peak(samples: &[i16]) -> u16 {
    samples.iter().map(|sample| sample.unsigned_abs()).max().unwrap_or(0)
}

fn alike(left: &[i16], right: &[i16]) -> bool {
    let pairs = || left.iter().zip(right).map(|(l, r)| (i64::from(*l), i64::from(*r)));
    let difference: i64 = pairs().map(|(l, r)| (l - r) * (l - r)).sum();
    let sum: i64 = pairs().map(|(l, r)| (l + r) * (l + r)).sum();
    difference as f64 <= sum as f64 * ALIKE_POWER_RATIO
}

fn no_sound() -> Fault {
    Fault::new("holds no sound", "check the recorder's line; the recording is silent from start to end")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn speakers(channels: Vec<Vec<i16>>, agent_channel: usize) -> Vec<Speaker> {
        to_tracks(channels, agent_channel).unwrap().into_iter().map(|track| track.speaker).collect()
    }

    #[test]
    fn channels_become_speakers() {
        let (a, b, hush) = (vec![500, -500, 9], vec![-20, 900, 300], vec![8, -8, 0]);
        let nearly_a = vec![501, -499, 9];
        let cases = [
            (vec![a.clone()], 0, vec![Speaker::Unknown]),
            (vec![a.clone(), b.clone()], 0, vec![Speaker::Agent, Speaker::Customer]),
            (vec![a.clone(), b], 1, vec![Speaker::Customer, Speaker::Agent]),
            (vec![a.clone(), a.clone()], 0, vec![Speaker::Unknown]),
            (vec![a.clone(), nearly_a], 0, vec![Speaker::Unknown]),
            (vec![a.clone(), hush.clone()], 0, vec![Speaker::Unknown]),
            (vec![hush, a], 0, vec![Speaker::Unknown]),
        ];
        for (channels, agent_channel, expected) in cases {
            assert_eq!(speakers(channels.clone(), agent_channel), expected, "{channels:?}");
        }
    }

    #[test]
    fn the_channel_that_sounds_is_kept() {
        let tracks = to_tracks(vec![vec![0, 0], vec![700, -700]], 0).unwrap();
        assert_eq!(tracks[0].samples, [700, -700]);
    }

    #[test]
    fn silence_is_no_call() {
        for channels in [vec![vec![0; 9]], vec![vec![8; 9], vec![-32; 9]], vec![vec![]]] {
            assert_eq!(to_tracks(channels, 0).unwrap_err().cause, "holds no sound");
        }
    }
}
