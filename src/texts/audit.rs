//! What happened, in words: the rows of the audit.

use super::Lang;

texts! {
    did_log_in() = "Logged in" | "Angemeldet";
    did_fail() = "Failed to log in" | "Anmeldung misslungen";
    did_create() = "Account added" | "Konto angelegt";
    did_set_password() = "Password set by somebody else" | "Passwort von jemand anderem gesetzt";
    did_confirm() = "Email confirmed" | "E-Mail bestätigt";
    did_unconfirm() = "Email marked as unconfirmed" | "Bestätigung der E-Mail zurückgenommen";
    did_activate() = "Activated" | "Aktiviert";
    did_deactivate() = "Deactivated" | "Deaktiviert";
    did_make_admin() = "Made administrator" | "Zum Administrator gemacht";
    did_revoke_admin() = "Administrator rights removed" | "Administratorrechte entzogen";
    did_delete() = "Deleted" | "Gelöscht";
    did_sign_in() = "Signed in to the admin" | "In der Verwaltung angemeldet";
    did_sign_out() = "Signed out of the admin" | "Von der Verwaltung abgemeldet";
    did_refuse() = "Refused at the admin: not an administrator" | "An der Verwaltung abgewiesen: kein Administrator";
    did_prove() = "Password typed again" | "Passwort noch einmal eingegeben";
    did_export() = "A list was downloaded" | "Eine Liste wurde geladen";
    did_back_up() = "A backup was made" | "Eine Sicherung wurde gemacht";
    did_register() = "Registered" | "Registriert";
    did_change_password() = "Password changed" | "Passwort geändert";
    did_rename() = "Username changed" | "Benutzername geändert";
    did_change_email() = "Email changed" | "E-Mail geändert";
    did_refresh() = "Token renewed" | "Token erneuert";
    did_reuse() = "A spent token was used again; its session ended"
        | "Ein verbrauchter Token wurde noch einmal benutzt; seine Sitzung ist beendet";
    did_blacklist() = "Token given back" | "Token zurückgegeben";
    did_log_out() = "Logged out" | "Abgemeldet";
    did_log_out_everywhere() = "Logged out everywhere" | "Überall abgemeldet";
    did_end_session() = "A session was ended" | "Eine Sitzung wurde beendet";
    did_register_again() = "Somebody tried to register with this email" | "Jemand wollte sich mit dieser E-Mail registrieren";
    did_miss_old_password() = "The old password was wrong" | "Das alte Passwort war falsch";
    did_retry_mail() = "A mail was tried again" | "Eine Mail wurde noch einmal versucht";
    did_drop_mail() = "A mail was dropped" | "Eine Mail wurde verworfen";
    did_test_mail() = "A test mail was tried" | "Eine Testmail wurde versucht";
    did_fail_to_leave() = "Failed to delete their own account" | "Löschen des eigenen Kontos misslungen";
    did_ask_confirmation() = "Confirmation mail requested" | "Mail zur Bestätigung erbeten";
    did_ask_reset() = "Password reset requested" | "Mail zum Zurücksetzen des Passworts erbeten";
    did_make_reset_link() = "Password reset link made" | "Link zum Zurücksetzen des Passworts gemacht";
    did_reset_password() = "Password reset by mail" | "Passwort per Mail zurückgesetzt";
    did_restore_email() = "Email change undone" | "Änderung der E-Mail zurückgenommen";
    did_end_sessions() = "All sessions were ended" | "Alle Sitzungen wurden beendet";
    did_withdraw_invite() = "Invitation withdrawn" | "Einladung zurückgezogen";
    did_invite() = "Invited" | "Eingeladen";
    audit_who() = "A username, an email, or a number such as #7" | "Ein Benutzername, eine E-Mail oder eine Nummer wie #7";
    audit_address() = "Address, or its beginning (10.0.0.)" | "Adresse oder ihr Anfang (10.0.0.)";
    audit_from() = "From the day (UTC)" | "Vom Tag (UTC)";
    audit_to() = "To the day (UTC)" | "Bis zum Tag (UTC)";
    audit_clear() = "Clear filters" | "Alles zeigen";
    audit_nothing() = "No entry matches" | "Kein Eintrag passt";
    audit_nothing_hint() = "Try fewer filters, or other days." | "Versuchen Sie weniger Filter oder andere Tage.";
    audit_nobody() = "No user has this name. Deleted users are found by their number, such as #7."
        | "So heißt niemand. Gelöschte Benutzer findet man mit ihrer Nummer, etwa #7.";
    audit_number(id) = "#{id}" | "#{id}";
    audit_deleted() = "deleted" | "gelöscht";
    audit_all_of_user() = "All entries about this user" | "Alle Einträge zu diesem Benutzer";
    audit_chained[n] = "One entry is chained", "{n} entries are chained" | "Ein Eintrag ist verkettet", "{n} Einträge sind verkettet";
    audit_last_seal() = "the last seal is" | "das letzte Siegel ist";
    audit_chain_lead() = "Each entry carries a hash over itself and the entry before it, so that none can be altered or removed without that being found."
        | "Jeder Eintrag trägt einen Hash über sich und den Eintrag davor, sodass keiner unbemerkt geändert oder entfernt werden kann.";
    audit_last_entry() = "Last entry in the chain:" | "Letzter Eintrag der Kette:";
    audit_chain_note() = "Note this line down somewhere else; run on the machine at any later time, it shows whether all up to here is still as it was:"
        | "Notieren Sie diese Zeile anderswo; zu jeder späteren Zeit auf der Maschine ausgeführt, zeigt sie, ob alles bis hierher noch so ist, wie es war:";
    by_mail_link() = "a link in a mail" | "ein Link in einer Mail";
    by_anonymous() = "somebody unknown" | "jemand Unbekanntes";
    by_user() = "the user" | "der Benutzer selbst";
    by_administrator() = "an administrator" | "ein Administrator";
    by_command_line() = "the command line" | "die Kommandozeile";
    by_setup_link() = "the set-up link" | "der Einrichtungslink";
}

impl Lang {
    /// A row's action; one that is younger than this list, by the word in the table.
    #[must_use]
    pub fn action(self, action: &str) -> &str {
        match action {
            "logged-in" => self.did_log_in(),
            "login-failed" => self.did_fail(),
            "created" => self.did_create(),
            "password-set" => self.did_set_password(),
            "email-confirmed" => self.did_confirm(),
            "email-unconfirmed" => self.did_unconfirm(),
            "activated" => self.did_activate(),
            "deactivated" => self.did_deactivate(),
            "made-admin" => self.did_make_admin(),
            "admin-revoked" => self.did_revoke_admin(),
            "deleted" => self.did_delete(),
            "signed-in" => self.did_sign_in(),
            "signed-out" => self.did_sign_out(),
            "admin-refused" => self.did_refuse(),
            "password-proven" => self.did_prove(),
            "exported" => self.did_export(),
            "backed-up" => self.did_back_up(),
            "registered" => self.did_register(),
            "password-changed" => self.did_change_password(),
            "renamed" => self.did_rename(),
            "email-changed" => self.did_change_email(),
            "refreshed" => self.did_refresh(),
            "refresh-reused" => self.did_reuse(),
            "blacklisted" => self.did_blacklist(),
            "logged-out" => self.did_log_out(),
            "logged-out-everywhere" => self.did_log_out_everywhere(),
            "session-ended" => self.did_end_session(),
            "registered-again" => self.did_register_again(),
            "old-password-wrong" => self.did_miss_old_password(),
            "mail-retried" => self.did_retry_mail(),
            "mail-dropped" => self.did_drop_mail(),
            "mail-tested" => self.did_test_mail(),
            "leaving-failed" => self.did_fail_to_leave(),
            "confirmation-asked" => self.did_ask_confirmation(),
            "reset-asked" => self.did_ask_reset(),
            "reset-link-made" => self.did_make_reset_link(),
            "password-reset" => self.did_reset_password(),
            "email-restored" => self.did_restore_email(),
            "sessions-ended" => self.did_end_sessions(),
            "invite-withdrawn" => self.did_withdraw_invite(),
            "invited" => self.did_invite(),
            other => other,
        }
    }

    /// The kind of a row's actor.
    #[must_use]
    pub fn actor(self, actor: &str) -> &str {
        match actor {
            "anonymous" => self.by_anonymous(),
            "user" => self.by_user(),
            "administrator" => self.by_administrator(),
            "command-line" => self.by_command_line(),
            "setup-link" => self.by_setup_link(),
            "mail-link" => self.by_mail_link(),
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_the_audit_has_its_text() {
        let actions = include_str!("../store/tables/audit/action.rs");
        let words: Vec<&str> = actions
            .lines()
            .filter(|line| line.ends_with("\",") && line.contains(" = \""))
            .filter_map(|line| line.split('"').nth(1))
            .collect();
        assert!(words.len() > 30, "{words:?}");
        for word in words {
            assert_ne!(Lang::English.action(word), word, "has no text");
        }
    }
}
