//! The review page over a store of its own, and those who ask it: by hand, or in a browser.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use callaudit::store::{Access, Place, Store};

use super::postgres_server::Server as Postgres;
use super::support::{self, root, run};

pub const THREAT: &str = "再不还钱我就找人砍死你全家";

pub const ROLES: [&str; 4] = ["qa", "supervisor", "compliance", "viewer"];

pub fn password(name: &str) -> String {
    format!("the password of {name}")
}

/// A store with accounts, and the page over it.
pub struct Desk {
    pub folder: tempfile::TempDir,
    pub store: String,
    process: Child,
    /// `127.0.0.1:PORT`
    pub host: String,
}

impl Desk {
    /// Over what a night run makes of `inbox`, in a new file or in the database of `server`.
    pub fn new(inbox: &[PathBuf], server: Option<&Postgres>) -> Self {
        Self::with(inbox, &[], server)
    }

    /// The same with more options for the night run.
    pub fn with(inbox: &[PathBuf], options: &[&str], server: Option<&Postgres>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = || folder.path().join("qa.sqlite").display().to_string();
        let store = server.map_or_else(file, Postgres::url);
        let mut batch = support::callaudit();
        batch.args(["batch", "--settle", "0", "--store", &store]);
        let night = run(batch.args(options).args(inbox));
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
    pub fn of_texts(texts: &[(&str, &str)], server: Option<&Postgres>) -> Self {
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

    /// Over a month of calls of two agents to two debtors.
    pub fn of_a_month(server: Option<&Postgres>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let calm = "您好，我是信用卡中心的催收专员，本次通话会录音，请问您什么时候方便还款";
        let calls = [
            ("A", "A1,T1,K1,2026-03-02 10:00:00", THREAT),
            ("B", "A1,T1,K1,2026-03-09 11:00:00", calm),
            ("C", "A1,T1,K2,2026-03-10 12:00:00", "你这个废物骗子，你全家都不得好死"),
            ("D", "A2,T2,K2,2026-03-11 13:00:00", "法院已经判了，警察明天就来抓你坐牢"),
            ("E", "A2,T2,K1,2026-03-12 14:00:00", calm),
            ("F", "A2,T2,K3,2026-03-13 15:00:00", calm),
        ];
        let line = |id: &str, said: &str| {
            let segments =
                [serde_json::json!({"speaker": "agent", "start_s": 1.0, "end_s": 9.0, "text": said})];
            serde_json::json!({"call_id": id, "segments": segments}).to_string()
        };
        let lines: Vec<_> = calls.iter().map(|(id, _, said)| line(id, said)).collect();
        let rows: Vec<_> =
            calls.iter().map(|(id, record, _)| format!("{id},{record},self,outbound,true")).collect();
        let (texts, records) = (folder.path().join("t.jsonl"), folder.path().join("calls.csv"));
        fs::write(&texts, lines.join("\n")).unwrap();
        let header = "call_id,agent_id,team,debtor_id,started_at,contact,direction,answered";
        fs::write(&records, format!("{header}\n{}\n", rows.join("\n"))).unwrap();
        Self::with(&[texts], &["--calls", records.to_str().unwrap()], server)
    }

    /// Runs a script in a browser; `steps` lines are what it prints when all went well.
    pub fn browse(&self, script: &str, files: &Path, steps: usize) {
        let accounts: serde_json::Map<String, serde_json::Value> = ROLES
            .iter()
            .map(|role| ((*role).to_owned(), serde_json::Value::String(password(role))))
            .collect();
        let browser = Command::new("node")
            .arg(root().join("tests/browser").join(script))
            .arg(format!("http://{}", self.host))
            .arg(pictures(files))
            .arg(serde_json::Value::Object(accounts).to_string())
            .output()
            .expect("node is not installed: run make test-tools");
        let told = String::from_utf8_lossy(&browser.stdout);
        assert!(browser.status.success(), "after {told}\n{}", String::from_utf8_lossy(&browser.stderr));
        assert_eq!(told.lines().count(), steps, "{told}");
    }

    /// The lines of the log: what was done to what, and its details.
    pub fn log(&self) -> String {
        let file = rusqlite::Connection::open(&self.store).unwrap();
        let mut lines = file.prepare("SELECT kind, subject, details FROM action ORDER BY seq").unwrap();
        let line = |row: &rusqlite::Row| {
            Ok(format!(
                "{} {} {}\n",
                row.get::<_, String>(0)?,
                row.get::<_, String>(1)?,
                row.get::<_, String>(2)?
            ))
        };
        lines.query_map([], line).unwrap().map(Result::unwrap).collect()
    }

    pub fn open(&self) -> Store {
        Store::open(&self.store.parse::<Place>().unwrap(), Access::Read).unwrap()
    }

    /// Sends a request with the browser's usual headers; `more` are lines of further ones.
    pub fn ask(&self, method: &str, path: &str, more: &str, body: &str) -> Answer {
        let host = if more.contains("Host:") { String::new() } else { format!("Host: {}\r\n", self.host) };
        self.send(&format!(
            "{method} {path} HTTP/1.1\r\n{host}Connection: close\r\nContent-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {}\r\n{more}\r\n{body}",
            body.len()
        ))
    }

    pub fn send(&self, request: &str) -> Answer {
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

    pub fn sign_in(&self, name: &str, password: &str) -> Answer {
        self.ask("POST", "/sign-in", "", &format!("name={name}&password={}", password.replace(' ', "+")))
    }

    /// The header line of somebody signed in.
    pub fn cookie(&self, name: &str) -> String {
        let answer = self.sign_in(name, &password(name));
        let set = answer.head.lines().find_map(|line| line.strip_prefix("set-cookie: ")).unwrap();
        format!("Cookie: {}\r\n", set.split(';').next().unwrap())
    }

    pub fn page(&self, cookie: &str, path: &str) -> Answer {
        self.ask("GET", path, cookie, "")
    }

    /// What the forms of somebody's pages carry.
    pub fn csrf(&self, cookie: &str) -> String {
        let page = self.page(cookie, "/").body;
        page.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
    }

    /// The first finding of a call, as `/call/N/finding/ID`, and its state now.
    pub fn finding(&self) -> (String, &'static str) {
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

pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

/// Where the pictures go: to be looked at where somebody says so, else away with the test.
pub fn pictures(folder: &Path) -> PathBuf {
    std::env::var_os("CALLAUDIT_PICTURES").map_or_else(|| folder.to_owned(), PathBuf::from)
}
