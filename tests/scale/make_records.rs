//! `cargo run --release --example make_records -- COUNT SEED FOLDER`: `records.csv` and `planted.csv`, for benchmarks.

mod records;

use std::fs::File;
use std::io::BufWriter;
use std::path::PathBuf;

fn main() -> std::io::Result<()> {
    let mut args = std::env::args().skip(1);
    let mut next =
        || args.next().ok_or_else(|| std::io::Error::other("usage: make_records COUNT SEED FOLDER"));
    let count = next()?.parse().map_err(std::io::Error::other)?;
    let seed = next()?.parse().map_err(std::io::Error::other)?;
    let folder = PathBuf::from(next()?);
    std::fs::create_dir_all(&folder)?;
    let open =
        |name: &str| File::create(folder.join(name)).map(|file| BufWriter::with_capacity(1 << 20, file));
    let calls = records::make(count, seed);
    records::write(&calls, &mut open("records.csv")?, &mut open("planted.csv")?)
}
