//! Changing settings in the admin. New settings count once they were tested: they pass the parser of the
//! settings, templates and certificates are read, and where they change how emails are sent, the server has to
//! accept a test email first. A refusal leaves everything as it was.

use thiserror::Error;

use crate::accounts::outbox::{TestMailError, send_test_mail_with};
use crate::accounts::shared::actor::{Actor, AuditSubject};
use crate::app::{App, StoredSettingsError};
use crate::config::{Config, Described};
use crate::store::tables::audit::Action;
use crate::store::tables::stored_settings;
use crate::store::tables::stored_settings::StoredSettings;
use crate::store::{StoreError, Tx};
use crate::types::Email;

/// The password of the mail server.
const SMTP_PASSWORD: &str = "mail.smtp.password";

/// The settings that say who gets it. Whoever changes them has to know it: a stored one is never shown.
const SMTP_SERVER: [&str; 4] = ["mail.smtp.host", "mail.smtp.port", "mail.smtp.tls", "mail.smtp.username"];

/// A setting, and its new text; without one it is set back to its default.
pub(crate) type SettingChange = (&'static str, Option<String>);

/// What became of a change.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum ChangedSettings {
    /// Nothing: the settings are in force already.
    Unchanged,
    /// The settings are in force.
    Changed {
        /// Whether a test email was sent and accepted.
        is_tested: bool,
    },
}

/// Why settings were not changed.
#[derive(Debug, Error)]
pub(crate) enum ChangeSettingsError {
    /// Somebody else has changed settings since the form was displayed.
    #[error("the settings were changed in the meantime")]
    Stale,
    /// They cannot be used.
    #[error(transparent)]
    Unusable(#[from] StoredSettingsError),
    /// The stored password would go to another mail server, or with another username: it has to be typed again.
    #[error("the password of the mail server has to be typed again")]
    PasswordNeeded,
    /// The test email was not accepted.
    #[error(transparent)]
    Test(#[from] TestMailError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Changes settings that were displayed at `version`. The test email goes to `test_to`.
pub(crate) async fn change_settings(
    app: &App,
    version: i64,
    changes: Vec<SettingChange>,
    test_to: Email,
    by: &Actor,
) -> Result<ChangedSettings, ChangeSettingsError> {
    app.refresh_settings().await?;
    let stored = app.store.read(stored_settings::read).await?;
    if stored.version != version {
        return Err(ChangeSettingsError::Stale);
    }
    let values = with_changes(&stored, &changes);
    if values == stored.values {
        return Ok(ChangedSettings::Unchanged);
    }
    let (changed, mailer) = app.with_stored(&values)?;
    let differs = |name: &str| value_of(&stored.values, name) != value_of(&values, name);
    let is_password_typed = changes.iter().any(|(name, text)| *name == SMTP_PASSWORD && text.is_some());
    let changes: Vec<SettingChange> = changes.into_iter().filter(|(name, _)| differs(name)).collect();
    if value_of(&values, SMTP_PASSWORD).is_some()
        && !is_password_typed
        && changes.iter().any(|(name, _)| SMTP_SERVER.contains(name))
    {
        return Err(ChangeSettingsError::PasswordNeeded);
    }
    let is_tested = changed.mail.is_sent() && changes.iter().any(|(name, _)| is_about_sending(name));
    if is_tested {
        send_test_mail_with(app, &mailer, test_to, by).await?;
    }
    let details = changes.iter().map(|(name, _)| detail(&app.current(), &changed, name)).collect();
    write(app, version, changes, details, by).await?;
    app.refresh_settings().await?;
    Ok(ChangedSettings::Changed { is_tested })
}

/// Sets stored settings back, all or those with these names; answers the names that were stored.
pub(crate) async fn clear_settings(
    app: &App,
    names: Vec<String>,
    by: &Actor,
) -> Result<Vec<String>, StoreError> {
    let (now, by) = (app.clock.now(), by.clone());
    let clear = move |tx: &mut Tx<'_>| {
        let stored = stored_settings::lock(tx)?;
        let is_meant = |name: &String| names.is_empty() || names.contains(name);
        let cleared: Vec<String> = stored.values.into_iter().map(|(name, _)| name).filter(is_meant).collect();
        for name in &cleared {
            stored_settings::set(tx, name, None, stored.version + 1)?;
            let detail = format!("{name} → default");
            by.record(tx, Action::SettingChanged, None::<AuditSubject<'_>>, Some(&detail), now)?;
        }
        Ok::<_, StoreError>(cleared)
    };
    let cleared = app.store.write(clear).await?;
    app.refresh_settings().await?;
    Ok(cleared)
}

async fn write(
    app: &App,
    version: i64,
    changes: Vec<SettingChange>,
    details: Vec<String>,
    by: &Actor,
) -> Result<(), ChangeSettingsError> {
    let (now, by) = (app.clock.now(), by.clone());
    let write = move |tx: &mut Tx<'_>| {
        // The test took its time.
        if stored_settings::lock(tx)?.version != version {
            return Err(ChangeSettingsError::Stale);
        }
        for ((name, text), detail) in changes.iter().zip(&details) {
            stored_settings::set(tx, name, text.as_deref(), version + 1)?;
            by.record(tx, Action::SettingChanged, None::<AuditSubject<'_>>, Some(detail), now)?;
        }
        Ok(())
    };
    app.store.write(write).await
}

fn with_changes(stored: &StoredSettings, changes: &[SettingChange]) -> Vec<(String, String)> {
    let is_kept = |(name, _): &&(String, String)| !changes.iter().any(|(changed, _)| changed == name);
    let mut values: Vec<(String, String)> = stored.values.iter().filter(is_kept).cloned().collect();
    values.extend(changes.iter().filter_map(|(name, text)| Some(((*name).to_owned(), text.clone()?))));
    values.sort();
    values
}

fn value_of<'a>(values: &'a [(String, String)], name: &str) -> Option<&'a str> {
    values.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

/// Whether a setting changes how emails are sent.
fn is_about_sending(name: &str) -> bool {
    name == "mail.from" || name.starts_with("mail.smtp.")
}

/// The change for the audit log. The value of a secret is only "(set)" in both.
fn detail(before: &Config, after: &Config, name: &str) -> String {
    let line = |config: &Config| {
        let is_meant = |line: &&Described| line.name == name;
        config.describe().iter().find(is_meant).map_or_else(String::new, |line| line.value.clone())
    };
    format!("{name}: {} → {}", line(before), line(after))
}
