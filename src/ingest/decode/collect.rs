//! Blocks to whole channels at 16 kHz, watching the limits on the way.

use super::resample::Resampler;
use super::source::{Block, Limits, Source, Stop};
use crate::ingest::fault::Fault;

/// Telephone lines sample at 8 kHz; what is below has lost its consonants. Above 192 kHz no recorder works.
const RATES_HZ: std::ops::RangeInclusive<u32> = 8_000..=192_000;

/// So much may be missing: encoders round to frames, and no sentence fits. More, and part of a call would pass for all of it.
pub(super) const TOLERATED_LOSS_S: f64 = 1.0;

/// Decodes to the end: samples at 16 kHz of each channel, all of one length.
pub(super) fn collect(source: &mut dyn Source, limits: Limits) -> Result<Vec<Vec<i16>>, Stop> {
    let promised_s = source.promised_s();
    limits.check_duration(promised_s.unwrap_or(0.0))?;
    let mut block = Block::default();
    let mut intake = None;
    while source.next_block(&mut block)? {
        let intake = match &mut intake {
            Some(intake) => intake,
            empty => empty.insert(Intake::new(&block)?),
        };
        limits.check_duration(intake.take(&block)?)?;
    }
    let intake: Intake = intake.ok_or_else(no_samples)?;
    check_whole(promised_s, intake.duration_s())?;
    Ok(intake.resampler.finish()?)
}

/// The first block fixes rate and channels; later ones must agree.
struct Intake {
    rate_hz: u32,
    channels: usize,
    resampler: Resampler,
}

impl Intake {
    fn new(first: &Block) -> Result<Self, Fault> {
        check_channels(first.channels)?;
        check_rate(first.rate_hz)?;
        let resampler = Resampler::new(first.rate_hz, first.channels)?;
        Ok(Self { rate_hz: first.rate_hz, channels: first.channels, resampler })
    }

    /// Takes one block in; the seconds that are in by now.
    fn take(&mut self, block: &Block) -> Result<f64, Fault> {
        if (block.rate_hz, block.channels) != (self.rate_hz, self.channels) {
            return Err(Fault::new(
                "changes its sample rate or channels halfway",
                "split it where the change is, or convert it to WAV",
            ));
        }
        self.resampler.push(&block.interleaved)?;
        Ok(self.duration_s())
    }

    fn duration_s(&self) -> f64 {
        self.resampler.frames_in() as f64 / f64::from(self.rate_hz)
    }
}

fn check_channels(channels: usize) -> Result<(), Fault> {
    match channels {
        1 | 2 => Ok(()),
        0 => Err(Fault::new("has no channel", super::source::DAMAGED_HINT)),
        more => Err(Fault::new(
            format!("has {more} channels"),
            "keep two, one a speaker, for example with `ffmpeg -i in.wav -af 'pan=stereo|c0=c0|c1=c1' out.wav`",
        )),
    }
}

fn check_rate(rate_hz: u32) -> Result<(), Fault> {
    if RATES_HZ.contains(&rate_hz) {
        return Ok(());
    }
    Err(Fault::new(
        format!("is sampled at {rate_hz} Hz"),
        "record at 8000 Hz or more, and at no more than 192000 Hz",
    ))
}

fn check_whole(promised_s: Option<f64>, decoded_s: f64) -> Result<(), Fault> {
    match promised_s {
        Some(promised_s) if promised_s - decoded_s > TOLERATED_LOSS_S => {
            Err(cut_short(promised_s, decoded_s))
        }
        _ => Ok(()),
    }
}

/// A file that ends before its header says.
pub(super) fn cut_short(promised_s: f64, found_s: f64) -> Fault {
    Fault::new(
        format!("is cut short: its header promises {promised_s:.1} s, {found_s:.1} s are there"),
        "fetch the file again from where it was recorded; part of a call must not pass for all of it",
    )
}

fn no_samples() -> Fault {
    Fault::new("holds no samples", "check that the recorder finished writing the file")
}
