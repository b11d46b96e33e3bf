//! Linear PCM and float WAV, through hound.

use std::io::Read;

use hound::{SampleFormat, WavReader};

use super::source::{Block, DAMAGED_HINT, Source, Stop};
use crate::ingest::fault::Fault;

/// Samples of all channels a block holds.
const BLOCK_SAMPLES: usize = 16 * 1024;

struct PcmSource<R> {
    reader: WavReader<R>,
}

/// None where hound does not read this kind (float of 64 bits, odd widths, inconsistent headers).
pub(super) fn open(stream: impl Read + 'static) -> Option<Box<dyn Source>> {
    let reader = WavReader::new(stream).ok()?;
    let spec = reader.spec();
    let readable = match spec.sample_format {
        SampleFormat::Int => matches!(spec.bits_per_sample, 8 | 16 | 24 | 32),
        SampleFormat::Float => spec.bits_per_sample == 32,
    };
    readable.then(|| Box::new(PcmSource { reader }) as Box<dyn Source>)
}

impl<R: Read> Source for PcmSource<R> {
    fn promised_s(&self) -> Option<f64> {
        let promised_s = f64::from(self.reader.duration()) / f64::from(self.reader.spec().sample_rate);
        promised_s.is_finite().then_some(promised_s)
    }

    fn next_block(&mut self, block: &mut Block) -> Result<bool, Stop> {
        let spec = self.reader.spec();
        block.rate_hz = spec.sample_rate;
        block.channels = usize::from(spec.channels);
        block.interleaved.clear();
        let whole_frames = (BLOCK_SAMPLES / block.channels).max(1) * block.channels;
        match spec.sample_format {
            SampleFormat::Float => {
                for sample in self.reader.samples::<f32>().take(whole_frames) {
                    block.interleaved.push(sample.map_err(|error| unreadable(&error))?);
                }
            }
            SampleFormat::Int => {
                let full_scale = 2.0_f32.powi(i32::from(spec.bits_per_sample) - 1);
                for sample in self.reader.samples::<i32>().take(whole_frames) {
                    block.interleaved.push(sample.map_err(|error| unreadable(&error))? as f32 / full_scale);
                }
            }
        }
        Ok(!block.interleaved.is_empty())
    }
}

fn unreadable(error: &hound::Error) -> Fault {
    Fault::new(format!("cannot be decoded: {error}"), DAMAGED_HINT)
}
