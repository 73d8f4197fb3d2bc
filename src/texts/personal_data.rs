//! A person's data: the page with all that is stored about one user.

use super::Lang;

texts! {
    nav_data() = "Your data" | "Ihre Daten";
    your_data() = "Your data" | "Ihre Daten";
    your_data_lead(site) = "Everything that {site} stores here about your account: to read, to print or as a file for other programs."
        | "Alles, was {site} hier zu Ihrem Konto speichert: zum Lesen, zum Drucken oder als Datei für andere Programme.";
    delete_own() = "Delete your account" | "Konto löschen";
    delete_own_lead(site) = "Your account at {site} and all data about it are deleted."
        | "Ihr Konto bei {site} und alle Daten dazu werden gelöscht.";
    delete_own_is_final() = "This can’t be undone." | "Das kann nicht rückgängig gemacht werden.";
    delete_own_submit() = "Delete my account" | "Mein Konto löschen";
    delete_own_waits(wait) = "You are signed out everywhere at once, and the account can no longer be used. It is deleted after this time: {wait}. Until then an administrator can take the deletion back."
        | "Sie werden sofort überall abgemeldet, und das Konto kann nicht mehr benutzt werden. Gelöscht wird es nach dieser Zeit: {wait}. Bis dahin kann ein Administrator die Löschung zurücknehmen.";
    delete_wait(span, day) = "{span} (until {day})" | "{span} (bis {day})";
    own_to_be_deleted() = "Account locked" | "Konto gesperrt";
    own_to_be_deleted_lead(wait) = "Your account can no longer be used and is deleted after this time: {wait}. To keep the account, contact an administrator before then."
        | "Ihr Konto kann nicht mehr benutzt werden und wird nach dieser Zeit gelöscht: {wait}. Wenn Sie das Konto behalten möchten, wenden Sie sich vorher an einen Administrator.";
    own_deleted() = "Account deleted" | "Konto gelöscht";
    own_deleted_lead() = "Your account no longer exists."
        | "Ihr Konto besteht nicht mehr.";
    own_deletion_mail() = "A confirmation is sent to your email address." | "Eine Bestätigung wird an Ihre E-Mail-Adresse gesendet.";
    remains() = "What remains, and why:" | "Was bleibt und warum:";
    remains_audit() = "Audit log entries without your name, addresses and devices: they show that the log is complete."
        | "Protokolleinträge ohne Ihren Namen, Ihre Adressen und Geräte: Sie zeigen, dass das Protokoll vollständig ist.";
    remains_backups() = "Backups, until newer ones replace them: they protect everyone’s accounts from loss."
        | "Sicherungen, bis neuere sie ersetzen: Sie schützen die Konten aller vor Verlust.";
    remains_logs() = "IP addresses in server logs, for a limited time: they help to find faults and attacks."
        | "IP-Adressen in Serverprotokollen, für begrenzte Zeit: Sie helfen, Fehler und Angriffe zu finden.";
    remains_digest() = "The number of the account, and digests of its time of creation and its email address, for a limited time: so that a restored backup does not bring the account back."
        | "Die Nummer des Kontos und Prüfsummen seiner Entstehungszeit und seiner E-Mail-Adresse, für begrenzte Zeit: damit eine wiederhergestellte Sicherung das Konto nicht zurückbringt.";
    remains_mail() = "The email about the deletion with your address in the outbox, for a limited time: to find out whether it was delivered."
        | "Die E-Mail über die Löschung mit Ihrer Adresse im Postausgang, für begrenzte Zeit: um festzustellen, ob sie zugestellt wurde.";
    remains_site(site) = "What {site} itself stores about you outside this account: ask {site}."
        | "Was {site} selbst außerhalb dieses Kontos über Sie speichert: Wenden Sie sich an {site}.";
    data_of(name) = "Data of {name}" | "Daten von {name}";
    data_title() = "Personal data" | "Persönliche Daten";
    data_lead(when) = "Everything that is stored about this account, as of {when}. Passwords and keys are stored only as hashes and are not included."
        | "Alles, was zu diesem Konto gespeichert ist, Stand {when}. Passwörter und Schlüssel sind nur als Hashwerte gespeichert und nicht enthalten.";
    data_recorded() = "This export is recorded in the audit log." | "Dieser Export wird im Protokoll erfasst.";
    data_download() = "Download as JSON" | "Als JSON herunterladen";
    data_print_hint() = "To keep this page, print it or save it as a PDF." | "Um diese Seite aufzubewahren, drucken oder speichern Sie sie als PDF.";
    data_none() = "Nothing stored." | "Nichts gespeichert.";
    data_more[n] = "1 older entry is in the JSON file.", "{n} older entries are in the JSON file."
        | "1 älterer Eintrag steht in der JSON-Datei.", "{n} ältere Einträge stehen in der JSON-Datei.";
    act_show_data() = "Show all data" | "Alle Daten anzeigen";
    data_account() = "Account" | "Konto";
    data_admin_sessions() = "Sessions in the admin" | "Sitzungen in der Verwaltung";
    data_known_addresses() = "Known networks" | "Bekannte Netzwerke";
    data_emails() = "Emails" | "E-Mails";
    data_links() = "Open links" | "Offene Links";
    data_limits() = "Active limits" | "Aktive Begrenzungen";
    data_audit() = "Activity" | "Verlauf";
    data_network() = "Network" | "Netzwerk";
    data_last_used() = "Last used" | "Zuletzt benutzt";
    data_recipient() = "Recipient" | "Empfänger";
    data_written() = "Written" | "Geschrieben";
    data_ended() = "Ended" | "Beendet";
    data_kind() = "Type" | "Art";
    data_purpose() = "Purpose" | "Zweck";
    data_limit() = "Limit" | "Begrenzung";
    data_until() = "Until" | "Bis";
    data_created() = "Created" | "Erstellt";
    data_details() = "Details" | "Einzelheiten";
    data_actor_id() = "By (ID)" | "Durch (ID)";
    data_subject_id() = "User (ID)" | "Benutzer (ID)";
    data_entry() = "Entry" | "Eintrag";
    data_active() = "Active" | "Aktiv";
    data_deletion_due() = "To be deleted at" | "Wird gelöscht am";
    data_chosen_language() = "Chosen language" | "Gewählte Sprache";
    data_client_language() = "Language of the browser" | "Sprache des Browsers";
    data_bulk() = "Bulk action" | "Sammelaktion";
    limit_logins() = "Failed logins" | "Fehlgeschlagene Anmeldungen";
    limit_guesses() = "Wrong passwords" | "Falsche Passwörter";
    limit_own_password() = "Wrong passwords while signed in" | "Falsche Passwörter bei bestehender Anmeldung";
    limit_registration() = "Registrations" | "Registrierungen";
    limit_email_change() = "Changes of the email address" | "Änderungen der E-Mail-Adresse";
    limit_name_change() = "Changes of the username" | "Änderungen des Benutzernamens";
    limit_password_change() = "Changes of the password" | "Änderungen des Passworts";
    limit_refresh() = "Token refreshes" | "Token-Erneuerungen";
    limit_mails() = "Emails" | "E-Mails";
    purpose_confirm() = "Confirm the email address" | "E-Mail-Adresse bestätigen";
    purpose_undo() = "Undo the email address change" | "Änderung der E-Mail-Adresse rückgängig machen";
    purpose_reset() = "Choose a new password" | "Neues Passwort wählen";
    purpose_not_me() = "End all sessions after an unknown sign-in" | "Nach unbekannter Anmeldung alle Sitzungen beenden";
    purpose_invite() = "Invitation" | "Einladung";
    data_recovery() = "Recovery email address" | "Wiederherstellungsadresse";
}

impl Lang {
    /// The heading of a part of a person's data, by its name in the JSON file.
    #[must_use]
    pub fn data_section(self, name: &str) -> String {
        let text = match name {
            "account" => self.data_account(),
            "sessions" => self.user_sessions(),
            "admin_sessions" => self.data_admin_sessions(),
            "known_addresses" => self.data_known_addresses(),
            "emails" => self.data_emails(),
            "links" => self.data_links(),
            "limits" => self.data_limits(),
            "audit" => self.data_audit(),
            other => return in_words(other),
        };
        text.to_owned()
    }

    /// The label of a value, by its name in the JSON file.
    #[must_use]
    pub fn data_label(self, name: &str) -> String {
        let text = match name {
            "id" => self.user_number(),
            "username" => self.username(),
            "email" => self.email(),
            "is_email_confirmed" => self.count_confirmed(),
            "recovery_email" => self.data_recovery(),
            "is_active" => self.data_active(),
            "is_admin" => self.add_admin(),
            "created_at" => self.data_created(),
            "updated_at" => self.user_changed(),
            "last_login_at" => self.user_last_login(),
            "started_at" => self.column_began(),
            "last_seen_at" => self.column_last_seen(),
            "expires_at" => self.column_expires(),
            "ended_at" => self.data_ended(),
            "address" => self.column_from(),
            "user_agent" => self.column_device(),
            "network" => self.data_network(),
            "last_used_at" => self.data_last_used(),
            "kind" => self.data_kind(),
            "recipient" => self.data_recipient(),
            "written_at" => self.data_written(),
            "purpose" => self.data_purpose(),
            "limit" => self.data_limit(),
            "until" => self.data_until(),
            "at" => self.column_when(),
            "action" => self.column_event(),
            "actor" => self.column_by(),
            "actor_id" => self.data_actor_id(),
            "subject" => self.column_user(),
            "subject_id" => self.data_subject_id(),
            "detail" => self.data_details(),
            "deletion_due_at" => self.data_deletion_due(),
            "chosen_language" => self.data_chosen_language(),
            "client_language" => self.data_client_language(),
            "bulk_id" => self.data_bulk(),
            "groups" => self.groups(),
            other => return in_words(other),
        };
        text.to_owned()
    }
}

impl Lang {
    /// What a rate limit counts, by its name in the JSON file.
    #[must_use]
    pub fn data_limit_name(self, name: &str) -> String {
        let text = match name {
            "account" | "account-hour" | "known" => self.limit_logins(),
            "guesses" | "guesses-unknown" => self.limit_guesses(),
            "old-password" => self.limit_own_password(),
            "registration" => self.limit_registration(),
            "email-change" => self.limit_email_change(),
            "name-change" => self.limit_name_change(),
            "password-change" => self.limit_password_change(),
            "refresh" => self.limit_refresh(),
            other => return self.mail_limit(other),
        };
        text.to_owned()
    }

    /// A limit of emails is named after the kind of the email, and how its receiver is known.
    fn mail_limit(self, name: &str) -> String {
        let kind = name.trim_end_matches("-known").trim_end_matches("-user");
        format!("{}: {}", self.limit_mails(), self.data_purpose_name(kind))
    }

    /// What a link is for, by its name in the JSON file.
    #[must_use]
    pub fn data_purpose_name(self, name: &str) -> String {
        let text = match name {
            "confirm-email" => self.purpose_confirm(),
            "undo-email" => self.purpose_undo(),
            "reset-password" => self.purpose_reset(),
            "not-me" | "new-place" => self.purpose_not_me(),
            "invite" => self.purpose_invite(),
            other => return in_words(other),
        };
        text.to_owned()
    }
}

/// `some_name` as "Some name".
fn in_words(name: &str) -> String {
    let words = name.replace(['_', '-'], " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_without_a_text_is_written_in_words() {
        assert_eq!(Lang::German.data_label("some_other_name"), "Some other name");
        assert_eq!(Lang::German.data_section(""), "");
    }
}
