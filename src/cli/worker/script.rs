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
        Engine::Spark => joined(&SPARK),
        Engine::Kubernetes => include_str!("../../worker/scripts/callaudit-job.yaml").to_owned(),
        Engine::Kafka => include_str!("../../worker/scripts/callaudit_kafka.py").to_owned(),
        Engine::Parallel => include_str!("../../worker/scripts/callaudit-parallel.sh").to_owned(),
    };
    stdout().write_all(script.as_bytes())?;
    Ok(NOTHING_FOUND)
}

/// The job's modules, what is used before what uses it. They become one file, which is what a cluster is handed.
const SPARK: [&str; 8] = [
    include_str!("../../worker/scripts/spark/arguments.py"),
    include_str!("../../worker/scripts/spark/plan.py"),
    include_str!("../../worker/scripts/spark/executor.py"),
    include_str!("../../worker/scripts/spark/tables.py"),
    include_str!("../../worker/scripts/spark/run.py"),
    include_str!("../../worker/scripts/spark/timing.py"),
    include_str!("../../worker/scripts/spark/calls.py"),
    include_str!("../../worker/scripts/spark/job.py"),
];

/// Modules of Python as one: what they import from each other is there already.
fn joined(modules: &[&str]) -> String {
    let lines = modules
        .join("\n\n")
        .lines()
        .filter(|line| !line.starts_with("from ."))
        .collect::<Vec<_>>()
        .join("\n");
    lines + "\n"
}
