//! The audit log: actions, actors, filters.

use super::Lang;

texts! {
    live_one() = "1 new entry in the audit log since this page was loaded." | "1 neuer Eintrag im Protokoll, seit diese Seite geladen wurde.";
    live_many() = "{n} new entries in the audit log since this page was loaded."
        | "{n} neue Einträge im Protokoll, seit diese Seite geladen wurde.";
    live_load() = "Load again" | "Neu laden";
    event_begin_view() = "Account pages viewed by an administrator" | "Kontoseiten von einem Administrator angesehen";
    event_end_view() = "View of the account pages ended" | "Ansicht der Kontoseiten beendet";
    event_end_others() = "All other sessions ended" | "Alle anderen Sitzungen beendet";
    event_log_in() = "Logged in" | "Angemeldet";
    event_login_failed() = "Login failed" | "Anmeldung fehlgeschlagen";
    event_breached_password() = "Used a password that is known from a data breach"
        | "Passwort verwendet, das aus einem Datenleck bekannt ist";
    event_wrapped() = "Weak password hash wrapped in a stronger one" | "Schwachen Passwort-Hash in einen stärkeren eingebettet";
    event_rehash() = "Password hash replaced by a stronger one" | "Passwort-Hash durch einen stärkeren ersetzt";
    event_create() = "Account created" | "Konto erstellt";
    event_set_password() = "Password set by an administrator" | "Passwort von einem Administrator gesetzt";
    event_confirm() = "Email address confirmed" | "E-Mail-Adresse bestätigt";
    event_unconfirm() = "Email address marked as unconfirmed" | "E-Mail-Adresse als unbestätigt markiert";
    event_activate() = "Activated" | "Aktiviert";
    event_deactivate() = "Deactivated" | "Deaktiviert";
    event_make_admin() = "Made administrator" | "Zum Administrator gemacht";
    event_revoke_admin() = "Administrator rights removed" | "Administratorrechte entzogen";
    event_delete() = "Account deleted" | "Konto gelöscht";
    event_undo_bulk() = "Bulk action undone" | "Sammelaktion rückgängig gemacht";
    event_stop_bulk() = "Bulk action stopped" | "Sammelaktion angehalten";
    bulk_only_entries(id) = "Only entries of bulk action #{id}" | "Nur Einträge der Sammelaktion #{id}";
    event_request_deletion() = "Deletion requested" | "Löschung angefordert";
    event_cancel_deletion() = "Deletion cancelled" | "Löschung zurückgenommen";
    event_sign_in() = "Signed in to the admin" | "In der Verwaltung angemeldet";
    event_sign_out() = "Signed out of the admin" | "Von der Verwaltung abgemeldet";
    event_refuse() = "Admin access denied: not an administrator" | "Zugang zur Verwaltung verweigert: kein Administrator";
    event_reauthenticate() = "Re-authenticated with password" | "Passwort erneut bestätigt";
    event_export() = "Data exported" | "Daten exportiert";
    event_back_up() = "Backup created" | "Sicherung erstellt";
    event_export_key() = "Signing key exported" | "Signaturschlüssel exportiert";
    event_api_key_created() = "API key created" | "API-Schlüssel erstellt";
    event_api_key_revoked() = "API key revoked" | "API-Schlüssel widerrufen";
    event_key_published() = "Signing key published" | "Signaturschlüssel veröffentlicht";
    event_key_imported() = "Signing key imported" | "Signaturschlüssel importiert";
    event_key_activated() = "Signing key replaced" | "Signaturschlüssel gewechselt";
    event_key_ended() = "Signing key ended" | "Signaturschlüssel abgelaufen";
    event_key_revoked() = "Signing key revoked; its tokens are refused"
        | "Signaturschlüssel widerrufen; seine Tokens werden abgelehnt";
    event_register() = "Registered" | "Registriert";
    event_change_password() = "Password changed" | "Passwort geändert";
    event_rename() = "Username changed" | "Benutzername geändert";
    event_change_email() = "Email address changed" | "E-Mail-Adresse geändert";
    event_change_groups() = "Groups changed" | "Gruppen geändert";
    event_delete_group() = "Group deleted" | "Gruppe gelöscht";
    event_refresh() = "Token refreshed" | "Token erneuert";
    event_reuse() = "Refresh token reused; session ended"
        | "Refresh-Token wiederverwendet; Sitzung beendet";
    event_blacklist() = "Token blacklisted" | "Token gesperrt";
    event_log_out() = "Logged out" | "Abgemeldet";
    event_log_out_everywhere() = "Logged out everywhere" | "Überall abgemeldet";
    event_end_session() = "Session ended" | "Sitzung beendet";
    event_register_again() = "Registration attempted with this email address" | "Registrierungsversuch mit dieser E-Mail-Adresse";
    event_wrong_password() = "Wrong current password" | "Falsches aktuelles Passwort";
    event_retry_mail() = "Email retried" | "E-Mail erneut versucht";
    event_drop_mail() = "Email dropped" | "E-Mail verworfen";
    event_mail_text_edited() = "Email text edited" | "E-Mail-Text bearbeitet";
    event_mail_text_reset() = "Email text reset to the original" | "E-Mail-Text auf das Original zurückgesetzt";
    event_sign_in_disowned() = "Sign-in reported by the user: “This was not me”" | "Anmeldung vom Benutzer gemeldet: „Das war ich nicht“";
    event_invite_link_made() = "Invitation link created" | "Einladungslink erstellt";
    event_test_mail() = "Test email attempted" | "Test-E-Mail versucht";
    event_own_deletion_failed() = "Account deletion failed: wrong password" | "Kontolöschung fehlgeschlagen: falsches Passwort";
    event_ask_confirmation() = "Confirmation email requested" | "Bestätigungs-E-Mail angefordert";
    event_ask_reset() = "Password reset requested" | "Zurücksetzen des Passworts angefordert";
    event_make_reset_link() = "Password reset link created" | "Link zum Zurücksetzen des Passworts erstellt";
    event_reset_password() = "Password reset with a link" | "Passwort über einen Link zurückgesetzt";
    event_restore_email() = "Email address change undone" | "Änderung der E-Mail-Adresse rückgängig gemacht";
    event_end_sessions() = "All sessions ended" | "Alle Sitzungen beendet";
    event_withdraw_invite() = "Invitation withdrawn" | "Einladung zurückgezogen";
    event_unblock() = "Rate limits cleared" | "Begrenzungen aufgehoben";
    event_invite() = "Invited" | "Eingeladen";
    event_change_setting() = "Setting changed" | "Einstellung geändert";
    event_dismiss_step() = "Set-up step dismissed" | "Einrichtungsschritt ausgeblendet";
    event_trim() = "Old entries deleted" | "Alte Einträge gelöscht";
    audit_let_go[n] = "1 older entry was let go as audit.keep says, the last time", "{n} older entries were let go as audit.keep says, the last time"
        | "1 älterer Eintrag wurde gemäß audit.keep gelöscht, zuletzt", "{n} ältere Einträge wurden gemäß audit.keep gelöscht, zuletzt";
    audit_user_hint() = "Part of a username or email address, or ID such as #7" | "Teil eines Benutzernamens oder einer E-Mail-Adresse oder ID wie #7";
    audit_all() = "All" | "Alle";
    audit_changes() = "Changes" | "Änderungen";
    audit_sign_ins() = "Sign-ins" | "Anmeldungen";
    audit_failures() = "Failures" | "Fehlschläge";
    audit_any_time() = "Any time" | "Jederzeit";
    audit_today() = "Today" | "Heute";
    audit_7_days() = "7 days" | "7 Tage";
    audit_30_days() = "30 days" | "30 Tage";
    audit_kind_label() = "Kind of entries" | "Art der Einträge";
    audit_period_label() = "Period" | "Zeitraum";
    audit_by() = "By (user)" | "Von (Benutzer)";
    audit_about() = "About (user)" | "Über (Benutzer)";
    audit_matching_users[n] = "1 user contains", "{n} users contain" | "1 Benutzer enthält", "{n} Benutzer enthalten";
    audit_matching_at_least[n] = "More than 1 user contains", "More than {n} users contain" | "Mehr als 1 Benutzer enthält", "Mehr als {n} Benutzer enthalten";
    audit_named(count, typed) = "{count} “{typed}”:" | "{count} „{typed}“:";
    audit_times_in(zone) = "Times in {zone}" | "Zeiten in {zone}";
    zone_change() = "Change time zone" | "Zeitzone ändern";
    zone_heading() = "Time zone" | "Zeitzone";
    zone_lead() = "For dates on these pages, in this browser." | "Für Daten auf diesen Seiten, in diesem Browser.";
    zone_label() = "Time zone" | "Zeitzone";
    zone_default(zone) = "As in the settings: {zone}" | "Wie in den Einstellungen: {zone}";
    zone_save() = "Save" | "Speichern";
    audit_address() = "IP address, or its beginning (10.0.0.)" | "IP-Adresse oder ihr Anfang (10.0.0.)";
    audit_from() = "From date" | "Von Datum";
    audit_to() = "To date" | "Bis Datum";
    audit_personal_data() = "personal data" | "personenbezogene Daten";
    audit_without_mail(due) = "{due}, without a mail" | "{due}, ohne E-Mail";
    audit_one_of_many() = "one of many: one a minute is recorded" | "eines von vielen: eines pro Minute wird erfasst";
    audit_repeated(count) = "and {count} times since the entry before" | "und {count}-mal seit dem Eintrag davor";
    audit_only_these() = "Only this event" | "Nur dieses Ereignis";
    audit_clear() = "Clear filters" | "Filter zurücksetzen";
    audit_nothing() = "No matching entries" | "Keine passenden Einträge";
    audit_nothing_hint() = "Try fewer filters or other dates." | "Versuchen Sie weniger Filter oder andere Daten.";
    audit_unknown_user() = "No user has this name. Find deleted users by their ID, such as #7."
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
    by_mail_link() = "a one-time link" | "ein einmaliger Link";
    by_anonymous() = "anonymous" | "anonym";
    by_user() = "the user" | "der Benutzer";
    by_administrator() = "administrator" | "Administrator";
    by_command_line() = "command line" | "Kommandozeile";
    by_api_key() = "API key" | "API-Schlüssel";
    by_server() = "doorward" | "doorward";
    by_setup_link() = "setup link" | "Einrichtungslink";
}

impl Lang {
    /// How many users were found for a part of a name.
    #[must_use]
    pub fn audit_matching(self, count: usize, typed: &str) -> String {
        self.audit_named(self.audit_matching_users(count), typed)
    }

    /// As [`Lang::audit_matching`], if there are more than are looked at.
    #[must_use]
    pub fn audit_matching_more(self, count: usize, typed: &str) -> String {
        self.audit_named(self.audit_matching_at_least(count), typed)
    }

    /// The action of a row. An action of a later version is shown by its name in the table.
    #[must_use]
    pub fn action(self, action: &str) -> &str {
        match action {
            "logged-in" => self.event_log_in(),
            "login-failed" => self.event_login_failed(),
            "password-rehashed" => self.event_rehash(),
            "password-wrapped" => self.event_wrapped(),
            "breached-password" => self.event_breached_password(),
            "created" => self.event_create(),
            "password-set" => self.event_set_password(),
            "email-confirmed" => self.event_confirm(),
            "email-unconfirmed" => self.event_unconfirm(),
            "activated" => self.event_activate(),
            "deactivated" => self.event_deactivate(),
            "made-admin" => self.event_make_admin(),
            "admin-revoked" => self.event_revoke_admin(),
            "deleted" => self.event_delete(),
            "bulk-undone" => self.event_undo_bulk(),
            "bulk-stopped" => self.event_stop_bulk(),
            "deletion-requested" => self.event_request_deletion(),
            "deletion-cancelled" => self.event_cancel_deletion(),
            "signed-in" => self.event_sign_in(),
            "signed-out" => self.event_sign_out(),
            "admin-refused" => self.event_refuse(),
            "password-proven" => self.event_reauthenticate(),
            "exported" => self.event_export(),
            "backed-up" => self.event_back_up(),
            "registered" => self.event_register(),
            "password-changed" => self.event_change_password(),
            "renamed" => self.event_rename(),
            "email-changed" => self.event_change_email(),
            "groups-changed" => self.event_change_groups(),
            "group-deleted" => self.event_delete_group(),
            "refreshed" => self.event_refresh(),
            "refresh-reused" => self.event_reuse(),
            "blacklisted" => self.event_blacklist(),
            "logged-out" => self.event_log_out(),
            "logged-out-everywhere" => self.event_log_out_everywhere(),
            "session-ended" => self.event_end_session(),
            "registered-again" => self.event_register_again(),
            "old-password-wrong" => self.event_wrong_password(),
            "sign-in-disowned" => self.event_sign_in_disowned(),
            "leaving-failed" => self.event_own_deletion_failed(),
            "confirmation-asked" => self.event_ask_confirmation(),
            "reset-asked" => self.event_ask_reset(),
            "reset-link-made" => self.event_make_reset_link(),
            "password-reset" => self.event_reset_password(),
            "email-restored" => self.event_restore_email(),
            "setting-changed" => self.event_change_setting(),
            "step-dismissed" => self.event_dismiss_step(),
            "sessions-ended" => self.event_end_sessions(),
            "other-sessions-ended" => self.event_end_others(),
            "view-begun" => self.event_begin_view(),
            "view-ended" => self.event_end_view(),
            "trimmed" => self.event_trim(),
            "unblocked" => self.event_unblock(),
            other => self.key_action(other),
        }
    }

    /// The action of a row about signing keys and API keys.
    fn key_action(self, action: &str) -> &str {
        match action {
            "key-exported" => self.event_export_key(),
            "key-published" => self.event_key_published(),
            "key-imported" => self.event_key_imported(),
            "key-activated" => self.event_key_activated(),
            "key-ended" => self.event_key_ended(),
            "key-revoked" => self.event_key_revoked(),
            "api-key-created" => self.event_api_key_created(),
            "api-key-revoked" => self.event_api_key_revoked(),
            other => self.import_action(other),
        }
    }

    /// The action of a row about imports.
    fn import_action(self, action: &str) -> &str {
        match action {
            "imported" => self.event_imported(),
            "import-started" => self.event_import_started(),
            other => self.mail_action(other),
        }
    }

    /// The action of a row about emails and invitations.
    fn mail_action(self, action: &str) -> &str {
        match action {
            "mail-retried" => self.event_retry_mail(),
            "mail-dropped" => self.event_drop_mail(),
            "mail-text-edited" => self.event_mail_text_edited(),
            "mail-text-reset" => self.event_mail_text_reset(),
            "invite-link-made" => self.event_invite_link_made(),
            "mail-tested" => self.event_test_mail(),
            "invite-withdrawn" => self.event_withdraw_invite(),
            "invited" => self.event_invite(),
            other => other,
        }
    }

    /// The kind of actor of a row.
    #[must_use]
    pub fn actor(self, actor: &str) -> &str {
        match actor {
            "anonymous" => self.by_anonymous(),
            "user" => self.by_user(),
            "administrator" => self.by_administrator(),
            "command-line" => self.by_command_line(),
            "setup-link" => self.by_setup_link(),
            "mail-link" => self.by_mail_link(),
            "server" => self.by_server(),
            other if other.starts_with("api-key:") => self.by_api_key(),
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
