//! The files of a run over call records.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::super::file::{at, remove_if_there, write_whole};
use super::super::format::Format;
use super::super::html::Html;
use super::super::tables::{TableFile, findings_table, remove_findings_table};
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
pub struct TimingWriter<'a> {
    out: PathBuf,
    formats: &'a [Format],
    problems: Lines,
    /// Begun with the first finding: until then an earlier run's are gone, and this run's are not there.
    findings: Option<FindingFiles>,
}

/// Every file of a run but the table of findings. Those of an earlier run would speak of other findings.
const FILES: [&str; 10] = [
    "problems.csv",
    "timing.jsonl",
    "findings.csv",
    "agents.csv",
    "teams.csv",
    "lenders.csv",
    "hours.csv",
    "days.csv",
    "index.html",
    "run.json",
];

impl<'a> TimingWriter<'a> {
    /// Makes the directory ready for files of these formats. What an earlier run wrote is removed, also where this one
    /// writes no such file.
    ///
    /// # Errors
    /// When the directory or a file cannot be written.
    pub fn create(out: &Path, formats: &'a [Format]) -> io::Result<Self> {
        fs::create_dir_all(out).map_err(at(out))?;
        remove_files(out)?;
        let problems = Lines::create(&out.join("problems.csv"), &problems_head()?)?;
        Ok(Self { out: out.to_owned(), formats, problems, findings: None })
    }

    /// The formats that findings are put into lines for.
    #[must_use]
    pub fn formats(&self) -> &'a [Format] {
        self.formats
    }

    /// Removes what an earlier run wrote into a folder, and the folder when nothing else is in it.
    ///
    /// # Errors
    /// When a file cannot be removed.
    pub fn remove(out: &Path) -> io::Result<()> {
        remove_files(out)?;
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
    pub fn findings(&mut self, lines: Vec<TimingLines>) -> io::Result<()> {
        let files = match &mut self.findings {
            Some(files) => files,
            none => none.insert(FindingFiles::create(&self.out, self.formats)?),
        };
        lines.into_iter().try_for_each(|lines| files.write(lines))
    }

    /// Writes the tables, the page and `run.json`; the page to open, where there is one.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn finish(mut self, summary: &TimingSummary, facts: &TimingFacts) -> io::Result<Option<PathBuf>> {
        self.findings(Vec::new())?;
        self.problems.close()?;
        self.findings.map_or(Ok(()), FindingFiles::close)?;
        if self.formats.contains(&Format::Csv) {
            for (name, bytes) in count_tables(summary)? {
                write_whole(&self.out.join(name), &bytes)?;
            }
        }
        let index = self.formats.contains(&Format::Html).then(|| self.out.join("index.html"));
        if let Some(index) = &index {
            write_whole(index, Html::new()?.timing(summary, facts)?.as_bytes())?;
        }
        let TimingSummary { rules, total, unjudged: not_judged, .. } = summary;
        let mut run =
            serde_json::to_vec_pretty(&RunFile { schema: SCHEMA, facts, rules, total, not_judged })?;
        run.push(b'\n');
        write_whole(&self.out.join("run.json"), &run)?;
        Ok(index)
    }
}

/// Removes what an earlier run left.
fn remove_files(out: &Path) -> io::Result<()> {
    FILES.iter().try_for_each(|name| remove_if_there(&out.join(name)))?;
    remove_findings_table(out)
}

/// The files of findings that were asked for.
struct FindingFiles {
    jsonl: Option<Lines>,
    csv: Option<Lines>,
    table: Option<TableFile>,
}

impl FindingFiles {
    fn create(out: &Path, formats: &[Format]) -> io::Result<Self> {
        let lines = |format, name: &str, head: &[u8]| {
            formats.contains(&format).then(|| Lines::create(&out.join(name), head)).transpose()
        };
        Ok(Self {
            jsonl: lines(Format::Jsonl, "timing.jsonl", b"")?,
            csv: lines(Format::Csv, "findings.csv", &findings_head()?)?,
            table: formats.contains(&Format::Parquet).then(|| findings_table(out)).transpose()?,
        })
    }

    fn write(&mut self, lines: TimingLines) -> io::Result<()> {
        if let (Some(jsonl), Some(line)) = (&mut self.jsonl, lines.json) {
            jsonl.write(line.as_bytes())?;
        }
        if let (Some(csv), Some(line)) = (&mut self.csv, lines.csv) {
            csv.write(&line)?;
        }
        if let (Some(table), Some(row)) = (&mut self.table, lines.row) {
            table.put(row)?;
        }
        Ok(())
    }

    fn close(self) -> io::Result<()> {
        self.jsonl.map_or(Ok(()), Lines::close)?;
        self.csv.map_or(Ok(()), Lines::close)?;
        self.table.map_or(Ok(()), TableFile::finish)
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
