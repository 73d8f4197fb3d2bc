//! `doorward explain-login`: why a user cannot log in.

use clap::Args;
use serde_json::json;

use super::error::CliError;
use super::global_args::GlobalArgs;
use super::output;
use super::runtime::block_on;
use crate::accounts::{LoginFinding, explain_login};
use crate::texts::Lang;
use crate::types::{Identifier, User, single_line, trimmed};

/// The arguments of `doorward explain-login`.
#[derive(Debug, Args)]
pub(super) struct ExplainArgs {
    /// What the user types at login: a username or an email address
    identifier: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Prints what prevents a login.
pub(super) fn run(global: GlobalArgs, args: &ExplainArgs) -> Result<(), CliError> {
    let app = global.open_existing()?;
    let identifier = Identifier::new(trimmed(&args.identifier));
    let explanation = block_on(async { Ok(explain_login(&app, identifier).await?) })?;
    let (t, now) = (Lang::English, app.clock.now());
    let works = !explanation.is_hopeless();
    if args.json {
        let finding = |finding: &LoginFinding| {
            let text = single_line(&finding.text(t, now));
            json!({"code": finding.code(), "obstacle": finding.is_obstacle(), "text": text})
        };
        let users: Vec<_> = explanation.users.iter().map(User::public_id).collect();
        let findings: Vec<_> = explanation.findings.iter().map(finding).collect();
        let all = json!({"works_with_the_right_password": works, "user_ids": users, "findings": findings});
        return output::line(&format!("{all:#}"));
    }
    output::line(explanation.verdict(t))?;
    for finding in &explanation.findings {
        let bullet = if finding.is_obstacle() { "!" } else { "-" };
        output::escaped_line(&format!("  {bullet} {}", finding.text(t, now)))?;
    }
    Ok(())
}
