//! The same audit on Spark: executors that are processes of their own, and everything that can happen to them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::support::{Run, callaudit, root, run, samples, weights_or_skip};

/// Clusters take memory: one at a time.
static TURN: Mutex<()> = Mutex::new(());

/// A master and workers on loopback, gone with this value.
struct Cluster {
    process: Child,
    folder: tempfile::TempDir,
    master: String,
    workers: Vec<u32>,
}

impl Cluster {
    /// A worker for each of `workers`, its settings as `tests/cluster/cluster.py` reads them.
    fn start(workers: &[String]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new("python3");
        command.arg(root().join("tests/cluster/cluster.py")).arg(folder.path()).args(workers);
        command.env("CALLAUDIT_MODELS", root().join("models")).env("CALLAUDIT_NO_SEMANTIC", "true");
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let told: Value = serde_json::from_str(&line).expect("the cluster says that it is there");
        let workers = told["workers"].as_array().unwrap().iter().map(|pid| pid.as_u64().unwrap() as u32);
        let master = told["master"].as_str().unwrap().to_owned();
        Self { process, folder, master, workers: workers.collect() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The job on so many executors of a core each.
    fn job(&self, executors: usize, arguments: &[&str]) -> Command {
        let mut command = Command::new("python3");
        command.arg(root().join("tests/cluster/submit.py")).arg(self.folder.path()).arg(&self.master);
        command.arg(executors.to_string()).args(arguments);
        command.env("CALLAUDIT_MODELS", root().join("models")).env("CALLAUDIT_NO_SEMANTIC", "true");
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}
