//! The files of a run over call records.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::super::file::{at, remove_if_there, write_whole};
use super::super::html::Html;
use super::tables::{TimingLines, count_tables, findings_head, problem_row, problems_head};
use crate::domain::{CallError, TimingRule, TimingSummary, TimingTally, Unjudged};

/// Version of the format of `run.json`.
const SCHEMA: &str = "callaudit.timing-run/1";

/// What only the caller knows of a run.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct TimingFacts {
    /// RFC 3339
    pub started_at: String,
    /// RFC 3339
    pub ended_at: String,
    pub duration_s: f64,
    pub tool: String,
    /// Ids of the policies.
    pub policies: Vec<String>,
    /// SHA-256 over the policies' texts.
    pub policies_sha256: String,
    /// Files of records, as named.
    pub records: Vec<String>,
    pub input_errors: Vec<CallError>,
    /// Columns that mean nothing here.
    pub ignored_columns: Vec<String>,
    /// Rows and values listed in `problems.csv`.
    pub problems: u64,
    /// Of these, rows that were left out, repeats not counted.
    pub rows_lost: u64,
}

#[derive(Serialize)]
struct RunFile<'a> {
    schema: &'static str,
    #[serde(flatten)]
    facts: &'a TimingFacts,
    rules: &'a [TimingRule],
    total: &'a TimingTally,
    not_judged: &'a [Unjudged],
}

/// Writes findings and problems as they come, and the tables at the end.
pub struct TimingWriter {
    out: PathBuf,
    problems: Lines,
    /// Begun with the first finding: until then an earlier run's are gone, and this run's are not there.
    findings: Option<(Lines, Lines)>,
}

/// Files that a run writes last; those of an earlier run would speak of other findings.
const LAST: [&str; 7] =
    ["agents.csv", "teams.csv", "lenders.csv", "hours.csv", "days.csv", "index.html", "run.json"];

/// Files that grow with the run.
const GROWING: [&str; 3] = ["problems.csv", "timing.jsonl", "findings.csv"];

impl TimingWriter {
    /// # Errors
    /// When the directory or a file cannot be written.
    pub fn create(out: &Path) -> io::Result<Self> {
        fs::create_dir_all(out).map_err(at(out))?;
        for name in LAST {
            remove_if_there(&out.join(name))?;
        }
        let problems = Lines::create(&out.join("problems.csv"), &problems_head()?)?;
        Ok(Self { out: out.to_owned(), problems, findings: None })
    }

    /// Removes what an earlier run wrote into a folder, and the folder when nothing else is in it.
    ///
    /// # Errors
    /// When a file cannot be removed.
    pub fn remove(out: &Path) -> io::Result<()> {
        for name in LAST.iter().chain(&GROWING) {
            remove_if_there(&out.join(name))?;
        }
        // Other people's files keep it.
        let _ = fs::remove_dir(out);
        Ok(())
    }

    /// Lists a row that could not be read, or only in part.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn problem(&mut self, file: &str, line: usize, cause: &str) -> io::Result<()> {
        self.problems.write(&problem_row(file, line, cause)?)
    }

    /// Writes findings, in the order of the calls.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn findings(&mut self, lines: &[TimingLines]) -> io::Result<()> {
        let (jsonl, csv) = match &mut self.findings {
            Some(files) => files,
            none => none.insert((
                Lines::create(&self.out.join("timing.jsonl"), b"")?,
                Lines::create(&self.out.join("findings.csv"), &findings_head()?)?,
            )),
        };
        for lines in lines {
            jsonl.write(&lines.json)?;
            csv.write(&lines.csv)?;
        }
        Ok(())
    }

    /// Writes the tables, the page and `run.json`; the page to open.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn finish(mut self, summary: &TimingSummary, facts: &TimingFacts) -> io::Result<PathBuf> {
        self.findings(&[])?;
        self.problems.close()?;
        if let Some((jsonl, csv)) = self.findings {
            jsonl.close()?;
            csv.close()?;
        }
        for (name, bytes) in count_tables(summary)? {
            write_whole(&self.out.join(name), &bytes)?;
        }
        let index = self.out.join("index.html");
        write_whole(&index, Html::new()?.timing(summary, facts)?.as_bytes())?;
        let TimingSummary { rules, total, unjudged: not_judged, .. } = summary;
        let mut run =
            serde_json::to_vec_pretty(&RunFile { schema: SCHEMA, facts, rules, total, not_judged })?;
        run.push(b'\n');
        write_whole(&self.out.join("run.json"), &run)?;
        Ok(index)
    }
}

/// A file that grows.
struct Lines {
    path: PathBuf,
    file: BufWriter<File>,
}

impl Lines {
    fn create(path: &Path, head: &[u8]) -> io::Result<Self> {
        let mut file = BufWriter::with_capacity(1 << 18, File::create(path).map_err(at(path))?);
        file.write_all(head).map_err(at(path))?;
        Ok(Self { path: path.to_owned(), file })
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes).map_err(at(&self.path))
    }

    fn close(mut self) -> io::Result<()> {
        self.file.flush().map_err(at(&self.path))
    }
}
