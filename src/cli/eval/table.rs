//! The measure as tables for a terminal.

use std::io::{self, Write};

use crate::evaluate::{CharacterErrors, ErrorRates, Evaluation, Figures, Judgement, Outcome, Rate, Section};

/// Prints everything there is to say; rule by rule where `rules` is set.
pub(super) fn print(evaluation: &Evaluation, rules: bool, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{} labelled calls{}", evaluation.calls, left_out(evaluation))?;
    write_section("both tiers", &evaluation.all, out)?;
    write_section("tier violation", &evaluation.violation, out)?;
    writeln!(out, "\ntier review")?;
    write_sums(&evaluation.review, out)?;
    if !evaluation.grades.is_empty() {
        writeln!(out, "\nby grade, as if there were no other findings")?;
        let row = |(grade, figures): (&_, &_)| row(&format!("{grade:?}").to_lowercase(), figures);
        write_table(&evaluation.grades.iter().map(row).collect::<Vec<_>>(), out)?;
    }
    if rules {
        writeln!(out, "\nby rule, both tiers")?;
        write_rules(evaluation, out)?;
    }
    evaluation.recognition.as_ref().map_or(Ok(()), |rates| write_recognition(rates, out))?;
    evaluation.judgements.iter().try_for_each(|judgement| write_judgement(judgement, out))
}

fn left_out(evaluation: &Evaluation) -> String {
    let counts = [
        (evaluation.not_audited.len(), "not audited: counted as calls without findings"),
        (evaluation.not_labelled, "calls of the report without labels: left out"),
        (evaluation.other_findings, "findings of other kinds: left out"),
    ];
    let told = counts.iter().filter(|(count, _)| *count > 0);
    told.fold(String::new(), |text, (count, what)| text + &format!("\n  {count} {what}"))
}

fn write_section(title: &str, section: &Section, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "\n{title}")?;
    let categories = section.categories.iter().map(|(category, figures)| row(category.id(), figures));
    write_table(&categories.collect::<Vec<_>>(), out)?;
    write_sums(section, out)
}

fn write_sums(section: &Section, out: &mut impl Write) -> io::Result<()> {
    let sums = [
        row("all spoken", &section.spoken),
        row("all missing", &section.missing),
        row("call verdict", &section.verdict),
    ];
    write_table(&sums, out)?;
    writeln!(out, "  clean calls flagged: {} of {}", section.clean_calls_flagged, section.clean_calls)
}

type Row = [String; 7];

fn row(name: &str, figures: &Figures) -> Row {
    let counts = figures.counts;
    [
        name.to_owned(),
        counts.found.to_string(),
        counts.false_alarms.to_string(),
        counts.missed.to_string(),
        rate(figures.precision),
        rate(figures.recall),
        rate(figures.f1),
    ]
}

fn rate(rate: Option<Rate>) -> String {
    rate.map_or("–".to_owned(), |Rate { value, low, high }| format!("{value:.3} [{low:.2} {high:.2}]"))
}

/// Widths are the same in every table, so that the eye can go down the columns.
fn write_table(rows: &[Row], out: &mut impl Write) -> io::Result<()> {
    let head = ["", "found", "false", "missed", "precision", "recall", "F1"].map(str::to_owned);
    for [name, found, wrong, missed, precision, recall, f1] in std::iter::once(&head).chain(rows) {
        let line =
            format!("  {name:<24} {found:>6} {wrong:>6} {missed:>6}   {precision:<19} {recall:<19} {f1}");
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

fn write_rules(evaluation: &Evaluation, out: &mut impl Write) -> io::Result<()> {
    for (rule, figures) in &evaluation.rules {
        let (found, wrong) = (figures.found, figures.false_alarms);
        writeln!(out, "  {found:>5} right {wrong:>5} wrong  {}  {rule}", rate(figures.precision))?;
    }
    Ok(())
}

fn write_recognition(rates: &ErrorRates, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "\ncharacter errors")?;
    let sums = [("speakers apart", rates.speakers_apart), ("one channel", rates.one_channel)];
    let sums = sums.into_iter().filter(|(_, errors)| errors.characters > 0);
    let calls = rates.calls.iter().map(|(id, errors)| (id.0.as_str(), *errors));
    for (name, CharacterErrors { errors, characters }) in sums.chain(calls) {
        let percent = 100.0 * errors as f64 / characters.max(1) as f64;
        writeln!(out, "  {percent:>6.2} %  {errors:>5} of {characters:>6}  {name}")?;
    }
    Ok(())
}

fn write_judgement(judgement: &Judgement, out: &mut impl Write) -> io::Result<()> {
    let Judgement { call_id, category, outcome, start_s, text, rules } = judgement;
    let what = if *outcome == Outcome::Missed { "missed" } else { "false alarm" };
    let moment = start_s.map_or("whole call".to_owned(), |start_s| format!("{start_s:.1} s"));
    let rules = rules.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
    writeln!(out, "\n{what}: {} in {call_id} at {moment} {rules}\n  {text}", category.id())
}
