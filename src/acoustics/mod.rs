//! Audio to numbers over time: how loud, how high, of what timbre. Cheap, and the same on every machine.

mod loudness;
mod pitch;
mod timbre;

pub use loudness::levels;
pub use pitch::{PITCH_SAMPLES, pitch_hz};
pub use timbre::{CEPSTRA, TIMBRE_FRAME_S, Timbre, timbre};
