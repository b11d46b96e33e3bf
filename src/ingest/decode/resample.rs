//! Any rate to 16 kHz, as the samples come.

use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Fft, FixedSync, Indexing, Resampler as _, WindowFunction};

use crate::domain::SAMPLE_RATE_HZ;
use crate::ingest::fault::Fault;

/// Frames that one Fourier transform takes in: long enough for a passband up to 98 % of the lower Nyquist frequency.
const CHUNK_FRAMES: usize = 1024;

/// Interleaved samples in, one 16-bit channel each out. Keeps no more of the input than one chunk.
pub(super) struct Resampler {
    rate_hz: u32,
    frames_in: usize,
    /// Absent at 16 kHz: samples then pass unchanged.
    filter: Option<Filter>,
    channels: Vec<Vec<i16>>,
}

struct Filter {
    fft: Fft<f32>,
    /// Input that does not fill a chunk yet.
    pending: Vec<f32>,
    resampled: Vec<f32>,
    /// Frames still to drop from the start of the output: the filter's own delay.
    delay_left: usize,
}

impl Resampler {
    pub fn new(rate_hz: u32, channels: usize) -> Result<Self, Fault> {
        let filter = if rate_hz == SAMPLE_RATE_HZ { None } else { Some(Filter::new(rate_hz, channels)?) };
        Ok(Self { rate_hz, frames_in: 0, filter, channels: vec![Vec::new(); channels] })
    }

    /// Frames taken in so far, at the rate of the input.
    pub fn frames_in(&self) -> usize {
        self.frames_in
    }

    pub fn push(&mut self, interleaved: &[f32]) -> Result<(), Fault> {
        self.frames_in += interleaved.len() / self.channels.len();
        match &mut self.filter {
            None => append(&mut self.channels, interleaved),
            Some(filter) => filter.push(interleaved, &mut self.channels)?,
        }
        Ok(())
    }

    /// The channels, each as long as the input to the nearest sample.
    pub fn finish(mut self) -> Result<Vec<Vec<i16>>, Fault> {
        let frames_out = self.frames_out();
        if let Some(filter) = &mut self.filter {
            while self.channels.iter().any(|channel| channel.len() < frames_out) {
                filter.flush(&mut self.channels)?;
            }
        }
        for channel in &mut self.channels {
            channel.truncate(frames_out);
            channel.shrink_to_fit();
        }
        Ok(self.channels)
    }

    fn frames_out(&self) -> usize {
        (self.frames_in as f64 * f64::from(SAMPLE_RATE_HZ) / f64::from(self.rate_hz)).round() as usize
    }
}

impl Filter {
    fn new(rate_hz: u32, channels: usize) -> Result<Self, Fault> {
        let fft = Fft::new_custom(
            rate_hz as usize,
            SAMPLE_RATE_HZ as usize,
            CHUNK_FRAMES,
            1,
            channels,
            WindowFunction::BlackmanHarris2,
            FixedSync::Both,
        )
        .map_err(|error| cannot_resample(&error))?;
        let resampled = vec![0.0; fft.output_frames_max() * channels];
        let delay_left = fft.output_delay();
        Ok(Self { fft, pending: Vec::new(), resampled, delay_left })
    }

    fn push(&mut self, interleaved: &[f32], channels: &mut [Vec<i16>]) -> Result<(), Fault> {
        // A recorder's infinities would spread over a whole chunk.
        self.pending.extend(interleaved.iter().map(|sample| if sample.is_finite() { *sample } else { 0.0 }));
        let chunk = self.fft.input_frames_next() * channels.len();
        let whole = self.pending.len() / chunk * chunk;
        let pending = std::mem::take(&mut self.pending);
        for input in pending[..whole].chunks_exact(chunk) {
            self.process(input, channels)?;
        }
        self.pending = pending;
        self.pending.drain(..whole);
        Ok(())
    }

    /// Pushes what is pending through, and silence after it.
    fn flush(&mut self, channels: &mut [Vec<i16>]) -> Result<(), Fault> {
        let mut last = std::mem::take(&mut self.pending);
        last.resize(self.fft.input_frames_next() * channels.len(), 0.0);
        self.process(&last, channels)
    }

    /// One full chunk.
    fn process(&mut self, input: &[f32], channels: &mut [Vec<i16>]) -> Result<(), Fault> {
        let count = channels.len();
        let room = self.resampled.len() / count;
        let input = InterleavedSlice::new(input, count, input.len() / count)
            .map_err(|error| cannot_resample(&error))?;
        let mut output = InterleavedSlice::new_mut(&mut self.resampled, count, room)
            .map_err(|error| cannot_resample(&error))?;
        let (_, frames) = self
            .fft
            .process_into_buffer(&input, &mut output, Some(&Indexing::new()))
            .map_err(|error| cannot_resample(&error))?;
        let dropped = self.delay_left.min(frames);
        self.delay_left -= dropped;
        append(channels, &self.resampled[dropped * count..frames * count]);
        Ok(())
    }
}

fn append(channels: &mut [Vec<i16>], interleaved: &[f32]) {
    for frame in interleaved.chunks_exact(channels.len()) {
        for (channel, sample) in channels.iter_mut().zip(frame) {
            channel.push(to_sixteen_bits(*sample));
        }
    }
}

/// Sixteen-bit input comes out as it went in, but for −32768, which no later stage then has to fear.
fn to_sixteen_bits(sample: f32) -> i16 {
    (sample * 32_768.0).round().clamp(-32_767.0, 32_767.0) as i16
}

fn cannot_resample(error: &dyn std::fmt::Display) -> Fault {
    Fault::new(format!("cannot be resampled: {error}"), "convert it to WAV at 16000 Hz")
}
