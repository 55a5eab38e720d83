//! The command line.

fn main() -> std::process::ExitCode {
    polc::cli::main()
}
