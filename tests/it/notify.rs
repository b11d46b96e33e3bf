//! Who is told of a night's findings, by a real curl over a real server of the test's own.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use super::support::{Run, callaudit, run};

const PHONE: &str = "13812345678";

/// Answers every request with 200 and this body; what was sent comes out of the channel: the first line and the body.
fn server(answer: &'static str) -> (String, Receiver<(String, String)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (sender, sent) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let (mut first, mut length) = (String::new(), 0);
            reader.read_line(&mut first).unwrap();
            loop {
                let mut line = String::new();
                reader.read_line(&mut line).unwrap();
                if let Some(bytes) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                    length = bytes.trim().parse().unwrap();
                }
                if line.trim().is_empty() {
                    break;
                }
            }
            let mut body = vec![0; length];
            reader.read_exact(&mut body).unwrap();
            let told = format!(
                "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{answer}",
                answer.len()
            );
            stream.write_all(told.as_bytes()).unwrap();
            if sender.send((first.trim().to_owned(), String::from_utf8(body).unwrap())).is_err() {
                break;
            }
        }
    });
    (format!("http://{address}/hook?key=secret"), sent)
}

/// A folder with transcripts, a store and targets.
struct Night {
    folder: tempfile::TempDir,
}

impl Night {
    fn new(targets: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("notify.toml"), targets).unwrap();
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Another transcript in the inbox.
    fn said(&self, call_id: &str, text: &str) {
        fs::create_dir_all(self.path("inbox")).unwrap();
        let segments = [serde_json::json!({"speaker": "agent", "start_s": 1.0, "end_s": 4.0, "text": text})];
        let line = serde_json::json!({"call_id": call_id, "segments": segments}).to_string();
        fs::write(self.path("inbox").join(format!("{call_id}.jsonl")), line).unwrap();
    }

    fn run(&self) -> Run {
        run(callaudit()
            .args(["batch", "--settle", "0", "--store"])
            .arg(self.path("qa.sqlite"))
            .arg("--notify")
            .arg(self.path("notify.toml"))
            .arg("--metrics")
            .arg(self.path("metrics.prom"))
            .arg(self.path("inbox")))
    }

    fn untold(&self) -> String {
        let metrics = fs::read_to_string(self.path("metrics.prom")).unwrap();
        metrics.lines().find(|line| line.starts_with("callaudit_batch_notices_untold")).unwrap().to_owned()
    }
}

fn target(name: &str, form: &str, url: &str) -> String {
    format!("[[target]]\nname = \"{name}\"\nform = \"{form}\"\nurl = \"{url}\"\n")
}

fn next(sent: &Receiver<(String, String)>) -> (String, String) {
    sent.recv_timeout(Duration::from_secs(20)).expect("nothing was sent")
}

#[test]
fn serious_findings_are_told_once_and_without_a_word_of_the_call() {
    let (url, sent) = server("{}");
    let night = Night::new(&target("hook", "json", &url));
    night.said("张三-A1", "再不还钱我就找人砍死你全家");
    night.said("clean", &format!("您好，请问您的手机号是{PHONE}吗"));
    let first = night.run();
    assert!(first.status < 2, "{}", first.stderr);
    let (line, body) = next(&sent);
    assert_eq!(line, "POST /hook?key=secret HTTP/1.1");
    let notice: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!((&notice["schema"], &notice["kind"]), (&"callaudit.notice/1".into(), &"findings".into()));
    assert_eq!(
        notice["details"]["categories"][0],
        serde_json::json!({"category": "threat", "findings": 1, "calls": 1})
    );
    for private in ["张三", "A1", "138", "砍死", "全家", "还钱"] {
        assert!(!body.contains(private), "{private} in {body}");
    }
    assert!(!first.stderr.contains("secret") && !first.stdout.contains("secret"), "keys stay in the file");
    assert_eq!(night.untold(), "callaudit_batch_notices_untold 0");
    // Nothing new, nothing told; then one more.
    assert!(night.run().status < 2);
    night.said("B", "再不还钱我就找人打断你的腿");
    assert!(night.run().status < 2);
    let (_, body) = next(&sent);
    assert!(body.contains("\"findings\":1") && body.contains("\"run\":3"), "{body}");
    assert!(sent.recv_timeout(Duration::from_millis(200)).is_err());
}

#[test]
fn what_a_robot_refuses_is_tried_again_and_does_not_stop_the_night() {
    let (refusing, refused) = server(r#"{"errcode":93000,"errmsg":"invalid webhook url"}"#);
    let (glad, heard) = server(r#"{"code":0}"#);
    let night = Night::new(&(target("weixin", "wecom", &refusing) + &target("feishu", "feishu", &glad)));
    night.said("A", "再不还钱我就找人砍死你全家");
    let first = night.run();
    assert!(first.status < 2, "{}", first.stderr);
    assert!(
        first.stderr.contains("target weixin: refused") && !first.stderr.contains("secret"),
        "{}",
        first.stderr
    );
    assert!(next(&refused).1.contains("威胁恐吓 1 处，涉及 1 通电话"));
    assert!(next(&heard).1.contains("\"msg_type\":\"text\""));
    assert_eq!(night.untold(), "callaudit_batch_notices_untold 1");
    // Mended: told by the next run, and by no later one.
    let (mended, sent) = server(r#"{"errcode":0}"#);
    fs::write(night.path("notify.toml"), target("weixin", "wecom", &mended)).unwrap();
    assert!(night.run().status < 2);
    assert!(next(&sent).1.contains("威胁恐吓"));
    assert_eq!(night.untold(), "callaudit_batch_notices_untold 0");
    assert!(night.run().status < 2);
    assert!(sent.recv_timeout(Duration::from_millis(200)).is_err());
}

#[test]
fn targets_that_cannot_be_are_told_before_anything_is_done() {
    for (targets, told) in [
        ("[[target]]\nname = \"x\"\nform = \"json\"\nurl = \"file:///etc/passwd\"", "has to begin with"),
        ("[[target]", "notify.toml"),
    ] {
        let night = Night::new(targets);
        night.said("A", "您好");
        let refused = night.run();
        assert_eq!(refused.status, 2, "{}", refused.stderr);
        assert!(refused.stderr.contains(told) && refused.stderr.contains("hint"), "{}", refused.stderr);
        assert!(!Path::new(&night.path("qa.sqlite")).exists());
    }
}
