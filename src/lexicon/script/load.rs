//! Reads `scripts/*.toml` of the built-in packs and of the user's directories; a later script replaces one of its name.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::super::builtin;
use super::super::compile::compile;
use super::super::diagnostic::{Code, Diagnostic};
use super::super::layers::{ParsedFile, layer};
use super::super::load::{parse, read_directory, read_file};
use super::super::source::SourceFile;
use super::format::{ScriptFile, pack};
use super::{Script, Step};

/// Folder of scripts within a directory of packs.
const FOLDER: &str = "scripts";
/// File of the groups that scripts may use.
const GROUPS: &str = "groups";
/// Scripts that the program carries with it.
const BUILT_IN: [(&str, &str); 1] =
    [("lexicons/scripts/standard.toml", include_str!("../../../lexicons/scripts/standard.toml"))];

/// All scripts, in order of their ids.
///
/// # Errors
/// Every mistake that keeps a script from use.
pub fn load_scripts(layers: &[PathBuf]) -> Result<Vec<Script>, Vec<Diagnostic>> {
    let groups = groups(layers)?;
    let mut scripts = BTreeMap::new();
    for source in sources(layers)? {
        let (script, _) = compile_script(&groups, source)?;
        scripts.insert(script.id.clone(), script);
    }
    Ok(scripts.into_values().collect())
}

/// The script of this name, or in this file.
///
/// # Errors
/// The script's mistakes, or that there is none of the name.
pub fn find_script(name: &str, layers: &[PathBuf]) -> Result<Script, Vec<Diagnostic>> {
    let path = Path::new(name);
    if path.is_file() {
        let source = read_file(path, layers.len() + 1).map_err(|unreadable| vec![unreadable])?;
        return Ok(compile_script(&groups(layers)?, source)?.0);
    }
    let scripts = load_scripts(layers)?;
    let known: Vec<String> = scripts.iter().map(|script| script.id.clone()).collect();
    scripts.into_iter().find(|script| script.id == name).ok_or_else(|| {
        let hint = format!("name one of {}, or a file", known.join(", "));
        let message = format!("no script `{name}`");
        vec![SourceFile::new(name, "", 0).diagnose(Code::Unreadable, 0..0, message, &hint)]
    })
}

/// A script given as text, with the built-in groups: for tests and benchmarks.
///
/// # Errors
/// The script's mistakes.
pub fn script_from_text(name: &str, text: &str) -> Result<Script, Vec<Diagnostic>> {
    Ok(compile_script(&groups(&[])?, SourceFile::new(name, text, 1))?.0)
}

/// Every mistake of every script, warnings too.
#[must_use]
pub fn check_scripts(layers: &[PathBuf]) -> Vec<Diagnostic> {
    let (groups, sources) = match (groups(layers), sources(layers)) {
        (Ok(groups), Ok(sources)) => (groups, sources),
        (Err(broken), _) | (_, Err(broken)) => return broken,
    };
    let checked = sources.into_iter().map(|source| compile_script(&groups, source));
    checked.flat_map(|checked| checked.map_or_else(|errors| errors, |(_, warnings)| warnings)).collect()
}

fn sources(layers: &[PathBuf]) -> Result<Vec<SourceFile>, Vec<Diagnostic>> {
    let mut sources: Vec<_> = BUILT_IN.iter().map(|(path, text)| SourceFile::new(path, text, 0)).collect();
    for (index, directory) in layers.iter().enumerate() {
        let folder = directory.join(FOLDER);
        if folder.is_dir() {
            sources.extend(read_directory(&folder, index + 1).map_err(|unreadable| vec![unreadable])?);
        }
    }
    Ok(sources)
}

/// The files of shared groups of all layers, and the words of context.
fn groups(layers: &[PathBuf]) -> Result<Vec<SourceFile>, Vec<Diagnostic>> {
    let built_in = builtin::sources().into_iter().filter(|source| source.stem() == GROUPS);
    let mut groups: Vec<SourceFile> = built_in.chain(builtin::context()).collect();
    for (index, directory) in layers.iter().enumerate() {
        let path = directory.join(GROUPS).with_extension("toml");
        if path.is_file() {
            groups.push(read_file(&path, index + 1).map_err(|unreadable| vec![unreadable])?);
        }
    }
    Ok(groups)
}

/// A script with the warnings about it, or its mistakes.
fn compile_script(
    groups: &[SourceFile],
    source: SourceFile,
) -> Result<(Script, Vec<Diagnostic>), Vec<Diagnostic>> {
    let one = |diagnostic| vec![diagnostic];
    let file: ScriptFile = parse(&source).map_err(one)?;
    let (id, title, tolerance) = (file.script.id, file.script.title, file.script.tolerance);
    if let Some(mistake) = about_head(&source, &id, file.step.is_empty()) {
        return Err(vec![mistake]);
    }
    let mut files = Vec::new();
    for group in groups {
        files.push(ParsedFile { source: group.clone(), file: parse(group).map_err(one)? });
    }
    let (mut steps, mut rules) = (Vec::new(), Vec::new());
    for entry in file.step {
        let (id, title) = (entry.id.get_ref().clone(), entry.title.clone());
        let (required, order, within_s) = (entry.required, entry.order, entry.within_s);
        steps.push(Step { id, title, required, order, within_s });
        rules.push(entry.into_rule().map_err(|error| one(internal(&source, &error)))?);
    }
    let pack = pack(file.groups, rules).map_err(|error| one(internal(&source, &error)))?;
    files.push(ParsedFile { source, file: pack });
    let mut problems = Vec::new();
    let rules = compile(&layer(files, &mut problems), &mut problems);
    match rules.filter(|_| !problems.iter().any(Diagnostic::is_error)) {
        Some(rules) => Ok((Script { id: id.into_inner(), title, tolerance, steps, rules }, problems)),
        None => Err(problems),
    }
}

fn about_head(source: &SourceFile, id: &super::super::format::Text, no_steps: bool) -> Option<Diagnostic> {
    if no_steps {
        let message = format!("script `{}` has no steps", id.get_ref());
        return Some(source.diagnose(Code::EmptyRule, id.span(), message, "add a [[step]]"));
    }
    (id.get_ref() != source.stem()).then(|| {
        let message = format!("script `{}` is in a file called `{}`", id.get_ref(), source.stem());
        source.diagnose(Code::ScriptName, id.span(), message, "give the file and the script the same name")
    })
}

/// The step's frame is the program's own text, so this is no mistake of the writer.
fn internal(source: &SourceFile, error: &toml::de::Error) -> Diagnostic {
    let hint = "please report this with the script";
    source.diagnose(Code::TomlSyntax, 0..0, error.message().to_owned(), hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCRIPT: &str = r#"[script]
id = "house"
title = "本机构话术"
[[step]]
id = "opening"
title = "开场白"
say = ["您好"]
hit = ["您好"]
miss = ["喂"]
"#;

    /// A directory of packs with one script, `house.toml`.
    fn directory(script: &str) -> tempfile::TempDir {
        let directory = tempfile::tempdir().unwrap();
        std::fs::create_dir(directory.path().join("scripts")).unwrap();
        std::fs::write(directory.path().join("scripts/house.toml"), script).unwrap();
        directory
    }

    fn codes(script: &str) -> String {
        let directory = directory(script);
        let problems = check_scripts(&[directory.path().to_owned()]);
        let code = |d: &Diagnostic| format!("{}@{}:{}", d.code.id(), d.line, d.column);
        problems.iter().map(code).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn mistakes_have_their_code_and_place() {
        for (from, to, expected) in [
            ("", "", ""),
            ("\"house\"", "\"home\"", "script-name@2:6"),
            ("say = [\"您好\"]", "say = [\"@greetings\"]", "unknown-group@7:8"),
            ("say = [\"您好\"]", "say = [\"@police\"]", ""),
            ("say = [\"您好\"]", "", "empty-rule@5:6"),
            ("say = ", "says = ", "unknown-key@7:1"),
            ("hit = [\"您好\"]\n", "", "missing-hit@5:6"),
            ("title = \"开场白\"", "title = \"开场白\"\norder = \"loose\"", "wrong-value@7:9"),
            (&SCRIPT[SCRIPT.find("[[step").unwrap()..], "", "empty-rule@2:6"),
        ] {
            assert_eq!(codes(&SCRIPT.replacen(from, to, 1)), expected, "{from} → {to}");
        }
    }

    #[test]
    fn scripts_are_found_by_name_and_by_file() {
        let directory = directory(SCRIPT);
        let layers = [directory.path().to_owned()];
        let ids: Vec<String> = load_scripts(&layers).unwrap().into_iter().map(|script| script.id).collect();
        assert_eq!(ids, ["house", "standard"]);
        assert_eq!(find_script("house", &layers).unwrap().steps.len(), 1);
        let path = directory.path().join("scripts/house.toml");
        assert_eq!(find_script(path.to_str().unwrap(), &[]).unwrap().title, "本机构话术");
        let unknown = find_script("hous", &layers).unwrap_err();
        assert_eq!(
            (unknown[0].message.as_str(), unknown[0].hint.as_str()),
            ("no script `hous`", "name one of house, standard, or a file")
        );
    }

    #[test]
    fn the_example_of_the_documentation_loads() {
        let readme = include_str!("../../../lexicons/README.md");
        let block = readme.split("```toml script\n").nth(1).unwrap().split("```").next().unwrap();
        assert_eq!(script_from_text("my_house.toml", block).unwrap().steps.len(), 1);
    }

    #[test]
    fn the_built_in_script_has_its_steps() {
        let script = find_script("standard", &[]).unwrap();
        let titles: Vec<&str> = script.steps.iter().map(|step| step.title.as_str()).collect();
        assert_eq!(
            titles.join(" "),
            "开场白 核实身份 录音告知 表明债权人 说明金额 询问原因 协商方案 复述确认 结束语"
        );
    }
}
