//! The one writer of a run: every call goes to all chosen files as soon as it is done.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::domain::{CallId, CallReport};

use super::file::{at, remove_if_there, write_whole};
use super::format::Format;
use super::html::Html;
use super::lines::OrderedFile;
use super::names::page_names;
use super::page::CallPage;
use super::run::{RunFacts, earlier_pages, run_json};
use super::single::line_of;
use super::summary::{CallSummary, Totals};
use super::tables::ReportTables;
use super::{border, findings_csv};

/// Directory of the calls' pages within the output directory.
const PAGES: &str = "calls";

const JSONL: &str = "report.jsonl";
const CSV: &str = "findings.csv";
const INDEX: &str = "index.html";
const RUN: &str = "run.json";

/// Writes the reports of a run. Calls may come in any order; files that hold many calls keep the order of the input.
///
/// The pages of calls, `index.html`, `run.json` and Parquet files appear whole or not at all. `report.jsonl` and
/// `findings.csv` grow with the calls: what stands there is always the whole reports of the first calls of the input.
pub struct ReportWriter {
    out: PathBuf,
    /// File name of each call's page, by the call's place in the input.
    pages: Vec<String>,
    jsonl: Option<OrderedFile>,
    csv: Option<OrderedFile>,
    html: Option<Html>,
    tables: Option<ReportTables>,
    calls: BTreeMap<usize, CallSummary>,
}

/// What a run came to, for the console and the exit code.
#[derive(Debug, Clone, PartialEq)]
pub struct RunReport {
    /// In the order of the input.
    pub calls: Vec<CallSummary>,
    pub totals: Totals,
    /// The page to open, where there is one.
    pub index: Option<PathBuf>,
}

impl ReportWriter {
    /// Makes the output directory ready for the calls with these ids, in the order of the input. What an earlier run
    /// wrote is removed, also where this one writes no such file: it would speak of other reports than those beside it.
    ///
    /// # Errors
    /// When the directory or a file cannot be written.
    pub fn create(out: &Path, formats: &[Format], ids: &[CallId]) -> io::Result<Self> {
        let html = formats.contains(&Format::Html);
        let directory = if html { out.join(PAGES) } else { out.to_owned() };
        fs::create_dir_all(&directory).map_err(at(&directory))?;
        remove_earlier_pages(out)?;
        for name in [JSONL, CSV, INDEX, RUN] {
            remove_if_there(&out.join(name))?;
        }
        ReportTables::remove(out)?;
        let ordered = |format, name: &str, head: Vec<u8>| {
            formats.contains(&format).then(|| OrderedFile::create(&out.join(name), &head)).transpose()
        };
        Ok(Self {
            out: out.to_owned(),
            pages: page_names(ids),
            jsonl: ordered(Format::Jsonl, JSONL, Vec::new())?,
            csv: ordered(Format::Csv, CSV, findings_csv::head()?)?,
            html: html.then(Html::new).transpose()?,
            tables: formats.contains(&Format::Parquet).then(|| ReportTables::create(out)).transpose()?,
            calls: BTreeMap::new(),
        })
    }

    /// Writes one call, `index` being its place in the input.
    ///
    /// # Errors
    /// When a file cannot be written, or when the input has no such place.
    pub fn write_call(&mut self, index: usize, page: &CallPage) -> io::Result<()> {
        let report = border::printed(&page.report);
        let name = self.pages.get(index).ok_or_else(|| no_such_call(index, self.pages.len()))?;
        if let Some(html) = &self.html {
            let text = html.call(&report, &page.clips, &page.waveforms)?;
            write_whole(&self.out.join(PAGES).join(name), text.as_bytes())?;
        }
        if let Some(csv) = &mut self.csv {
            csv.push(index, findings_csv::rows_of(&report)?)?;
        }
        self.write_line(index, &report)?;
        self.calls.insert(index, CallSummary::of(&report));
        Ok(())
    }

    /// The report line, to all files that hold it.
    fn write_line(&mut self, index: usize, printed: &CallReport) -> io::Result<()> {
        if self.jsonl.is_none() && self.tables.is_none() {
            return Ok(());
        }
        let line = line_of(printed)?;
        if let Some(tables) = &mut self.tables {
            tables.push(index, &line)?;
        }
        self.jsonl.as_mut().map_or(Ok(()), |jsonl| jsonl.push(index, line.into_bytes()))
    }

    /// Writes what still waits for its turn (after an interruption some calls never come), the index and `run.json`.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn finish(self, facts: &RunFacts) -> io::Result<RunReport> {
        self.jsonl.map_or(Ok(()), OrderedFile::finish)?;
        self.csv.map_or(Ok(()), OrderedFile::finish)?;
        self.tables.map_or(Ok(()), ReportTables::finish)?;
        let totals = Totals::of(self.calls.values());
        let links: Vec<_> = self
            .calls
            .iter()
            .map(|(&index, call)| (call, format!("{PAGES}/{}", self.pages[index])))
            .collect();
        let has_pages = self.html.is_some();
        let index = self.html.map(|html| html.index(&links, &totals, facts)).transpose()?;
        let index = index.map(|text| write_index(&self.out, &text)).transpose()?;
        let pages =
            self.calls.keys().filter(|_| has_pages).map(|&index| self.pages[index].as_str()).collect();
        let calls: Vec<_> = self.calls.into_values().collect();
        let run = run_json(facts, &calls, &totals, pages)?;
        write_whole(&self.out.join(RUN), &run)?;
        Ok(RunReport { calls, totals, index })
    }
}

/// Removes the pages that an earlier run in the same directory says it wrote, and nothing else.
fn remove_earlier_pages(out: &Path) -> io::Result<()> {
    let Ok(bytes) = fs::read(out.join(RUN)) else { return Ok(()) };
    for page in earlier_pages(&bytes) {
        remove_if_there(&out.join(PAGES).join(page))?;
    }
    Ok(())
}

fn write_index(out: &Path, text: &str) -> io::Result<PathBuf> {
    let path = out.join(INDEX);
    write_whole(&path, text.as_bytes())?;
    Ok(path)
}

fn no_such_call(index: usize, count: usize) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, format!("call number {index} of an input of {count} calls"))
}
