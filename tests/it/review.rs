//! The review page: a working day in a real browser, and what those try who mean harm.

use callaudit::store::{Access, Store};

use super::desk::{Desk, ROLES, THREAT, password};
use super::postgres_server::Server as Postgres;
use super::support::{self, run, samples, weights_or_skip};

#[test]
fn a_working_day_in_a_browser() {
    if !weights_or_skip("a_working_day_in_a_browser") {
        return;
    }
    let desk =
        Desk::new(&[samples().join("S02-threats.wav"), samples().join("S05-hard-negatives.wav")], None);
    desk.browse("review.mjs", desk.folder.path(), 10);
    // Everything that was done is in the log, and the log is whole.
    let lines =
        Store::open(&desk.store.parse().unwrap(), Access::Read).unwrap().verify_actions().unwrap().unwrap();
    assert!(lines > 12, "{lines}");
}

#[test]
fn nobody_sees_anything_before_signing_in() {
    let desk = Desk::of_texts(&[("A", THREAT)], None);
    let (finding, _) = desk.finding();
    for (method, path) in [
        ("GET", "/"),
        ("GET", "/call/1"),
        ("GET", "/call/1/audio.wav"),
        ("GET", "/next"),
        ("POST", &format!("{finding}/review")),
        ("POST", "/sign-out"),
    ] {
        for cookie in [
            "",
            "Cookie: callaudit=\r\n",
            "Cookie: callaudit=0000\r\n",
            "Cookie: callaudit=../../etc/passwd\r\n",
        ] {
            let answer = desk.ask(method, path, cookie, "");
            assert_eq!(answer.status, 303, "{method} {path} {cookie}");
            assert!(answer.head.contains("location: /sign-in") && answer.body.is_empty());
        }
    }
}

#[test]
fn a_session_cannot_be_forged_or_used_after_its_end() {
    let desk = Desk::of_texts(&[("A", THREAT)], None);
    let cookie = desk.cookie("qa");
    assert_eq!(desk.page(&cookie, "/").status, 200);
    // The store holds the token's hash: who reads it cannot sign in by it.
    let kept: String = rusqlite::Connection::open(&desk.store)
        .unwrap()
        .query_row("SELECT token FROM session", [], |row| row.get(0))
        .unwrap();
    assert!(!cookie.contains(&kept));
    assert_eq!(desk.page(&format!("Cookie: callaudit={kept}\r\n"), "/").status, 303);
    let csrf = desk.csrf(&cookie);
    assert_eq!(desk.ask("POST", "/sign-out", &cookie, &format!("csrf={csrf}")).status, 303);
    assert_eq!(desk.page(&cookie, "/").status, 303);
    // An account that is locked is out at once.
    let cookie = desk.cookie("viewer");
    let lock =
        run(support::callaudit().args(["review", "account", "lock", "viewer", "--store", &desk.store]));
    assert_eq!(lock.status, 0, "{}", lock.stderr);
    assert_eq!(desk.page(&cookie, "/").status, 303);
    assert_eq!(desk.sign_in("viewer", &password("viewer")).status, 401);
}

#[test]
fn passwords_cannot_be_tried_for_long() {
    let desk = Desk::of_texts(&[("A", THREAT)], None);
    let statuses: Vec<_> = (0..7).map(|_| desk.sign_in("qa", "wrong").status).collect();
    assert_eq!(statuses, [401, 401, 401, 401, 401, 429, 429]);
    assert_eq!(desk.sign_in("qa", &password("qa")).status, 429, "not even with the right one");
}

#[test]
fn forms_from_elsewhere_do_nothing() {
    let desk = Desk::of_texts(&[("A", THREAT)], None);
    let (finding, _) = desk.finding();
    let (mine, other) = (desk.cookie("qa"), desk.cookie("supervisor"));
    let (csrf, of_another) = (desk.csrf(&mine), desk.csrf(&other));
    let review = format!("{finding}/review");
    for forged in ["", "&csrf=", "&csrf=0", &format!("&csrf={of_another}"), &format!("&csrf={csrf}0")] {
        assert_eq!(
            desk.ask("POST", &review, &mine, &format!("judgement=confirmed{forged}")).status,
            403,
            "{forged}"
        );
    }
    assert_eq!(desk.finding().1, "open");
    assert_eq!(desk.ask("GET", &format!("{review}?judgement=confirmed&csrf={csrf}"), &mine, "").status, 405);
    assert!(desk.sign_in("qa", &password("qa")).head.contains("HttpOnly; SameSite=Strict"));
    assert_eq!(desk.ask("POST", &review, &mine, &format!("judgement=confirmed&csrf={csrf}")).status, 303);
    assert_eq!(desk.finding().1, "confirmed");
    // A page elsewhere whose name leads to this machine.
    let answer = desk.ask("GET", "/", &format!("{mine}Host: evil.example\r\n"), "");
    assert_eq!(answer.status, 403);
}

#[test]
fn nobody_does_what_the_role_does_not_allow() {
    let desk = Desk::of_texts(&[("A", THREAT)], None);
    let (finding, _) = desk.finding();
    let forms = [
        ("review", "judgement=confirmed"),
        ("appeal", "grounds=x"),
        ("decision", "decision=overturned&grounds=x"),
        ("assignment", "to=qa"),
    ];
    let tried = |role: &str| {
        let cookie = desk.cookie(role);
        let csrf = desk.csrf(&cookie);
        forms.map(|(form, body)| {
            desk.ask("POST", &format!("{finding}/{form}"), &cookie, &format!("csrf={csrf}&{body}")).status
        })
    };
    assert_eq!(tried("viewer"), [403, 403, 403, 403]);
    assert_eq!(tried("qa"), [303, 403, 403, 403]);
    assert_eq!(tried("supervisor"), [303, 303, 303, 303]);
    assert_eq!(desk.finding().1, "overturned");
    assert_eq!(tried("compliance"), [409, 409, 409, 303], "what is decided is decided");
}

#[test]
fn only_compliance_sees_personal_numbers() {
    let desk = Desk::of_texts(&[("A", "您的手机号是13812345678，再不还钱我就找人砍死你全家")], None);
    for role in ROLES {
        let page = desk.page(&desk.cookie(role), "/call/1");
        assert_eq!(page.status, 200);
        assert_eq!(page.body.contains("13812345678"), role == "compliance", "{role}");
        assert!(!desk.page(&desk.cookie(role), "/").body.contains("13812345678"), "{role}");
    }
}

#[test]
fn strange_paths_sizes_and_texts_are_refused_or_harmless() {
    let script = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>";
    let desk = Desk::of_texts(&[(script, &format!("{THREAT}{script}"))], None);
    let cookie = desk.cookie("supervisor");
    let csrf = desk.csrf(&cookie);
    for path in [
        "/../../etc/passwd",
        "/call/../../../etc/passwd",
        "/call/%2e%2e%2f%2e%2e%2fetc%2fpasswd/audio.wav",
        "/call/1;DROP%20TABLE%20call",
        "/call/999999",
        "/call/-1",
        "/call/99999999999999999999",
        "/call/1/audio.wav",
        "/static/../Cargo.toml",
        "//evil.example/",
        "/%00",
    ] {
        let status = desk.page(&cookie, path).status;
        assert!(matches!(status, 400 | 404), "{path}: {status}");
    }
    for query in [
        "/?state=%27%20OR%201=1--",
        "/?after=1.2.3",
        "/?after=9.9.x%27.1.y",
        "/?agent=%27;--",
        "/?from=%00&to=zzz",
        "/?state=%ff",
    ] {
        let status = desk.page(&cookie, query).status;
        assert!(matches!(status, 200 | 400), "{query}: {status}");
    }
    for page in [desk.page(&cookie, "/"), desk.page(&cookie, "/call/1")] {
        assert_eq!(page.status, 200);
        assert!(!page.body.contains("<script>alert") && !page.body.contains("<img src=x"), "{}", page.body);
        assert!(page.body.contains("&lt;script&gt;"));
        for header in ["x-frame-options: DENY", "x-content-type-options: nosniff", "cache-control: no-store"]
        {
            assert!(page.head.contains(header), "{}", page.head);
        }
    }
    let (finding, _) = desk.finding();
    let long = "x".repeat(1 << 20);
    let body = format!("csrf={csrf}&judgement=confirmed&comment={long}");
    let answer = desk.ask("POST", &format!("{finding}/review"), &cookie, &body);
    assert!(matches!(answer.status, 0 | 400 | 413), "{}", answer.status);
    let body = format!("csrf={csrf}&judgement=confirmed&comment={}", &long[..5_000]);
    assert_eq!(desk.ask("POST", &format!("{finding}/review"), &cookie, &body).status, 400);
    assert_eq!(desk.finding().1, "open");
    for request in [
        "\r\n\r\nGET\r\n\r\n",
        "GET\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
        "\u{0}\u{1}\u{2}",
        "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
    ] {
        assert_ne!(desk.send(request).status, 200, "{request:?}");
    }
    assert_eq!(desk.page(&cookie, "/").status, 200, "still there");
    let elsewhere = desk.page(&cookie, "/language?to=en&back=//evil.example/");
    assert!(elsewhere.head.contains("location: /\r\n"), "{}", elsewhere.head);
}

#[test]
fn a_team_works_over_a_server() {
    let server = Postgres::start();
    let desk = Desk::of_texts(&[("A", THREAT), ("B", "您好，法院已经立案，警察马上上门抓你")], Some(&server));
    let cookie = desk.cookie("supervisor");
    let csrf = desk.csrf(&cookie);
    assert!(desk.page(&cookie, "/?category=threat").body.contains(THREAT));
    let (finding, _) = desk.finding();
    for (form, body, state) in [
        ("review", "judgement=confirmed&comment=x", "confirmed"),
        ("appeal", "grounds=x", "appealed"),
        ("decision", "decision=upheld&grounds=x", "upheld"),
    ] {
        let answer = desk.ask("POST", &format!("{finding}/{form}"), &cookie, &format!("csrf={csrf}&{body}"));
        assert_eq!((answer.status, desk.finding().1), (303, state), "{form}");
    }
    assert!(desk.page(&cookie, "/call/1").body.contains("申诉后维持"));
    assert!(desk.open().verify_actions().unwrap().unwrap() > 6);
}
