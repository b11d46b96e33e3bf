//! Everything that is tested from outside: the architecture, the command line, the whole audit on real audio.

mod architecture;
mod command_line;
mod real_audio;
mod support;
