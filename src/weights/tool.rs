//! Programs of the system that fetch for us: python3 with pip, and curl.

use std::ffi::OsString;
use std::io::{self, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::Duration;

const POLL: Duration = Duration::from_millis(100);

/// How a program is called: its name and the arguments that always come first.
#[derive(Debug, Clone)]
pub(super) struct Tool {
    program: OsString,
    first: Vec<OsString>,
}

/// How a run ended.
#[derive(Debug)]
pub(super) enum Outcome {
    Done,
    /// What the program said, its last line first in importance.
    Failed(String),
    NotInstalled,
}

impl Tool {
    pub(super) fn new(program: &str) -> Self {
        Self { program: program.into(), first: Vec::new() }
    }

    #[cfg(all(test, unix))]
    pub(super) fn script(path: &std::path::Path) -> Self {
        Self { program: "sh".into(), first: vec![path.into()] }
    }

    pub(super) fn name(&self) -> String {
        self.program.to_string_lossy().into_owned()
    }

    /// Runs to the end, calling `watch` many times a second. Only what goes to standard error is kept.
    pub(super) fn run<I>(&self, arguments: I, mut watch: impl FnMut()) -> io::Result<Outcome>
    where
        I: IntoIterator,
        I::Item: Into<OsString>,
    {
        let mut command = Command::new(&self.program);
        command.args(&self.first).args(arguments.into_iter().map(Into::into));
        let mut child =
            match command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn() {
                Ok(child) => child,
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Outcome::NotInstalled),
                Err(error) => return Err(error),
            };
        let errors = child.stderr.take().map(|stream| thread::spawn(move || read_all(stream)));
        let status = wait(&mut child, &mut watch)?;
        let said = errors.and_then(|thread| thread.join().ok()).unwrap_or_default();
        Ok(if status.success() { Outcome::Done } else { Outcome::Failed(summary(&said, status)) })
    }
}

fn wait(child: &mut Child, watch: &mut impl FnMut()) -> io::Result<ExitStatus> {
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        watch();
        thread::sleep(POLL);
    }
}

fn read_all(mut stream: impl Read) -> String {
    let mut bytes = Vec::new();
    // A stream that breaks has said what it had to say.
    let _ = stream.read_to_end(&mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The lines that say what is wrong, without the program's asides.
fn summary(said: &str, status: ExitStatus) -> String {
    let lines: Vec<&str> = said.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let errors: Vec<&str> = lines.iter().copied().filter(|line| line.contains("ERROR")).collect();
    let telling = if errors.is_empty() { &lines[lines.len().saturating_sub(2)..] } else { &errors[..] };
    if telling.is_empty() { status.to_string() } else { telling.join("; ") }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    fn run(script: &str) -> Outcome {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("tool");
        std::fs::write(&path, script).unwrap();
        Tool::script(&path).run(["one"], || {}).unwrap()
    }

    #[test]
    fn failures_carry_the_telling_lines() {
        assert!(matches!(run("test \"$1\" = one"), Outcome::Done));
        let said = |script| if let Outcome::Failed(said) = run(script) { said } else { String::new() };
        assert_eq!(
            said("echo WARNING: old >&2; echo ERROR: no route >&2; echo notice >&2; exit 1"),
            "ERROR: no route"
        );
        assert_eq!(said("echo curl: cannot >&2; exit 6"), "curl: cannot");
        assert_eq!(said("exit 3"), "exit status: 3");
    }

    #[test]
    fn a_missing_program_is_told_apart() {
        let outcome = Tool::new("no-such-program-anywhere").run(["x"], || {}).unwrap();
        assert!(matches!(outcome, Outcome::NotInstalled));
    }
}
