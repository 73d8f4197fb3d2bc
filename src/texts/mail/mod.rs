//! The outbox: the list of emails, one email, and actions on it.

mod content;
mod failure;
mod new_place;
mod notice;
mod words;

use crate::texts::Lang;

texts! {
    mail_heading() = "Emails" | "E-Mails";
    mail_lead() = "All emails from doorward. Sent emails are deleted after a while."
        | "Alle E-Mails von doorward. Gesendete E-Mails werden nach einiger Zeit gelöscht.";
    mail_state() = "Status" | "Status";
    mail_to() = "Recipient (full email address)" | "Empfänger (vollständige E-Mail-Adresse)";
    mail_bad_address() = "Enter a valid email address." | "Geben Sie eine gültige E-Mail-Adresse ein.";
    mail_none_yet() = "No emails yet" | "Noch keine E-Mails";
    mail_none_yet_hint() = "An email is created when a user registers, for example. You can also send a test email."
        | "Eine E-Mail entsteht zum Beispiel, wenn sich ein Benutzer registriert. Sie können auch eine Test-E-Mail senden.";
    mail_no_match() = "No matching emails" | "Keine passenden E-Mails";
    mail_no_match_hint() = "Enter the full email address. Sent emails are deleted after a while."
        | "Geben Sie die vollständige E-Mail-Adresse ein. Gesendete E-Mails werden nach einiger Zeit gelöscht.";
    mail_show_all() = "Clear filters" | "Filter zurücksetzen";
    mail_newer() = "Newer" | "Neuere";
    mail_older() = "Older" | "Ältere";
    mail_pages() = "More emails" | "Weitere E-Mails";
    column_kind() = "Email" | "E-Mail";
    column_to() = "To" | "An";
    column_written() = "Created" | "Erstellt";
    column_tries() = "Attempts" | "Versuche";
    state_waiting() = "waiting" | "wartet";
    state_sending() = "sending" | "wird gesendet";
    state_sent() = "sent" | "gesendet";
    state_dead() = "failed" | "fehlgeschlagen";
    state_dropped() = "dropped" | "verworfen";
    kind_confirm_email() = "Email address confirmation" | "Bestätigung der E-Mail-Adresse";
    kind_email_changed() = "Email address changed" | "E-Mail-Adresse geändert";
    kind_email_changed_by_administrator() =
        "Email address changed by an administrator" | "E-Mail-Adresse von der Verwaltung geändert";
    kind_reset_password() = "Password reset" | "Zurücksetzen des Passworts";
    kind_password_changed() = "Password changed" | "Passwort geändert";
    kind_changed_by_administrator() = "Account changed by an administrator" | "Konto von einem Administrator geändert";
    kind_account_deleted() = "Deletion of the account" | "Löschung des Kontos";
    kind_already_registered() = "Registration attempt" | "Registrierungsversuch";
    kind_invite() = "Invitation" | "Einladung";
    kind_test() = "Test email" | "Test-E-Mail";
    kind_other() = "Email" | "E-Mail";
    mail_number(id) = "Email {id}" | "E-Mail {id}";
    mail_details() = "Details" | "Details";
    mail_about() = "User" | "Benutzer";
    mail_user() = "View user" | "Benutzer ansehen";
    mail_next_try() = "Next attempt" | "Nächster Versuch";
    mail_at_once() = "as soon as a mail server is available" | "sobald ein Mailserver verfügbar ist";
    mail_until() = "Sending until" | "Wird gesendet bis";
    mail_ended() = "Finished" | "Abgeschlossen";
    mail_last_error() = "Last error" | "Letzter Fehler";
    mail_may_help() = "Suggestion" | "Vorschlag";
    mail_headers() = "Headers" | "Kopfzeilen";
    mail_text() = "Plain text" | "Nur Text";
    mail_html() = "Preview" | "Vorschau";
    mail_html_frame() = "Email preview" | "E-Mail-Vorschau";
    mail_key_hidden() = "Links are disabled in this preview, and the secret key in them is hidden."
        | "Links sind in dieser Vorschau deaktiviert, und der geheime Schlüssel in ihnen ist verborgen.";
    mail_as_of_today() = "Shown with today’s settings and texts: the email that was sent may differ."
        | "Gezeigt mit den heutigen Einstellungen und Texten: Die gesendete E-Mail kann davon abweichen.";
    mail_render_failed(error) = "The email can’t be rendered: {error}" | "Die E-Mail kann nicht erzeugt werden: {error}";
    mail_key_gone() = "This email can’t be sent any more: its link no longer works. Send a new one from the user’s page, or ask the user to request one."
        | "Diese E-Mail kann nicht mehr gesendet werden: Ihr Link ist nicht mehr gültig. Senden Sie auf der Seite des Benutzers eine neue, oder bitten Sie den Benutzer, eine anzufordern.";
    mail_key_gone_invite() = "This email can’t be sent any more: its link no longer works. Send the invitation again under Open invitations."
        | "Diese E-Mail kann nicht mehr gesendet werden: Ihr Link ist nicht mehr gültig. Senden Sie die Einladung unter „Offene Einladungen“ erneut.";
    mail_key_gone_for_good() = "This email can’t be sent any more: its link no longer works."
        | "Diese E-Mail kann nicht mehr gesendet werden: Ihr Link ist nicht mehr gültig.";
    act_retry_mail() = "Retry now" | "Jetzt erneut versuchen";
    act_drop_mail() = "Drop…" | "Verwerfen…";
    drop_mail_heading(to) = "Drop the email to {to}?" | "E-Mail an {to} verwerfen?";
    drop_mail_lead() = "The email is not sent, and its link is lost. Nothing else changes."
        | "Die E-Mail wird nicht gesendet, und ihr Link geht verloren. Sonst ändert sich nichts.";
    drop_mail_submit() = "Drop email" | "E-Mail verwerfen";
    mail_being_sent() = "This email is being sent right now. Check again in a minute." | "Diese E-Mail wird gerade gesendet. Sehen Sie in einer Minute wieder nach.";
    mail_has_ended(state) = "No change: this email is already {state}." | "Keine Änderung: Diese E-Mail ist bereits {state}.";
    mail_retried(to) = "The email to {to} is being sent now." | "Die E-Mail an {to} wird jetzt gesendet.";
    mail_retried_later(to) = "The email to {to} will be sent as soon as a mail server is configured." | "Die E-Mail an {to} wird gesendet, sobald ein Mailserver konfiguriert ist.";
    mail_dropped(to) = "The email to {to} was dropped and will not be sent." | "Die E-Mail an {to} wurde verworfen und wird nicht gesendet.";
    mail_tested(to) = "The mail server accepted the test email to {to}. Delivery now depends on the receiving servers."
        | "Der Mailserver hat die Test-E-Mail an {to} angenommen. Die Zustellung hängt jetzt von den empfangenden Servern ab.";
    test_mail() = "Send test email" | "Test-E-Mail senden";
    test_mail_lead() = "Sends immediately and shows the mail server’s reply."
        | "Sendet sofort und zeigt die Antwort des Mailservers.";
    test_mail_submit() = "Send" | "Senden";
    test_mail_failed(error) = "The test email could not be sent: {error}." | "Die Test-E-Mail konnte nicht gesendet werden: {error}.";
    test_mail_hint(hint) = "Suggestion: {hint}." | "Vorschlag: {hint}.";
    test_mail_no_server() = "No mail server is configured. Set it and the sender in the email settings."
        | "Es ist kein Mailserver konfiguriert. Setzen Sie ihn und den Absender in den E-Mail-Einstellungen.";
    user_mails() = "Emails" | "E-Mails";
    user_no_mails() = "No emails to this user." | "Keine E-Mails an dieses Konto.";
}

impl Lang {
    /// The label of a kind of mail, by its name in the table.
    #[must_use]
    pub fn mail_kind(self, kind: &str) -> &'static str {
        match kind {
            "confirm_email" => self.kind_confirm_email(),
            "email_changed" => self.kind_email_changed(),
            "email_changed_by_administrator" => self.kind_email_changed_by_administrator(),
            "reset_password" => self.kind_reset_password(),
            "password_changed" => self.kind_password_changed(),
            "changed_by_administrator" => self.kind_changed_by_administrator(),
            "account_deleted" => self.kind_account_deleted(),
            "already_registered" => self.kind_already_registered(),
            "new_place" => self.text_new_place(),
            "invite" => self.kind_invite(),
            "test" => self.kind_test(),
            _ => self.kind_other(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::MessageKind;

    #[test]
    fn every_kind_of_mail_has_its_words() {
        let words: std::collections::BTreeSet<_> =
            MessageKind::ALL.iter().map(|kind| Lang::English.mail_kind(kind.as_str())).collect();
        assert_eq!(words.len(), MessageKind::ALL.len());
        assert!(!words.contains(Lang::English.kind_other()));
    }
}
