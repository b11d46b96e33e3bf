//! What those do who answer for many calls: dashboards, complaints, cases, samples, files.

use callaudit::export::read_filled;

use super::desk::{Desk, pictures};

#[test]
fn those_who_answer_for_many_calls_in_a_browser() {
    let desk = Desk::of_a_month(None);
    let folder = pictures(desk.folder.path());
    desk.browse("oversight.mjs", &folder, 10);
    let rows = read_filled(&folder.join("findings.xlsx")).unwrap();
    assert_eq!(rows.len(), read_filled(&folder.join("findings.csv")).unwrap().len());
    assert!(rows.len() > 3, "{}", rows.len());
    let pack = callaudit::case::verify(&folder.join("case.zip")).unwrap();
    assert!(pack.files > 10 && pack.differences.is_empty(), "{pack:?}");
    // Files that left are in the log, with the hash of the pack.
    let log = desk.log();
    for line in ["export findings", "complaint complaint 1", "case debtor K1"] {
        assert!(log.contains(line), "{line} in {log}");
    }
    assert!(log.contains(&pack.sha256), "{log}");
    assert!(desk.open().verify_actions().unwrap().is_ok());
}
