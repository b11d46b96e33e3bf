//! The review page: a working day in a real browser, and what those try who mean harm.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use callaudit::store::{Access, Place, Store};

use super::postgres_server::Server as Postgres;
use super::support::{self, root, run, samples, weights_or_skip};

const ROLES: [&str; 4] = ["qa", "supervisor", "compliance", "viewer"];

fn password(name: &str) -> String {
    format!("the password of {name}")
}

/// A store with accounts, and the page over it.
struct Desk {
    folder: tempfile::TempDir,
    store: String,
    process: Child,
    /// `127.0.0.1:PORT`
    host: String,
}

impl Desk {
    /// Over what a night run makes of `inbox`, in a new file or in the database of `server`.
    fn new(inbox: &[PathBuf], server: Option<&Postgres>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = || folder.path().join("qa.sqlite").display().to_string();
        let store = server.map_or_else(file, Postgres::url);
        let mut batch = support::callaudit();
        batch.args(["batch", "--settle", "0", "--store", &store]);
        let night = run(batch.args(inbox));
        assert!(night.status < 2, "{}", night.stderr);
        for role in ROLES {
            let mut add = support::callaudit();
            add.args(["review", "account", "add", role, "--role", role, "--store", &store]);
            let mut add = add.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
            writeln!(add.stdin.take().unwrap(), "{}", password(role)).unwrap();
            assert!(add.wait().unwrap().success());
        }
        let mut serve = support::callaudit();
        serve.args(["review", "serve", "--listen", "127.0.0.1:0", "--store", &store]);
        let mut process = serve.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let host = line.trim().strip_prefix("review page: http://").unwrap().trim_end_matches('/').to_owned();
        Self { folder, store, process, host }
    }

    /// Over transcripts, which need no model.
    fn of_texts(texts: &[(&str, &str)], server: Option<&Postgres>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let lines: Vec<_> = texts
            .iter()
            .map(|(id, said)| {
                serde_json::json!({"call_id": id, "segments": [
                    {"speaker": "agent", "start_s": 1.0, "end_s": 4.0, "text": said}]})
                .to_string()
            })
            .collect();
        let path = folder.path().join("t.jsonl");
        fs::write(&path, lines.join("\n")).unwrap();
        Self::new(&[path], server)
    }

    fn open(&self) -> Store {
        Store::open(&self.store.parse::<Place>().unwrap(), Access::Read).unwrap()
    }

    /// Sends a request with the browser's usual headers; `more` are lines of further ones.
    fn ask(&self, method: &str, path: &str, more: &str, body: &str) -> Answer {
        let host = if more.contains("Host:") { String::new() } else { format!("Host: {}\r\n", self.host) };
        self.send(&format!(
            "{method} {path} HTTP/1.1\r\n{host}Connection: close\r\nContent-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {}\r\n{more}\r\n{body}",
            body.len()
        ))
    }

    fn send(&self, request: &str) -> Answer {
        let mut stream = TcpStream::connect(&self.host).unwrap();
        // A server may refuse before it has read everything.
        let _ = stream.write_all(request.as_bytes());
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let text = String::from_utf8_lossy(&answer).into_owned();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        Answer { status, head: head.to_owned(), body: body.to_owned() }
    }

    fn sign_in(&self, name: &str, password: &str) -> Answer {
        self.ask("POST", "/sign-in", "", &format!("name={name}&password={}", password.replace(' ', "+")))
    }

    /// The header line of somebody signed in.
    fn cookie(&self, name: &str) -> String {
        let answer = self.sign_in(name, &password(name));
        let set = answer.head.lines().find_map(|line| line.strip_prefix("set-cookie: ")).unwrap();
        format!("Cookie: {}\r\n", set.split(';').next().unwrap())
    }

    fn page(&self, cookie: &str, path: &str) -> Answer {
        self.ask("GET", path, cookie, "")
    }

    /// What the forms of somebody's pages carry.
    fn csrf(&self, cookie: &str) -> String {
        let page = self.page(cookie, "/").body;
        page.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
    }

    /// The first finding of a call, as `/call/N/finding/ID`, and its state now.
    fn finding(&self) -> (String, &'static str) {
        let finding = self.open().findings_of(1).unwrap().remove(0);
        (format!("/call/1/finding/{}", finding.finding_id), finding.state.id())
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

struct Answer {
    status: u16,
    head: String,
    body: String,
}

const THREAT: &str = "再不还钱我就找人砍死你全家";

#[test]
fn a_working_day_in_a_browser() {
    if !weights_or_skip("a_working_day_in_a_browser") {
        return;
    }
    let desk =
        Desk::new(&[samples().join("S02-threats.wav"), samples().join("S05-hard-negatives.wav")], None);
    let accounts: serde_json::Map<String, serde_json::Value> =
        ROLES.iter().map(|role| ((*role).to_owned(), serde_json::Value::String(password(role)))).collect();
    let pictures = pictures(desk.folder.path());
    let browser = Command::new("node")
        .arg(root().join("tests/browser/review.mjs"))
        .arg(format!("http://{}", desk.host))
        .arg(&pictures)
        .arg(serde_json::Value::Object(accounts).to_string())
        .output()
        .expect("node is not installed: run make test-tools");
    let told = String::from_utf8_lossy(&browser.stdout);
    assert!(browser.status.success(), "after {told}\n{}", String::from_utf8_lossy(&browser.stderr));
    assert_eq!(told.lines().count(), 10, "{told}");
    // Everything that was done is in the log, and the log is whole.
    let lines =
        Store::open(&desk.store.parse().unwrap(), Access::Read).unwrap().verify_actions().unwrap().unwrap();
    assert!(lines > 12, "{lines}");
}

/// Where the pictures go: to be looked at where somebody says so, else away with the test.
fn pictures(folder: &Path) -> PathBuf {
    std::env::var_os("CALLAUDIT_PICTURES").map_or_else(|| folder.to_owned(), PathBuf::from)
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
