//! Audio to transcript.
