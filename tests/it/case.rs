//! The complaint pack: everything about one debtor, nothing that readers may not see, and nothing changed unseen.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

use callaudit::case::{self, Case, FolderSink, Judging, Kind, Masking, RuleSource};
use callaudit::domain::{CallId, CallReport, Provenance};
use callaudit::ingest::DecodeOptions;
use callaudit::lexicon::RuleSet;
use callaudit::store::{Access, FindingKey, Judgement, Place, Store};
use callaudit::timing::{Calendar, PolicySet, load_policies, timezone};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::postgres_server::Server;
use super::support::{Run, callaudit, run, samples, weights_or_skip};

const DEBTOR: &str = "K-20391";
const PHONE: &str = "13812345678";
const OTHER_PHONE: &str = "13998765432";
const LANDLINE: &str = "62345678";

/// A folder with a store that a night run made.
struct Office {
    folder: tempfile::TempDir,
    store: String,
}

impl Office {
    fn of(transcripts: &[Value], records: &str, server: Option<&Server>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = || folder.path().join("qa.sqlite").display().to_string();
        let store = server.map_or_else(file, Server::url);
        let office = Self { folder, store };
        let lines: Vec<_> = transcripts.iter().map(Value::to_string).collect();
        fs::write(office.path("t.jsonl"), lines.join("\n")).unwrap();
        fs::write(office.path("calls.csv"), records).unwrap();
        let night = run(callaudit()
            .args(["batch", "--settle", "0", "--store", &office.store])
            .arg(office.path("t.jsonl"))
            .arg("--calls")
            .arg(office.path("calls.csv")));
        assert!(night.status < 2, "{}", night.stderr);
        office
    }

    /// A debtor with a threat that was judged and appealed, a clean call in which a number was said, an attempt nobody
    /// answered, one at night that nobody recorded, and a neighbour with a call of its own.
    fn busy(server: Option<&Server>) -> Self {
        let called = format!("{OTHER_PHONE}_0302");
        let transcripts = [
            said("A", "再不还钱我就找人砍死你全家"),
            said(&called, &format!("您好，请问您的手机号是{PHONE}对吗")),
            said("N", "您好，请问是本人吗"),
        ];
        let records = format!(
            "call_id,recording,started_at,duration_s,agent_id,debtor_id,contact,number,direction,answered\n\
             A,,2026-03-04 10:00:00,40,=A1,{DEBTOR},self,{PHONE},outbound,true\n\
             {called},,2026-03-02 09:30:00,30,A1,{DEBTOR},self,{LANDLINE},outbound,true\n\
             U,,2026-03-03 11:00:00,0,A2,{DEBTOR},self,{PHONE},outbound,false\n\
             D,{PHONE}.wav,2026-03-05 23:10:00,20,A2,{DEBTOR},family,{OTHER_PHONE},outbound,true\n\
             N,,2026-03-04 10:00:00,40,A1,NEIGHBOUR,self,13700001111,outbound,true\n"
        );
        let office = Self::of(&transcripts, &records, server);
        office.judge();
        office
    }

    /// People confirm the threat, the agent appeals, and it stands.
    fn judge(&self) {
        let mut store = self.open(Access::Write);
        let call = store.call(&CallId("A".into())).unwrap().unwrap();
        let id = &call.report.findings[0].id;
        let key = FindingKey { call: call.id, finding_id: id };
        let comment = format!("听过，客户号码{PHONE}");
        assert!(store.judge_finding("wang", key, Judgement::Confirmed, &comment).unwrap());
        assert!(store.file_appeal("chen", key, "只是语气重").unwrap());
        assert!(store.decide_appeal("zhao", key, true, "维持原判").unwrap());
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn open(&self, access: Access) -> Store {
        Store::open(&self.store.parse::<Place>().unwrap(), access).unwrap()
    }

    fn pack(&self, debtor: &str, out: &str, more: &[&str]) -> Run {
        run(callaudit()
            .args(["case", debtor, "--store", &self.store, "--out"])
            .arg(self.path(out))
            .args(more))
    }

    fn gather(&self) -> Case {
        let law = Law::load();
        case::gather(&mut self.open(Access::Read), DEBTOR, &law.judging()).unwrap()
    }
}

/// The rules and policies of today.
struct Law {
    rules: RuleSet,
    policies: PolicySet,
    calendar: Calendar,
    zone: jiff::tz::TimeZone,
}

impl Law {
    fn load() -> Self {
        Self {
            rules: callaudit::lexicon::load(&[]).unwrap(),
            policies: load_policies(&[]).unwrap().select(&["mainland".to_owned()]).unwrap(),
            calendar: Calendar::built_in(),
            zone: timezone("Asia/Shanghai").unwrap(),
        }
    }

    fn judging(&self) -> Judging<'_> {
        Judging {
            rules: &self.rules,
            policies: self.policies.policies(),
            calendar: &self.calendar,
            zone: &self.zone,
            decode: DecodeOptions::default(),
            provenance: Provenance {
                tool: "t".into(),
                model: None,
                semantics: None,
                lexicons: self.rules.digest().to_owned(),
                policies: self.policies.digest(),
                settings: "s".into(),
            },
        }
    }
}

fn said(id: &str, text: &str) -> Value {
    json!({"call_id": id, "segments": [{"speaker": "agent", "start_s": 1.0, "end_s": 6.0, "text": text}]})
}

fn moment() -> Timestamp {
    "2026-11-20T08:00:00Z".parse().unwrap()
}

/// Every file of a folder by its path within.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let all = walkdir::WalkDir::new(folder).into_iter().map(Result::unwrap);
    let plain = all.filter(|entry| entry.file_type().is_file());
    let name = |path: &Path| path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
    plain.map(|entry| (name(entry.path()), fs::read(entry.path()).unwrap())).collect()
}

/// Every file of a ZIP by its path within.
fn unzipped(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..archive.len())
        .map(|place| {
            let mut file = archive.by_index(place).unwrap();
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).unwrap();
            (file.name().unwrap().into_owned(), bytes)
        })
        .collect()
}

fn text(files: &BTreeMap<String, Vec<u8>>, name: &str) -> String {
    String::from_utf8(files[name].clone()).unwrap()
}

/// A page, with slashes as they were before they were escaped.
fn page(files: &BTreeMap<String, Vec<u8>>, name: &str) -> String {
    text(files, name).replace("&#x2f;", "/")
}

/// Whether some bytes hold a text.
fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[test]
fn a_pack_holds_every_call_to_the_debtor() {
    let office = Office::busy(None);
    let packed = office.pack(DEBTOR, "pack", &["--by", "zhao"]);
    assert_eq!(packed.status, 0, "{}", packed.stderr);
    let files = files(&office.path("pack"));
    let reports: Vec<CallReport> =
        text(&files, "reports.jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let ids: Vec<_> = reports.iter().map(|report| report.call_id.0.as_str()).collect();
    assert_eq!(ids, ["139****5432_0302", "U", "A", "D"], "in order of their start, the neighbour's not");
    for name in ["calls/03-A.html", "transcripts/03-A.txt", "calls/02-U.html", "calls/04-D.html"] {
        assert!(files.contains_key(name), "{name}: {:?}", files.keys());
    }
    assert!(!files.contains_key("transcripts/02-U.txt"));
    assert!(text(&files, "transcripts/03-A.txt").contains("[00:01] 坐席：再不还钱我就找人砍死你全家"));
    let calls = text(&files, "calls.csv");
    assert!(
        calls.contains(",没有录音，只有通话记录,") && calls.contains(",通话记录提到录音，库中没有这份录音,")
    );
    assert!(calls.contains(",'=A1,"), "formulas are made harmless");
    let findings = text(&files, "findings.csv");
    assert!(findings.contains("砍死你全家") && findings.contains("mainland.hours"), "{findings}");
    let reviews = text(&files, "reviews.csv");
    for said in ["wang,复核,确认,", "chen,申诉,,只是语气重", "zhao,申诉裁决,维持,维持原判"]
    {
        assert!(reviews.contains(said), "{reviews}");
    }
    let index = page(&files, "index.html");
    for shown in ["<svg class=\"case-time\"", "申诉后维持", "calls/03-A.html", "未接通", "规则逐条结果"]
    {
        assert!(index.contains(shown), "{shown}");
    }
    assert!(index.contains("default-src &#x27;none&#x27;") && !index.contains("NEIGHBOUR"));
    let facts: Value = serde_json::from_str(&text(&files, "case.json")).unwrap();
    assert_eq!(facts["schema"], "callaudit.case/1");
    assert_eq!((&facts["debtor"], &facts["masked"]), (&json!(DEBTOR), &json!(true)));
    assert_eq!((&facts["counts"]["calls"], &facts["counts"]["unanswered"]), (&json!(4), &json!(1)));
    assert_eq!((&facts["counts"]["judgements"], &facts["counts"]["appeals"]), (&json!(1), &json!(1)));
    assert!(facts["store_log"]["seq"].as_i64().unwrap() >= 4);
}

#[test]
fn every_rule_is_listed_with_its_passes() {
    let case = Office::busy(None).gather();
    let outcome = |rule: &str| case.outcomes.iter().find(|outcome| outcome.rule == rule).unwrap();
    let law = Law::load();
    for rule in law.rules.rules() {
        outcome(&rule.id);
    }
    let hours = outcome("mainland.hours");
    assert_eq!((hours.source, hours.judged(), hours.passed, hours.failed), (RuleSource::Timing, 4, 3, 1));
    let broken: Vec<_> = case
        .outcomes
        .iter()
        .filter(|outcome| outcome.source == RuleSource::Content && outcome.confirmed > 0)
        .collect();
    assert!(!broken.is_empty(), "the threat was confirmed");
    assert!(broken.iter().all(|outcome| outcome.findings > 0 && outcome.judged() == 2), "{broken:?}");
    let kept = case
        .outcomes
        .iter()
        .filter(|outcome| outcome.source == RuleSource::Content && outcome.passed == 2)
        .count();
    assert!(kept > 20, "{kept} rules were kept in both calls that were heard");
}

#[test]
fn no_byte_of_a_masked_pack_holds_a_number() {
    let office = Office::busy(None);
    office.pack(DEBTOR, "pack", &[]);
    let secrets = [PHONE, OTHER_PHONE, LANDLINE];
    for (name, bytes) in files(&office.path("pack")) {
        for secret in secrets {
            assert!(!holds(&bytes, secret) && !name.contains(secret), "{name} holds {secret}");
        }
    }
    office.pack(DEBTOR, "open", &["--unmasked"]);
    let open = files(&office.path("open"));
    assert!(holds(&open["calls.csv"], PHONE) && holds(&open["reviews.csv"], PHONE));
    assert!(open.contains_key(&format!("calls/01-{OTHER_PHONE}_0302.html")));
    assert!(page(&open, "index.html").contains("未遮盖，含个人信息"));
}

#[test]
fn a_debtor_named_by_a_number_is_masked_too() {
    let records = format!("call_id,started_at,debtor_id,answered\nA,2026-03-02 10:00,{PHONE},true\n");
    let office = Office::of(&[said("A", "您好")], &records, None);
    assert_eq!(office.pack(PHONE, "pack.zip", &[]).status, 0);
    for (name, bytes) in unzipped(&fs::read(office.path("pack.zip")).unwrap()) {
        assert!(!holds(&bytes, PHONE), "{name}");
    }
}

#[test]
fn folder_and_zip_are_the_same_and_made_alike_twice() {
    let office = Office::busy(None);
    let case = office.gather();
    let mut sink = FolderSink::create(&office.path("pack")).unwrap();
    let packed = case::pack(&case, Masking::Masked, moment(), &mut sink).unwrap();
    assert!(!office.path("pack").exists(), "there whole or not at all");
    sink.finish().unwrap();
    let (zip, of_zip) = case::zip_bytes(&office.gather(), Masking::Masked, moment()).unwrap();
    assert_eq!(packed, of_zip);
    assert_eq!(unzipped(&zip), files(&office.path("pack")));
    assert_eq!(case::zip_bytes(&case, Masking::Masked, moment()).unwrap().0, zip);
    assert_eq!(packed.files, files(&office.path("pack")).len());
}

#[test]
fn what_was_done_to_a_pack_is_told() {
    let office = Office::busy(None);
    for out in ["pack", "pack.zip"] {
        assert_eq!(office.pack(DEBTOR, out, &[]).status, 0);
        let whole = run(callaudit().args(["case", "verify"]).arg(office.path(out)));
        assert_eq!(whole.status, 0, "{}", whole.stdout);
        assert!(whole.stdout.starts_with("whole: "), "{}", whole.stdout);
    }
    let verify = || {
        let Run { status, stdout, .. } = run(callaudit().args(["case", "verify"]).arg(office.path("pack")));
        (status, stdout)
    };
    let calls = office.path("pack/calls.csv");
    let kept = fs::read(&calls).unwrap();
    let mut changed = kept.clone();
    *changed.last_mut().unwrap() ^= 1;
    fs::write(&calls, changed).unwrap();
    assert_eq!(verify().0, 1);
    assert!(verify().1.starts_with("changed  calls.csv\n"));
    fs::remove_file(&calls).unwrap();
    assert!(verify().1.starts_with("missing  calls.csv\n"));
    fs::write(&calls, kept).unwrap();
    fs::write(office.path("pack/calls/99-new\u{1b}[31m.html"), "x").unwrap();
    assert!(verify().1.starts_with("added    calls/99-new\u{fffd}[31m.html\n"), "{}", verify().1);
    fs::remove_file(office.path("pack/manifest.json")).unwrap();
    assert_eq!(verify().0, 2);
}

#[test]
fn whoever_rewrites_the_manifest_is_told_by_its_hash() {
    let office = Office::busy(None);
    office.pack(DEBTOR, "pack", &[]);
    let manifest = office.path("pack/manifest.json");
    let text = fs::read_to_string(&manifest).unwrap();
    let first = text.find("\"sha256\": \"").unwrap() + 11;
    let other = if text.as_bytes()[first] == b'0' { "1" } else { "0" };
    fs::write(&manifest, format!("{}{other}{}", &text[..first], &text[first + 1..])).unwrap();
    let told = case::verify(&office.path("pack")).unwrap();
    assert!(told.differences.iter().any(|one| one.path == "manifest.json" && one.kind == Kind::Changed));
}

#[test]
fn packs_are_in_the_log_and_nothing_is_left_of_what_failed() {
    let office = Office::busy(None);
    let lines = |office: &Office| office.open(Access::Read).verify_actions().unwrap().unwrap();
    let before = lines(&office);
    let packed = office.pack(DEBTOR, "pack.zip", &["--by", "zhao"]);
    assert_eq!(lines(&office), before + 1);
    let (actor, kind, subject, details): (String, String, String, String) =
        rusqlite::Connection::open(&office.store)
            .unwrap()
            .query_row(
                "SELECT actor, kind, subject, details FROM action ORDER BY seq DESC LIMIT 1",
                [],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
            )
            .unwrap();
    assert_eq!((actor.as_str(), kind.as_str(), subject.as_str()), ("zhao", "case", "debtor K-20391"));
    let details: Value = serde_json::from_str(&details).unwrap();
    assert!(packed.stdout.contains(details["sha256"].as_str().unwrap()), "{}", packed.stdout);
    for (debtor, out, cause) in [
        ("nobody", "new", "no call to the debtor \"nobody\""),
        ("", "new", "no call to the debtor"),
        (DEBTOR, "pack.zip", "is there already"),
        (DEBTOR, "calls.csv", "is there already"),
        (DEBTOR, "no/such/folder/pack", "cannot be written"),
    ] {
        let refused = office.pack(debtor, out, &[]);
        assert_eq!(refused.status, 2, "{debtor} {out}");
        assert!(refused.stderr.contains(cause) && refused.stderr.contains("hint: "), "{}", refused.stderr);
    }
    assert_eq!(lines(&office), before + 1);
    let left = fs::read_dir(office.folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
    let left: Vec<_> = left.filter(|name| name.to_string_lossy().starts_with(".callaudit-")).collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn names_that_mean_harm_stay_names() {
    let ids = ["../../escape", "/etc/passwd", "C:\\x", "<script>alert(1)</script>", "=1+1"];
    let transcripts: Vec<_> = ids.iter().map(|id| said(id, "</p><img src=x onerror=alert(1)>")).collect();
    let rows: Vec<_> = ids.iter().map(|id| format!("{id},2026-03-02 10:00:00,{DEBTOR},true")).collect();
    let records = format!("call_id,started_at,debtor_id,answered\n{}\n", rows.join("\n"));
    let office = Office::of(&transcripts, &records, None);
    let packed = office.pack(DEBTOR, "pack.zip", &[]);
    assert_eq!(packed.status, 0, "{}", packed.stderr);
    let files = unzipped(&fs::read(office.path("pack.zip")).unwrap());
    for (name, bytes) in &files {
        let is_plain =
            name.split('/').all(|part| part != ".." && !part.is_empty() && !part.contains(['\\', ':']));
        assert!(is_plain && !name.starts_with('/'), "{name}");
        if name.contains(".html") {
            assert!(!holds(bytes, "<script>alert") && !holds(bytes, "<img src=x"), "{name}");
        }
    }
    assert!(text(&files, "calls.csv").contains("'=1+1"));
    assert!(case::verify(&office.path("pack.zip")).unwrap().differences.is_empty());
}

/// A sequence of numbers that looks random and is the same every time.
fn next(state: &mut u64) -> usize {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*state >> 33) as usize
}

#[test]
fn a_damaged_zip_is_never_whole_unless_its_files_are() {
    let office = Office::busy(None);
    let (whole, _) = case::zip_bytes(&office.gather(), Masking::Masked, moment()).unwrap();
    let (path, expected) = (office.path("damaged.zip"), unzipped(&whole));
    let mut state = 11;
    for round in 0..300 {
        let mut bytes = whole.clone();
        for _ in 0..=round % 4 {
            let place = next(&mut state) % bytes.len();
            bytes[place] = next(&mut state) as u8;
        }
        if round % 5 == 0 {
            bytes.truncate(next(&mut state) % whole.len());
        }
        fs::write(&path, &bytes).unwrap();
        if case::verify(&path).is_ok_and(|verified| verified.differences.is_empty()) {
            assert_eq!(unzipped(&bytes), expected, "round {round}");
        }
    }
}

#[test]
fn a_server_gives_the_same_pack() {
    let (server, file) = (Server::start(), Office::busy(None));
    let over_server = Office::busy(Some(&server));
    let zipped = |office: &Office| {
        let (zip, _) = case::zip_bytes(&office.gather(), Masking::Masked, moment()).unwrap();
        unzipped(&zip)
    };
    let (of_file, of_server) = (zipped(&file), zipped(&over_server));
    for name in ["reports.jsonl", "calls.csv", "findings.csv", "outcomes.csv"] {
        assert_eq!(of_file[name], of_server[name], "{name}");
    }
    assert_eq!(over_server.pack(DEBTOR, "pack.zip", &[]).status, 0);
}

#[test]
fn clips_are_of_the_recording_that_was_heard() {
    if !weights_or_skip("clips_are_of_the_recording_that_was_heard") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let inbox = folder.path().join("inbox");
    fs::create_dir(&inbox).unwrap();
    let recording = inbox.join("S02-threats.wav");
    fs::copy(samples().join("S02-threats.wav"), &recording).unwrap();
    let store = folder.path().join("qa.sqlite");
    let night = run(callaudit()
        .args(["batch", "--settle", "0", "--store"])
        .arg(&store)
        .arg(&inbox)
        .arg("--calls")
        .arg(samples().join("calls.csv")));
    assert!(night.status < 2, "{}", night.stderr);
    let pack = |out: &str| {
        let made = run(callaudit()
            .args(["case", "B2002", "--store"])
            .arg(&store)
            .arg("--out")
            .arg(folder.path().join(out)));
        assert_eq!(made.status, 0, "{}", made.stderr);
        (files(&folder.path().join(out)), made.stderr)
    };
    let (heard, _) = pack("heard");
    let clips: Vec<_> = heard.keys().filter(|name| name.starts_with("clips/01-")).collect();
    assert!(!clips.is_empty());
    assert!(clips.iter().all(|name| hound::WavReader::new(Cursor::new(&heard[*name])).is_ok()));
    assert!(page(&heard, "calls/01-S02.html").contains("data:audio/wav;base64,"));
    assert!(page(&heard, "index.html").contains("SHA-256 与审计时一致"));
    fs::copy(samples().join("S01-clean.wav"), &recording).unwrap();
    let (changed, told) = pack("changed");
    assert!(page(&changed, "index.html").contains("不是同一份") && told.contains("warning: 1 recordings"));
    fs::remove_file(&recording).unwrap();
    let (gone, _) = pack("gone");
    assert!(page(&gone, "index.html").contains("已不在原处"));
    assert!(!gone.keys().chain(changed.keys()).any(|name| name.starts_with("clips/")));
    let facts: Value = serde_json::from_str(&text(&gone, "case.json")).unwrap();
    assert_eq!((&facts["sounds"]["gone"], &facts["sounds"]["heard"]), (&json!(1), &json!(0)));
}
