//! The coaching sheet: what stands against an agent and what speaks for one, masked, whole, and the same on either server.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use callaudit::coaching::{self, Example, Month, Sheet, Topic};
use callaudit::detect::selftest::{self, Outcome};
use callaudit::domain::{CallId, Category};
use callaudit::lexicon;
use callaudit::store::{Access, FindingKey, Judgement, Place, Rejection, Store};
use insta::assert_snapshot;
use serde_json::{Value, json};

use super::postgres_server::Server;
use super::support::{Run, callaudit, run, samples, weights_or_skip};

const PHONE: &str = "13812345678";
const LANDLINE: &str = "62345678";

const OPENING: &str = "您好，请问您是本人吗？我是贷款机构委托的客服人员，本次通话全程录音。";
const AMOUNT: &str = "跟您核对一下，截至今天您这笔贷款应还三千二百元，其中本金三千元。";
const THREAT: &str = "你等着，我让人上门打断你的腿";
const INSULT: &str = "你就是个不要脸的老赖";

/// A folder with a store that a night run made.
struct Office {
    folder: tempfile::TempDir,
    store: String,
}

/// Call, day, agent and what the agent said after the opening.
type Said<'a> = (&'a str, &'a str, &'a str, &'a str);

impl Office {
    fn of(calls: &[Said], server: Option<&Server>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = || folder.path().join("qa.sqlite").display().to_string();
        let store = server.map_or_else(file, Server::url);
        let office = Self { folder, store };
        let lines: Vec<_> = calls.iter().map(|(id, .., words)| talk(id, words).to_string()).collect();
        fs::write(office.path("t.jsonl"), lines.join("\n")).unwrap();
        let mut records = "call_id,started_at,duration_s,agent_id,team,contact,number,answered\n".to_owned();
        for (id, day, agent, _) in calls {
            writeln!(records, "{id},{day} 10:00:00,40,{agent},一组,self,{LANDLINE},true").unwrap();
        }
        // One that nobody answered: it is known by its record alone.
        records.push_str("U,2026-10-09 11:00:00,0,A017,一组,self,13700001111,false\n");
        fs::write(office.path("calls.csv"), records).unwrap();
        let night = run(callaudit()
            .args(["batch", "--settle", "0", "--store", &office.store])
            .arg(office.path("t.jsonl"))
            .arg("--calls")
            .arg(office.path("calls.csv")));
        assert!(night.status < 2, "{}", night.stderr);
        office
    }

    /// Three months of an agent: insults that stopped, threats that recur, one rejected, one overturned, one insult left.
    fn busy(server: Option<&Server>) -> Self {
        let named = format!("{PHONE}_1005");
        let office = Self::of(
            &[
                ("aug", "2026-08-05", "A017", "你把钱直接转到我个人微信上"),
                ("sep", "2026-09-05", "A017", THREAT),
                ("one", "2026-10-01", "A017", THREAT),
                ("two", "2026-10-02", "A017", THREAT),
                ("three", "2026-10-03", "A017", THREAT),
                ("won", "2026-10-04", "A017", THREAT),
                (&named, "2026-10-05", "A017", INSULT),
                ("good", "2026-10-06", "A017", "我理解您现在有困难，咱们可以商量分期还款。"),
                ("other", "2026-10-06", "A018", "您好"),
            ],
            server,
        );
        let comment = format!("听过，客户号码{PHONE}");
        office.judge("two", Judgement::Confirmed, &comment);
        office.judge("three", Judgement::Rejected(Rejection::NotMeant), "引用剧情");
        office.judge("won", Judgement::Confirmed, "听过");
        office.each("won", |store, key| {
            assert!(store.file_appeal("chen", key, "不是我说的").unwrap());
            assert!(store.decide_appeal("zhao", key, false, "确非坐席所说").unwrap());
        });
        office
    }

    fn judge(&self, call: &str, judgement: Judgement, comment: &str) {
        self.each(call, |store, key| {
            assert!(store.judge_finding("wang", key, judgement, comment).unwrap());
        });
    }

    /// Does something with every finding of a call.
    fn each(&self, call: &str, work: impl Fn(&mut Store, FindingKey)) {
        let mut store = self.open(Access::Write);
        let call = store.call(&CallId(call.into())).unwrap().unwrap();
        assert!(!call.report.findings.is_empty());
        for finding in &call.report.findings {
            work(&mut store, FindingKey { call: call.id, finding_id: &finding.id });
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn open(&self, access: Access) -> Store {
        Store::open(&self.store.parse::<Place>().unwrap(), access).unwrap()
    }

    fn coach(&self, arguments: &[&str]) -> Run {
        run(callaudit()
            .current_dir(self.folder.path())
            .args(["coach", "--store", &self.store])
            .args(arguments))
    }

    fn sheet(&self, agent: &str, month: &str) -> Sheet {
        let rules = lexicon::load(&[]).unwrap();
        let month: Month = month.parse().unwrap();
        coaching::gather(&mut self.open(Access::Read), agent, month, rules.coaching()).unwrap()
    }

    /// The page that the command wrote, with slashes as they were before they were escaped.
    fn page(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap().replace("&#x2f;", "/")
    }
}

fn talk(id: &str, words: &str) -> Value {
    json!({"call_id": id, "segments": [
        {"speaker": "agent", "start_s": 0.5, "end_s": 8.0, "text": OPENING},
        {"speaker": "customer", "start_s": 8.5, "end_s": 9.5, "text": "我是，什么事"},
        {"speaker": "agent", "start_s": 10.0, "end_s": 16.0, "text": AMOUNT},
        {"speaker": "customer", "start_s": 16.5, "end_s": 17.5, "text": "我最近没钱"},
        {"speaker": "agent", "start_s": 18.0, "end_s": 22.0, "text": words},
    ]})
}

/// What a sheet says, a line each.
fn told(sheet: &Sheet) -> String {
    let mut text = String::new();
    for month in &sheet.trend {
        let score = month.average_score.map_or_else(|| "-".to_owned(), |score| format!("{score:.1}"));
        let found: Vec<_> =
            month.findings.iter().map(|(one, count)| format!("{}={count}", one.id())).collect();
        let share = (month.flagged.count, month.flagged.of);
        writeln!(
            text,
            "{} {} heard {} flagged {share:?} score {score} {}",
            month.month,
            month.calls,
            month.heard,
            found.join(" ")
        )
        .unwrap();
    }
    let mut topics = |name: &str, topics: &[Topic]| {
        for topic in topics {
            let advice = topic.advice.as_ref().map_or(0, |advice| advice.instead.len());
            writeln!(
                text,
                "{name} {} {}/{} advice {advice}",
                topic.category.id(),
                topic.findings,
                topic.calls
            )
            .unwrap();
            for rule in &topic.rules {
                writeln!(text, "  {} {} {}/{}", rule.rule, rule.title, rule.findings, rule.calls).unwrap();
                for example in &rule.examples {
                    let Example { call_id, day, quote, .. } = example;
                    writeln!(
                        text,
                        "    {call_id} {day} {} 「{quote}」 [{}]",
                        example.state.id(),
                        example.comments.join("；")
                    )
                    .unwrap();
                }
            }
        }
    };
    topics("RECURS", &sheet.recurring);
    topics("ONCE", &sheet.single);
    writeln!(text, "{:?}", sheet.set_aside).unwrap();
    for good in &sheet.well.good {
        writeln!(
            text,
            "GOOD {} {}/{} {} 「{}」",
            good.rule, good.calls, sheet.well.read, good.call_id, good.quote
        )
        .unwrap();
    }
    let kept: Vec<_> = sheet
        .well
        .kept
        .iter()
        .map(|(one, share)| format!("{} {}/{}", one.id(), share.count, share.of))
        .collect();
    writeln!(text, "KEPT {}", kept.join(", ")).unwrap();
    writeln!(text, "OVERCOME {:?}", sheet.well.overcome).unwrap();
    for won in &sheet.well.won {
        writeln!(text, "WON {} {} {} {}", won.call_id, won.category.id(), won.quote, won.grounds).unwrap();
    }
    text
}

#[test]
fn a_sheet_holds_what_stands_and_what_went_well() {
    let office = Office::busy(None);
    assert_snapshot!(told(&office.sheet("A017", "2026-10")), @"
    2026-08 1 heard 1 flagged (1, 1) score 0.0 improper_payment=1
    2026-09 1 heard 1 flagged (1, 1) score 0.0 threat=1
    2026-10 7 heard 6 flagged (3, 7) score 30.8 threat=2 insult=1
    RECURS threat 2/2 advice 3
      threat.body_harm 扬言伤害身体 2/2
        two 2026-10-02 confirmed 「你等着，我让人上门打断你的腿」 [听过，客户号码138****5678]
        one 2026-10-01 open 「你等着，我让人上门打断你的腿」 []
    ONCE insult 1/1 advice 3
      insult.contempt 当面鄙夷 1/1
        138****5678_1005 2026-10-05 open 「你就是个不要脸的老赖」 []
    SetAside { pending: 0, rejected: 1, overturned: 1 }
    GOOD good_conduct.confirms_agreement 6/6 good 「跟您核对一下，截至今天您这笔贷款应还三千二百元，其中本金三千元。」
    GOOD good_conduct.polite_opening 6/6 good 「您好，请问您是本人吗？我是贷款机构委托的客服人员，本次通话全程录音。」
    GOOD good_conduct.verify_identity 6/6 good 「您好，请问您是本人吗？我是贷款机构委托的客服人员，本次通话全程录音。」
    GOOD good_conduct.empathy 1/6 good 「我理解您现在有困难，咱们可以商量分期还款。」
    GOOD good_conduct.plan_offered 1/6 good 「我理解您现在有困难，咱们可以商量分期还款。」
    KEPT threat 4/6, insult 5/6, false_legal_claim 6/6, impersonation 6/6, privacy_leak 6/6, third_party 6/6, false_promise 6/6, harassment 6/6, improper_payment 6/6, complaint_obstruction 6/6, missing_identity 6/6, missing_recording_notice 6/6, missing_amount 6/6, outside_hours 6/6, too_frequent 6/6, third_party_frequency 6/6, contact_after_refusal 6/6, interruption 6/6, long_silence 6/6, fast_speech 6/6
    OVERCOME [(ImproperPayment, 1)]
    WON won threat 你等着，我让人上门打断你的腿 确非坐席所说
    ");
}

#[test]
fn the_page_says_it_all_and_holds_no_number() {
    let office = Office::busy(None);
    let made = office.coach(&["A017"]);
    assert_eq!(made.status, 0, "{}", made.stderr);
    assert!(
        made.stdout.starts_with(
            "A017 2026-10: 7 calls, 1 topics that recur, 1 of one call: coaching-A017-2026-10.html"
        ),
        "{}",
        made.stdout
    );
    let page = office.page("coaching-A017-2026-10.html");
    for shown in [
        "坐席 A017 · 2026年10月",
        "团队 一组",
        "威胁恐吓",
        "可以这样说",
        "今天想跟您商量一个您做得到的还款时间",
        "复核意见：听过，客户号码138****5678",
        "复核驳回",
        "裁决：确非坐席所说",
        "class=\"coach-trend\"",
        "面谈记录",
        "default-src &#x27;none&#x27;",
    ] {
        assert!(page.contains(shown), "{shown}");
    }
    for secret in [PHONE, LANDLINE, "引用剧情", "<a href=\"/call", "http://", "https://"] {
        assert!(!page.contains(secret), "{secret}");
    }
}

#[test]
fn on_the_server_examples_lead_to_their_calls() {
    let office = Office::busy(None);
    let sheet = office.sheet("A017", "2026-10");
    let page = coaching::page(&sheet, None).unwrap().replace("&#x2f;", "/");
    let example = &sheet.recurring[0].rules[0].examples[0];
    assert!(page.contains(&format!("href=\"/call/{}#f-{}\"", example.call, example.finding_id)));
    assert!(!page.contains("<audio"));
}

#[test]
fn an_agent_without_findings_gets_what_went_well() {
    let office = Office::busy(None);
    let sheet = office.sheet("A018", "2026-10");
    assert!(sheet.recurring.is_empty() && sheet.single.is_empty() && !sheet.well.kept.is_empty());
    let page = coaching::page(&sheet, None).unwrap();
    for shown in ["本月没有反复出现的问题", "每一通都做到了", "三个月里都没有成立的问题"]
    {
        assert!(page.contains(shown), "{shown}");
    }
}

#[test]
fn every_agent_of_the_month_has_a_file() {
    let office = Office::of(
        &[
            ("a", "2026-10-01", "A017", "您好"),
            ("b", "2026-10-01", "a017", "您好"),
            ("c", "2026-10-01", "../<script>alert(1)</script>", THREAT),
            ("<img src=x>", "2026-10-02", "../<script>alert(1)</script>", THREAT),
            ("d", "2026-09-01", "gone", "您好"),
        ],
        None,
    );
    let made = office.coach(&["--all", "--month", "2026-10", "--out", "sheets"]);
    assert_eq!((made.status, made.stderr.as_str()), (0, ""), "{made:?}");
    let mut names: Vec<_> = fs::read_dir(office.path("sheets"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["A017.html", "a017~2.html", "~2e.~2f~3cscript~3ealert~281~29~3c~2fscript~3e.html"]);
    let page = office.page(&format!("sheets/{}", names[2]));
    assert!(page.contains("打断你的腿") && !page.contains("<script>alert") && !page.contains("<img src=x"));
}

#[test]
fn what_cannot_be_written_is_told_with_what_to_do() {
    let office = Office::busy(None);
    fs::write(office.path("there.html"), "mine").unwrap();
    for (arguments, cause, hint) in [
        (&["B1"][..], "no call of the agent \"B1\"", "to the letter"),
        (&["A017", "--month", "2026-12"], "has no calls in 2026-12", "--month 2026-10"),
        (&["A017", "--month", "2026-13"], "\"2026-13\" is no month", "YYYY-MM"),
        (&["A017", "--out", "there.html"], "there.html is there already", "nothing is written over"),
        (&["A017", "--out", "no/such/folder.html"], "cannot be written", "free space"),
        (&["--all", "--month", "2025-01"], "no agent has calls in 2025-01", "--month"),
        (&["--all", "--out", "there.html"], "is there already", "empty"),
        (&[], "required arguments", "--help"),
        (&["A017", "--all"], "cannot be used with", "--help"),
    ] {
        let refused = office.coach(arguments);
        assert_eq!(refused.status, 2, "{arguments:?}");
        assert!(refused.stderr.contains(cause) && refused.stderr.contains(hint), "{}", refused.stderr);
    }
    assert_eq!(office.page("there.html"), "mine");
    let into = office.coach(&["A017", "--out", "."]);
    assert!(into.status == 0 && office.path("coaching-A017-2026-10.html").is_file(), "{into:?}");
    assert_eq!(office.coach(&["A017"]).status, 2, "the sheet is there");
}

#[test]
fn a_house_has_words_of_its_own() {
    let office = Office::busy(None);
    let house = office.path("house");
    fs::create_dir(&house).unwrap();
    let own = |text: &str| fs::write(house.join("coaching.toml"), text).unwrap();
    own("[coaching.threat]\nprinciple = \"本机构的规矩\"\ninstead = [\"您说，我听着。\"]");
    let made = office.coach(&["A017", "--lexicons", "house", "--out", "own.html"]);
    assert_eq!(made.status, 0, "{}", made.stderr);
    let page = office.page("own.html");
    assert!(
        page.contains("本机构的规矩")
            && page.contains("您说，我听着。")
            && !page.contains("月底前能安排多少")
    );
    own("[coaching.menace]\nprinciple = \"一\"\ninstead = [\"您说\"]");
    let refused = office.coach(&["A017", "--lexicons", "house"]);
    assert_eq!(refused.status, 2);
    for shown in ["unknown-coached", "coaching.toml:1:11", "no rule or category `menace`", "name a rule"] {
        assert!(refused.stderr.contains(shown), "{shown}: {}", refused.stderr);
    }
}

#[test]
fn no_words_to_say_instead_break_a_rule() {
    let rules = lexicon::load(&[]).unwrap();
    let sentences: usize = rules.coaching().entries().map(|(_, advice)| advice.instead.len()).sum();
    let trials = selftest::run(&rules, None);
    let coached: Vec<_> = trials.iter().filter(|trial| trial.rule.starts_with("coaching.")).collect();
    assert!(coached.len() == sentences && sentences > 2 * Category::ALL.len(), "{sentences}");
    let bad: Vec<_> = coached.iter().filter(|trial| trial.outcome != Outcome::Ok).collect();
    assert!(bad.is_empty(), "{bad:#?}");
}

#[test]
fn words_that_break_a_rule_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let own = format!("[coaching.insult]\nprinciple = \"一\"\ninstead = [\"您说，我听着。\", \"{THREAT}\"]");
    fs::write(folder.path().join("coaching.toml"), own).unwrap();
    // With the sentence encoder, where it is there.
    let told = run(callaudit().args(["lexicon", "test", "--lexicons"]).arg(folder.path()));
    assert_eq!(told.status, 1, "{told:?}");
    let noisy: Vec<_> = told.stdout.lines().filter(|line| line.contains(" coaching.")).collect();
    assert_eq!(noisy, [format!("noisy    coaching.insult: {THREAT}")], "{}", told.stdout);
}

#[test]
fn a_server_gives_the_same_sheet() {
    let server = Server::start();
    let (file, over_server) = (Office::busy(None), Office::busy(Some(&server)));
    assert_eq!(told(&over_server.sheet("A017", "2026-10")), told(&file.sheet("A017", "2026-10")));
    assert_eq!(over_server.coach(&["--all", "--month", "2026-10"]).status, 0);
    assert!(over_server.path("coaching-2026-10/A018.html").is_file());
    assert_eq!(over_server.coach(&["B1"]).status, 2);
}

#[test]
fn the_sound_is_of_the_recordings_that_were_heard() {
    if !weights_or_skip("the_sound_is_of_the_recordings_that_were_heard") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let inbox = folder.path().join("inbox");
    fs::create_dir(&inbox).unwrap();
    let recordings = ["S04-mother.wav", "S07-employer.mp3"];
    for name in recordings {
        fs::copy(samples().join(name), inbox.join(name)).unwrap();
    }
    let records = "call_id,recording,started_at,agent_id,contact,answered\n\
        S04,S04-mother.wav,2026-03-11 16:30:00,A1,family,true\n\
        S07,S07-employer.mp3,2026-03-13 10:45:00,A1,employer,true\n";
    fs::write(folder.path().join("calls.csv"), records).unwrap();
    let store = folder.path().join("qa.sqlite");
    let night = run(callaudit()
        .args(["batch", "--settle", "0", "--store"])
        .arg(&store)
        .arg(&inbox)
        .arg("--calls")
        .arg(folder.path().join("calls.csv")));
    assert!(night.status < 2, "{}", night.stderr);
    let coach = |out: &str, more: &[&str]| {
        let out = folder.path().join(out);
        let made =
            run(callaudit().args(["coach", "A1", "--store"]).arg(&store).arg("--out").arg(&out).args(more));
        assert_eq!(made.status, 0, "{}", made.stderr);
        let page = fs::read_to_string(out).unwrap().replace("&#x2f;", "/");
        (page.matches("src=\"data:audio/wav;base64,UklGR").count(), page, made.stderr)
    };
    let (heard, page, told) = coach("heard.html", &[]);
    assert!(heard >= 2 && told.is_empty() && page.contains("media-src data:"), "{heard} {told}");
    let (none, page, told) = coach("silent.html", &["--no-clips"]);
    assert!(none == 0 && told.is_empty() && !page.contains("没有片段"));
    fs::copy(samples().join("S01-clean.wav"), inbox.join(recordings[0])).unwrap();
    let (left, page, told) = coach("changed.html", &[]);
    assert!(left < heard && left > 0 && page.contains("不是同一份"), "{left} of {heard}");
    assert!(told.contains("warning: 1 recordings"), "{told}");
    fs::remove_file(inbox.join(recordings[0])).unwrap();
    assert!(coach("gone.html", &[]).1.contains("已不在原处"));
}
