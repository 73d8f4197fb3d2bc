//! `doorward explain-login`: why somebody cannot log in.

use clap::Args;
use serde_json::json;

use super::error::CliError;
use super::{GlobalArgs, output, wait_for};
use crate::accounts::explain_login;
use crate::texts::Lang;
use crate::types::{Identifier, single_line, trimmed};

/// What `doorward explain-login` takes.
#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// What they type at login: a username or an email
    identifier: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Prints what stands in the way of a login.
pub(crate) fn run(settings: GlobalArgs, args: &ExplainArgs) -> Result<(), CliError> {
    let app = settings.open_existing()?;
    let identifier = Identifier::new(trimmed(&args.identifier));
    let explanation = wait_for(async { Ok(explain_login(&app, identifier).await?) })?;
    let (t, now) = (Lang::English, app.clock.now());
    let works = !explanation.is_hopeless();
    if args.json {
        let finding = |finding: &crate::accounts::LoginFinding| json!({"code": finding.code(), "obstacle": finding.is_obstacle(), "text": single_line(&finding.text(t, now))});
        let users: Vec<_> = explanation.users.iter().map(|user| user.id).collect();
        let findings: Vec<_> = explanation.findings.iter().map(finding).collect();
        let all = json!({"works_with_the_right_password": works, "user_ids": users, "findings": findings});
        return output::line(&format!("{all:#}"));
    }
    output::line(explanation.verdict(t))?;
    for finding in &explanation.findings {
        let mark = if finding.is_obstacle() { "!" } else { "-" };
        output::told(&format!("  {mark} {}", finding.text(t, now)))?;
    }
    Ok(())
}
