//! The two tables of a run over calls.

use std::io;
use std::path::Path;

use super::super::order::InOrder;
use super::columns::{call_fields, finding_fields};
use super::file::TableFile;
use super::row::{ReportRows, report_rows};

const CALLS_FILE: &str = "reports.parquet";
const FINDINGS_FILE: &str = "findings.parquet";

/// Takes report lines in any order; rows stand in the order of the input.
pub(in crate::report) struct ReportTables {
    calls: TableFile,
    findings: TableFile,
    waiting: InOrder<ReportRows>,
}

impl ReportTables {
    /// Begins both tables in a folder.
    pub(in crate::report) fn create(out: &Path) -> io::Result<Self> {
        let calls = TableFile::create(&out.join(CALLS_FILE), "calls", &call_fields())?;
        Ok(Self { calls, findings: findings_table(out)?, waiting: InOrder::default() })
    }

    /// Removes what an earlier run left in a folder.
    pub(in crate::report) fn remove(out: &Path) -> io::Result<()> {
        TableFile::remove(&out.join(CALLS_FILE))?;
        remove_findings_table(out)
    }

    /// Takes the report line of the call numbered `index`.
    pub(in crate::report) fn push(&mut self, index: usize, line: &str) -> io::Result<()> {
        for rows in self.waiting.take(index, report_rows(line)?) {
            put(&mut self.calls, &mut self.findings, rows)?;
        }
        Ok(())
    }

    /// Writes what still waits for a call that will not come, and ends both tables.
    pub(in crate::report) fn finish(self) -> io::Result<()> {
        let Self { mut calls, mut findings, waiting } = self;
        for rows in waiting.rest() {
            put(&mut calls, &mut findings, rows)?;
        }
        calls.finish()?;
        findings.finish()
    }
}

fn put(calls: &mut TableFile, findings: &mut TableFile, rows: ReportRows) -> io::Result<()> {
    calls.put(rows.call)?;
    rows.findings.into_iter().try_for_each(|row| findings.put(row))
}

/// Begins a table of findings in a folder.
pub(in crate::report) fn findings_table(out: &Path) -> io::Result<TableFile> {
    TableFile::create(&out.join(FINDINGS_FILE), "findings", &finding_fields())
}

/// Removes the table of findings that an earlier run left in a folder.
pub(in crate::report) fn remove_findings_table(out: &Path) -> io::Result<()> {
    TableFile::remove(&out.join(FINDINGS_FILE))
}
