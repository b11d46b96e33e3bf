use std::process::ExitCode;

fn main() -> ExitCode {
    callaudit::cli::main()
}
