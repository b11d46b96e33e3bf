//! Recognises bare MPEG audio streams, which have no signature: only frames that follow each other.

/// Junk that stream recorders leave before the first whole frame is shorter than this.
const SEARCHED_BYTES: usize = 4096;

/// Frames in a row that make a stream: chance gives one such chain in 10^13 positions.
const CHAINED_FRAMES: usize = 3;

/// kbit/s of layer III for MPEG-1, by the header's bitrate index (ISO 11172-3, table in 2.4.2.3).
const MPEG1_KBPS: [usize; 14] = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
/// The same for MPEG-2 and 2.5 (ISO 13818-3, 2.4.2.3).
const MPEG2_KBPS: [usize; 14] = [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
const MPEG1_RATES_HZ: [usize; 3] = [44_100, 48_000, 32_000];

/// True where MP3 frames follow each other near the start.
pub(super) fn is_mp3(head: &[u8]) -> bool {
    is_stream(head, mp3_frame_bytes)
}

/// True where AAC frames with ADTS headers follow each other near the start.
pub(super) fn is_adts(head: &[u8]) -> bool {
    is_stream(head, adts_frame_bytes)
}

type FrameBytes = fn(&[u8]) -> Option<usize>;

fn is_stream(head: &[u8], frame_bytes: FrameBytes) -> bool {
    let searched = head.len().min(SEARCHED_BYTES);
    (0..searched).any(|start| is_chain(&head[start..], frame_bytes))
}

fn is_chain(mut rest: &[u8], frame_bytes: FrameBytes) -> bool {
    for _ in 0..CHAINED_FRAMES {
        match frame_bytes(rest).and_then(|length| rest.get(length..)) {
            Some(next) => rest = next,
            None => return false,
        }
    }
    true
}

/// Length of the layer III frame whose header begins `bytes`.
fn mp3_frame_bytes(bytes: &[u8]) -> Option<usize> {
    let &[0xFF, second, third, _, ..] = bytes else { return None };
    let (version, layer) = (second >> 3 & 0b11, second >> 1 & 0b11);
    if second >> 5 != 0b111 || version == 0b01 || layer != 0b01 {
        return None;
    }
    let is_mpeg1 = version == 0b11;
    let table_kbps = if is_mpeg1 { MPEG1_KBPS } else { MPEG2_KBPS };
    let bitrate_kbps = *table_kbps.get(usize::from(third >> 4).checked_sub(1)?)?;
    let divisor = [4, 1, 2, 1][usize::from(version)];
    let rate_hz = MPEG1_RATES_HZ.get(usize::from(third >> 2 & 0b11))? / divisor;
    let bytes_per_slot = if is_mpeg1 { 144_000 } else { 72_000 };
    Some(bytes_per_slot * bitrate_kbps / rate_hz + usize::from(third >> 1 & 1))
}

/// Length of the AAC frame whose ADTS header begins `bytes` (ISO 13818-7, 6.2).
fn adts_frame_bytes(bytes: &[u8]) -> Option<usize> {
    let &[0xFF, second, third, b3, b4, b5, ..] = bytes else { return None };
    if second & 0xF6 != 0xF0 || third >> 2 & 0xF > 12 {
        return None;
    }
    let length = usize::from(b3 & 0b11) << 11 | usize::from(b4) << 3 | usize::from(b5) >> 5;
    (length > 7).then_some(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 128 kbit/s at 44.1 kHz: 417 bytes.
    fn mp3_frame() -> Vec<u8> {
        let mut frame = vec![0; 417];
        frame[..4].copy_from_slice(&[0xFF, 0xFB, 0x90, 0x00]);
        frame
    }

    #[test]
    fn frame_lengths() {
        let cases: &[([u8; 4], Option<usize>)] = &[
            ([0xFF, 0xFB, 0x90, 0x00], Some(417)),
            ([0xFF, 0xFB, 0x92, 0x00], Some(418)),
            ([0xFF, 0xF3, 0x40, 0x00], Some(104)), // MPEG-2, 32 kbit/s, 22.05 kHz
            ([0xFF, 0xE3, 0x48, 0x00], Some(288)), // MPEG-2.5, 32 kbit/s, 8 kHz
            ([0xFF, 0xFB, 0xF0, 0x00], None),
            ([0xFF, 0xFB, 0x00, 0x00], None),
            ([0xFF, 0xFB, 0x9C, 0x00], None),
            ([0xFF, 0xFD, 0x90, 0x00], None),
            ([0xFF, 0x7B, 0x90, 0x00], None),
        ];
        for (header, expected) in cases {
            assert_eq!(mp3_frame_bytes(header), *expected, "{header:02x?}");
        }
    }

    #[test]
    fn three_frames_make_a_stream_and_two_do_not() {
        let junk = vec![0xFF; 100];
        assert!(is_mp3(&[junk.clone(), mp3_frame(), mp3_frame(), mp3_frame()].concat()));
        assert!(!is_mp3(&[junk, mp3_frame(), mp3_frame()].concat()));
    }
}
