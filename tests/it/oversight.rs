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

#[test]
fn pages_over_many_calls_are_for_those_who_may_see_them() {
    let desk = Desk::of_a_month(None);
    let complaint = "received=2026-03-14T08:00&source=debtor&kind=violence&statement=x&debtor=K1";
    let posts = [
        ("/complaints", complaint),
        ("/complaint/1/state", "state=opened"),
        ("/complaint/1/link", "call=1"),
        ("/case", "debtor=K1"),
        ("/case", "debtor=K1&unmasked=1"),
        ("/samples", "calls=1&method=random&from=2026-03-01&to=2026-03-31"),
        ("/export", "format=csv"),
    ];
    let pages = [
        "/dashboard",
        "/samples",
        "/search?q=x",
        "/complaints",
        "/complaint/1",
        "/case?debtor=K1",
        "/coaching?agent=A1&month=2026-03",
    ];
    let tried = |role: &str| {
        let cookie = desk.cookie(role);
        let csrf = desk.csrf(&cookie);
        let got = pages.map(|page| desk.page(&cookie, page).status);
        let sent = posts.map(|(path, body)| {
            let forged = desk.ask("POST", path, &cookie, &format!("{body}&csrf=0"));
            assert_eq!(forged.status, 403, "{role} {path}");
            desk.ask("POST", path, &cookie, &format!("{body}&csrf={csrf}")).status
        });
        (got, sent)
    };
    assert_eq!(tried("viewer"), ([200, 200, 200, 403, 403, 403, 403], [403; 7]));
    assert_eq!(tried("qa"), ([200, 200, 200, 403, 403, 403, 200], [403, 403, 403, 403, 403, 403, 200]));
    assert_eq!(
        tried("supervisor"),
        ([200, 200, 200, 200, 404, 200, 200], [303, 303, 303, 200, 403, 303, 200])
    );
    assert_eq!(
        tried("compliance"),
        ([200, 200, 200, 200, 200, 200, 200], [303, 409, 409, 200, 200, 303, 200])
    );
    for path in pages {
        assert_eq!(desk.page("", path).status, 303, "{path}");
    }
    assert_eq!(desk.log().matches("case debtor").count(), 3, "{}", desk.log());
}

#[test]
fn names_in_files_and_pages_are_names() {
    let evil = "=cmd|' /C calc'!A0";
    let desk = Desk::of_a_month(None);
    let cookie = desk.cookie("supervisor");
    let csrf = desk.csrf(&cookie);
    let finding = desk.finding().0;
    let comment = format!("csrf={csrf}&judgement=confirmed&comment=%3Dcmd%7C%27%20%2FC%20calc%27%21A0");
    assert_eq!(desk.ask("POST", &format!("{finding}/review"), &cookie, &comment).status, 303);
    let table = desk.ask("POST", "/export", &cookie, &format!("csrf={csrf}&format=csv&state=confirmed"));
    assert!(
        table.head.contains("content-disposition: attachment; filename*=UTF-8''findings-"),
        "{}",
        table.head
    );
    assert!(
        table.body.contains(&format!("'{evil}")) && !table.body.contains(&format!(",{evil}")),
        "{}",
        table.body
    );
    for (path, status) in [
        ("/case?debtor=%2e%2e%2f%2e%2e%2fetc%2fpasswd", 404),
        ("/case?debtor=%27%20OR%201%3D1--", 404),
        ("/case", 404),
        ("/coaching?agent=A1&month=x", 400),
        ("/coaching?agent=%27&month=2026-03", 404),
        ("/coaching?agent=A1&month=1999-01", 404),
        ("/complaint/999999999999999999999", 400),
        ("/complaint/-1", 404),
        ("/search?q=%22%20OR%20%2a&sense=words", 200),
        ("/search?q=NEAR(&before=x", 200),
        ("/dashboard?days=-1&to=9999-99-99&team=%27", 200),
        ("/dashboard?to=0001-01-01", 200),
        ("/dashboard?to=9999-12-31&days=365", 200),
        ("/samples?x=%00", 200),
    ] {
        assert_eq!(desk.page(&cookie, path).status, status, "{path}");
    }
    for (path, body) in [
        ("/complaints", "received=never&source=debtor&kind=violence&statement=x"),
        ("/complaints", "received=2026-03-14T08:00&source=me&kind=violence&statement=x"),
        ("/complaints", "received=2026-03-14T08:00&source=debtor&kind=violence&statement="),
        ("/samples", "calls=0&method=random"),
        ("/samples", "calls=x&method=random"),
        ("/samples", "calls=1&method=all"),
        ("/export", "format=exe"),
    ] {
        assert_eq!(
            desk.ask("POST", path, &cookie, &format!("csrf={csrf}&{body}")).status,
            400,
            "{path} {body}"
        );
    }
    let script = "received=2026-03-14T08:00&source=debtor&kind=violence&debtor=K1&statement=%3Cscript%3Ealert(1)%3C/script%3E";
    assert_eq!(desk.ask("POST", "/complaints", &cookie, &format!("csrf={csrf}&{script}")).status, 303);
    for page in [
        "/complaints",
        "/complaint/1",
        "/case?debtor=K1",
        "/search?q=%3Cscript%3Ealert(1)%3C/script%3E",
        "/dashboard?team=%3Cscript%3Ealert(1)",
    ] {
        let body = desk.page(&cookie, page).body;
        assert!(body.contains("&lt;script&gt;alert(1)") && !body.contains("<script>alert"), "{page}");
    }
}

#[test]
fn the_pages_of_many_calls_over_a_server() {
    let server = super::postgres_server::Server::start();
    let desk = Desk::of_a_month(Some(&server));
    let cookie = desk.cookie("compliance");
    for (page, told) in [
        ("/dashboard", "看板"),
        ("/dashboard?agent=A1&days=90", "insult."),
        ("/samples", "抽检"),
        ("/search?q=%E7%A0%8D%E6%AD%BB", "<mark class=\"found\">砍死</mark>"),
        ("/complaints", "投诉"),
        ("/case?debtor=K1", "债务人 K1"),
        ("/coaching?agent=A1&month=2026-03", "A1"),
    ] {
        let page = desk.page(&cookie, page);
        assert_eq!(page.status, 200);
        assert!(page.body.contains(told), "{told}: {}", page.body);
    }
}
