//! Everything that is tested from outside: the architecture, the command line, the whole audit on real audio.

mod architecture;
