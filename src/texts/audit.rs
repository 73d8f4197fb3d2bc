//! What happened, in words: the rows of the audit.

use super::Lang;

texts! {
    did_log_in() = "Logged in" | "Angemeldet";
    did_fail() = "Login failed" | "Anmeldung fehlgeschlagen";
    did_create() = "Account created" | "Konto erstellt";
    did_set_password() = "Password set by an administrator" | "Passwort von einem Administrator gesetzt";
    did_confirm() = "Email address confirmed" | "E-Mail-Adresse bestätigt";
    did_unconfirm() = "Email address marked as unconfirmed" | "E-Mail-Adresse als unbestätigt markiert";
    did_activate() = "Activated" | "Aktiviert";
    did_deactivate() = "Deactivated" | "Deaktiviert";
    did_make_admin() = "Made administrator" | "Zum Administrator gemacht";
    did_revoke_admin() = "Administrator rights removed" | "Administratorrechte entzogen";
    did_delete() = "Account deleted" | "Konto gelöscht";
    did_sign_in() = "Signed in to the admin" | "In der Verwaltung angemeldet";
    did_sign_out() = "Signed out of the admin" | "Von der Verwaltung abgemeldet";
    did_refuse() = "Admin access denied: not an administrator" | "Zugang zur Verwaltung verweigert: kein Administrator";
    did_prove() = "Re-authenticated with password" | "Passwort erneut bestätigt";
    did_export() = "List exported" | "Liste exportiert";
    did_back_up() = "Backup created" | "Sicherung erstellt";
    did_register() = "Registered" | "Registriert";
    did_change_password() = "Password changed" | "Passwort geändert";
    did_rename() = "Username changed" | "Benutzername geändert";
    did_change_email() = "Email address changed" | "E-Mail-Adresse geändert";
    did_refresh() = "Token refreshed" | "Token erneuert";
    did_reuse() = "Refresh token reused; session ended"
        | "Refresh-Token wiederverwendet; Sitzung beendet";
    did_blacklist() = "Token blacklisted" | "Token gesperrt";
    did_log_out() = "Logged out" | "Abgemeldet";
    did_log_out_everywhere() = "Logged out everywhere" | "Überall abgemeldet";
    did_end_session() = "Session ended" | "Sitzung beendet";
    did_register_again() = "Registration attempted with this email address" | "Registrierungsversuch mit dieser E-Mail-Adresse";
    did_miss_old_password() = "Wrong current password" | "Falsches aktuelles Passwort";
    did_retry_mail() = "Email retried" | "E-Mail erneut versucht";
    did_drop_mail() = "Email dropped" | "E-Mail verworfen";
    did_test_mail() = "Test email attempted" | "Test-E-Mail versucht";
    did_fail_to_leave() = "Account deletion failed: wrong password" | "Kontolöschung fehlgeschlagen: falsches Passwort";
    did_ask_confirmation() = "Confirmation email requested" | "Bestätigungs-E-Mail angefordert";
    did_ask_reset() = "Password reset requested" | "Zurücksetzen des Passworts angefordert";
    did_make_reset_link() = "Password reset link created" | "Link zum Zurücksetzen des Passworts erstellt";
    did_reset_password() = "Password reset with a link" | "Passwort über einen Link zurückgesetzt";
    did_restore_email() = "Email address change undone" | "Änderung der E-Mail-Adresse rückgängig gemacht";
    did_end_sessions() = "All sessions ended" | "Alle Sitzungen beendet";
    did_withdraw_invite() = "Invitation withdrawn" | "Einladung zurückgezogen";
    did_invite() = "Invited" | "Eingeladen";
    audit_who() = "Username, email address, or ID such as #7" | "Benutzername, E-Mail-Adresse oder ID wie #7";
    audit_address() = "IP address, or its beginning (10.0.0.)" | "IP-Adresse oder ihr Anfang (10.0.0.)";
    audit_from() = "From date (UTC)" | "Von Datum (UTC)";
    audit_to() = "To date (UTC)" | "Bis Datum (UTC)";
    audit_clear() = "Clear filters" | "Filter zurücksetzen";
    audit_nothing() = "No matching entries" | "Keine passenden Einträge";
    audit_nothing_hint() = "Try fewer filters or other dates." | "Versuchen Sie weniger Filter oder andere Daten.";
    audit_nobody() = "No user has this name. Find deleted users by their ID, such as #7."
        | "Kein Benutzer hat diesen Namen. Gelöschte Benutzer finden Sie über ihre ID, etwa #7.";
    audit_number(id) = "#{id}" | "#{id}";
    audit_deleted() = "deleted" | "gelöscht";
    audit_all_of_user() = "All entries about this user" | "Alle Einträge zu diesem Benutzer";
    audit_chained[n] = "Tamper-evident log: 1 entry", "Tamper-evident log: {n} entries" | "Protokoll mit Manipulationserkennung: 1 Eintrag", "Protokoll mit Manipulationserkennung: {n} Einträge";
    audit_last_seal() = "latest hash" | "neuester Hash";
    audit_chain_lead() = "Each entry contains a hash of itself and of the entry before it, so that a changed or removed entry is detected."
        | "Jeder Eintrag enthält einen Hash über sich und den vorherigen Eintrag, sodass ein geänderter oder entfernter Eintrag erkannt wird.";
    audit_last_entry() = "Latest entry in the chain:" | "Neuester Eintrag der Kette:";
    audit_chain_note() = "Store this command in another place. Run later on the server, it verifies that all entries up to this one are unchanged:"
        | "Bewahren Sie diesen Befehl an einem anderen Ort auf. Später auf dem Server ausgeführt, prüft er, ob alle Einträge bis hierher unverändert sind:";
    by_mail_link() = "a link in an email" | "ein Link in einer E-Mail";
    by_anonymous() = "anonymous" | "anonym";
    by_user() = "the user" | "der Benutzer";
    by_administrator() = "administrator" | "Administrator";
    by_command_line() = "command line" | "Kommandozeile";
    by_setup_link() = "setup link" | "Einrichtungslink";
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
