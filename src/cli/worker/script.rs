//! `callaudit worker script`: what runs workers elsewhere, as it belongs to this version of the program.

use std::io::{Write, stdout};

use clap::{Args, ValueEnum};

use crate::cli::NOTHING_FOUND;

/// Print a script that runs workers: to be read, changed and kept
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  callaudit worker script spark >callaudit_spark.py          spark-submit callaudit_spark.py --help
  callaudit worker script kubernetes >callaudit-job.yaml     an Indexed Job, a pod a shard
  callaudit worker script kafka >callaudit_kafka.py          a consumer of a topic of calls
  callaudit worker script parallel >callaudit-parallel.sh    GNU parallel, over one machine or several")]
pub struct ScriptArgs {
    /// What runs the workers
    #[arg(value_name = "ENGINE")]
    engine: Engine,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Engine {
    Spark,
    Kubernetes,
    Kafka,
    Parallel,
}

/// Runs the command and returns the exit status.
pub(super) fn run(args: &ScriptArgs) -> anyhow::Result<u8> {
    let script = match args.engine {
        Engine::Spark => include_str!("../../worker/scripts/callaudit_spark.py"),
        Engine::Kubernetes => include_str!("../../worker/scripts/callaudit-job.yaml"),
        Engine::Kafka => include_str!("../../worker/scripts/callaudit_kafka.py"),
        Engine::Parallel => include_str!("../../worker/scripts/callaudit-parallel.sh"),
    };
    stdout().write_all(script.as_bytes())?;
    Ok(NOTHING_FOUND)
}
