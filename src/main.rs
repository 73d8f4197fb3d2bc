//! Arguments in, exit code out: everything is in `cli`.

use std::process::ExitCode;

fn main() -> ExitCode {
    doorward::main()
}
