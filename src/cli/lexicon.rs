//! `callaudit lexicon`: check, try, list and explain rule packs.

use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;

use anyhow::bail;
use clap::{Args, Subcommand};
use comfy_table::{Table, presets};

use crate::detect::selftest::{self, Outcome, Trial};
use crate::lexicon::{self, Body, Checked, Diagnostic, Example, Role, Rule, RuleSet, Script};

/// Rule packs: check, test, list, explain.
#[derive(Debug, Args)]
pub struct LexiconArgs {
    #[command(subcommand)]
    command: LexiconCommand,
}

#[derive(Debug, Subcommand)]
enum LexiconCommand {
    /// Report mistakes in the packs, with file, line and what to do
    Check(Layers),
    /// Run every rule against its own `hit` and `miss`
    Test(Layers),
    /// List all rules
    List(Layers),
    /// Show everything about one rule
    Explain {
        /// Id of the rule, e.g. threat.family
        rule: String,
        #[command(flatten)]
        layers: Layers,
    },
}

#[derive(Debug, Args)]
struct Layers {
    /// Directory of rule packs to lay over the built-in ones; may be given again
    #[arg(long = "lexicons", value_name = "DIR")]
    directories: Vec<PathBuf>,
}

/// Runs the command; 0 if all is well, 1 if there are problems.
///
/// # Errors
/// Packs that do not load (except under `check`), an unknown rule, output that cannot be written.
pub fn run(args: LexiconArgs) -> anyhow::Result<u8> {
    let mut out = io::stdout().lock();
    let styled = out.is_terminal();
    let well = match args.command {
        LexiconCommand::Check(layers) => check(&lexicon::check(&layers.directories), styled, &mut out)?,
        LexiconCommand::Test(layers) => test(&load(&layers)?, &scripts(&layers)?, &mut out)?,
        LexiconCommand::List(layers) => list(&load(&layers)?, &mut out)?,
        LexiconCommand::Explain { rule, layers } => explain(&rule, &load(&layers)?, &mut out)?,
    };
    Ok(u8::from(!well))
}

fn load(layers: &Layers) -> anyhow::Result<RuleSet> {
    lexicon::load(&layers.directories).or_else(|diagnostics| {
        let errors = diagnostics.iter().filter(|diagnostic| diagnostic.is_error());
        let lines: Vec<String> = errors.map(|diagnostic| format!("  {diagnostic}")).collect();
        bail!("the rule packs do not load; `callaudit lexicon check` says more\n{}", lines.join("\n"))
    })
}

/// The scripts beside the packs.
fn scripts(layers: &Layers) -> anyhow::Result<Vec<Script>> {
    lexicon::load_scripts(&layers.directories).or_else(|diagnostics| {
        let lines: Vec<String> = diagnostics.iter().map(|diagnostic| format!("  {diagnostic}")).collect();
        bail!("the scripts do not load; `callaudit lexicon check` says more\n{}", lines.join("\n"))
    })
}

fn check(checked: &Checked, styled: bool, out: &mut impl Write) -> io::Result<bool> {
    for diagnostic in &checked.diagnostics {
        writeln!(out, "{}\n", diagnostic.render(styled))?;
    }
    let errors = checked.diagnostics.iter().filter(|diagnostic| Diagnostic::is_error(diagnostic)).count();
    let warnings = checked.diagnostics.len() - errors;
    let rules = checked.rules.as_ref().map_or(0, |rules| rules.rules().len());
    match errors {
        0 => writeln!(out, "{rules} rules, {warnings} warnings")?,
        _ => writeln!(out, "{errors} errors, {warnings} warnings: the packs do not load")?,
    }
    Ok(errors == 0)
}

fn test(rules: &RuleSet, scripts: &[Script], out: &mut impl Write) -> io::Result<bool> {
    let mut trials = selftest::run(rules);
    trials.extend(scripts.iter().flat_map(selftest::run_script));
    let bad: Vec<&Trial> = trials.iter().filter(|trial| trial.outcome != Outcome::Ok).collect();
    for trial in &bad {
        let verdict = if trial.outcome == Outcome::Missing { "missing" } else { "noisy" };
        writeln!(out, "{verdict:<8} {}: {}", trial.rule, one_line(&trial.text))?;
        writeln!(out, "         {}", trial.detail)?;
    }
    let missing = bad.iter().filter(|trial| trial.outcome == Outcome::Missing).count();
    let (ok, noisy) = (trials.len() - bad.len(), bad.len() - missing);
    writeln!(out, "{} rules: {ok} ok, {missing} missing, {noisy} noisy", rules.rules().len())?;
    Ok(bad.is_empty())
}

/// A dialogue on one line.
fn one_line(text: &str) -> String {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" / ")
}

fn list(rules: &RuleSet, out: &mut impl Write) -> io::Result<bool> {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(["rule", "category", "severity", "tier", "title"]);
    for rule in rules.rules() {
        table.add_row([
            rule.id.as_str(),
            rule.category.id(),
            &lower(rule.severity),
            &lower(rule.tier),
            rule.title.as_str(),
        ]);
    }
    for line in table.lines() {
        writeln!(out, "{}", line.trim_end())?;
    }
    writeln!(out, "{} rules, digest {}", rules.rules().len(), rules.digest())?;
    Ok(true)
}

/// Names of values as the packs write them.
fn lower(value: impl std::fmt::Debug) -> String {
    format!("{value:?}").to_lowercase()
}

fn explain(id: &str, rules: &RuleSet, out: &mut impl Write) -> anyhow::Result<bool> {
    let Some(index) = rules.rules().iter().position(|rule| rule.id == id) else {
        bail!("no rule `{id}`; `callaudit lexicon list` prints all ids");
    };
    let rule = &rules.rules()[index];
    writeln!(out, "{} — {} ({})", rule.id, rule.title, rule.pack)?;
    for (name, value) in about(rule).into_iter().chain(matching(index, rules)) {
        if !value.is_empty() {
            writeln!(out, "  {name:<10} {value}")?;
        }
    }
    examples("hit", &rule.hit, out)?;
    examples("miss", &rule.miss, out)?;
    Ok(true)
}

fn about(rule: &Rule) -> Vec<(&'static str, String)> {
    let basis: Vec<String> = rule.basis.iter().map(crate::domain::Basis::cite).collect();
    let silence: Vec<String> = rule.silence.iter().map(lower).collect();
    vec![
        ("category", format!("{} {}", rule.category.id(), rule.category.name_zh())),
        ("severity", lower(rule.severity)),
        ("tier", lower(rule.tier)),
        ("speaker", lower(rule.speaker)),
        ("why", rule.why.clone()),
        ("basis", basis.join("；")),
        ("silence", silence.join(", ")),
        ("contact", rule.when.contact.iter().map(lower).collect::<Vec<_>>().join(", ")),
    ]
}

fn matching(index: usize, rules: &RuleSet) -> Vec<(&'static str, String)> {
    let mut lines = vec![("terms", words(index, Role::Term, rules)), ("patterns", patterns(index, rules))];
    match &rules.rules()[index].body {
        Body::Said { near, unless } => {
            for (number, near) in near.iter().enumerate() {
                let slot = |slot| format!("({})", words(index, Role::Slot { near: number, slot }, rules));
                let slots: Vec<String> = (0..near.slots).map(slot).collect();
                let order = if near.ordered { "in order, " } else { "" };
                lines.push(("near", format!("{} {order}within {}", slots.join(" "), near.within)));
            }
            let patterns = unless.patterns.iter().map(|pattern| format!("/{pattern}/"));
            lines
                .push(("unless", unless.terms.iter().cloned().chain(patterns).collect::<Vec<_>>().join(" ")));
        }
        Body::Required(_) => {
            lines.push(("must say", words(index, Role::Statement, rules)));
            lines.push(("only if", words(index, Role::Condition, rules)));
        }
    }
    lines
}

fn words(index: usize, role: Role, rules: &RuleSet) -> String {
    let has_role = |usage: &lexicon::Use| usage.rule == index && usage.role == role;
    let own = rules.words().iter().filter(|word| word.uses.iter().any(has_role));
    own.map(|word| word.written.as_str()).collect::<Vec<_>>().join(" ")
}

fn patterns(index: usize, rules: &RuleSet) -> String {
    let own = rules.patterns().iter().filter(|pattern| pattern.rule == index);
    own.map(|pattern| format!("/{}/", pattern.written)).collect::<Vec<_>>().join(" ")
}

fn examples(name: &str, examples: &[Example], out: &mut impl Write) -> io::Result<()> {
    for example in examples {
        writeln!(out, "  {name:<10} {}", one_line(&example.text))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACK: &str = "
[[rule]]
id = \"insult.words\"
title = \"辱骂\"
category = \"insult\"
severity = \"major\"
terms = [\"老赖\", \"不要脸\"]
near = [{ all = [\"脸皮\", [\"厚\", \"城墙\"]], within = 6 }]
unless = { terms = [\"老赖名单\"] }
why = \"辱骂债务人\"
hit = [\"你这个老赖\"]
miss = [\"您好\"]
";

    fn printed(write: impl FnOnce(&RuleSet, &mut Vec<u8>) -> bool, pack: &str) -> (bool, String) {
        let checked = lexicon::check_texts(&[("lexicons/insult.toml", pack)]);
        let mut out = Vec::new();
        let well = write(&checked.rules.unwrap(), &mut out);
        (well, String::from_utf8(out).unwrap())
    }

    #[test]
    fn a_rule_is_explained() {
        let (_, text) = printed(|rules, out| explain("insult.words", rules, out).unwrap(), PACK);
        insta::assert_snapshot!(text, @r"
        insult.words — 辱骂 (insult)
          category   insult 侮辱辱骂
          severity   major
          tier       violation
          speaker    agent
          why        辱骂债务人
          silence    negation, quotation
          terms      老赖 不要脸
          near       (脸皮) (厚 城墙) within 6
          unless     老赖名单
          hit        你这个老赖
          miss       您好
        ");
    }

    #[test]
    fn an_unknown_rule_is_an_error() {
        let rules = lexicon::check_texts(&[("lexicons/insult.toml", PACK)]).rules.unwrap();
        let error = explain("insult.nothing", &rules, &mut Vec::new()).unwrap_err();
        assert_eq!(error.to_string(), "no rule `insult.nothing`; `callaudit lexicon list` prints all ids");
    }

    #[test]
    fn rules_are_listed() {
        let (_, text) = printed(|rules, out| list(rules, out).unwrap(), PACK);
        let lines: Vec<Vec<&str>> = text.lines().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(lines[1], ["insult.words", "insult", "major", "violation", "辱骂"]);
    }

    #[test]
    fn tests_tell_what_went_wrong() {
        let (well, text) = printed(|rules, out| test(rules, &[], out).unwrap(), PACK);
        assert_eq!((well, text.as_str()), (true, "1 rules: 2 ok, 0 missing, 0 noisy\n"));
        let broken =
            PACK.replace("[\"你这个老赖\"]", "[\"我们没说老赖\"]").replace("[\"您好\"]", "[\"你不要脸\"]");
        let (well, text) = printed(|rules, out| test(rules, &[], out).unwrap(), &broken);
        assert!(!well);
        insta::assert_snapshot!(text, @r"
        missing  insult.words: 我们没说老赖
                 taken back: 否定表述 前有「没说」
        noisy    insult.words: 你不要脸
                 matched `不要脸`
        1 rules: 0 ok, 1 missing, 1 noisy
        ");
    }

    #[test]
    fn checks_count_errors_and_warnings() {
        let broken = lexicon::check_texts(&[("lexicons/insult.toml", &PACK.replace("hit =", "hits ="))]);
        let mut out = Vec::new();
        assert!(!check(&broken, false, &mut out).unwrap());
        let text = String::from_utf8(out).unwrap();
        assert!(text.ends_with("1 errors, 0 warnings: the packs do not load\n"), "{text}");
    }
}
