//! The outbox: which mails there are, what became of them, and what can be done.

use super::Lang;

texts! {
    mail_heading() = "Mail" | "Mail";
    mail_lead() = "All mail from doorward goes through here. Sent mails are kept for a while."
        | "Alles, was doorward den Leuten schreibt, geht hier durch. Gesendetes wird eine Zeit lang aufgehoben.";
    mail_state() = "State" | "Zustand";
    mail_to() = "Recipient (the whole address)" | "Empfänger (die ganze Adresse)";
    mail_bad_address() = "That is not an email address." | "Das ist keine E-Mail-Adresse.";
    mail_none_yet() = "No mail yet" | "Noch keine Mail";
    mail_none_yet_hint() = "The first one is written when somebody registers. You can also send yourself a test mail."
        | "Die erste schreibt eine Registrierung; oder senden Sie sich selbst eine Testmail.";
    mail_none_found() = "No such mail" | "Keine solche Mail";
    mail_none_found_hint() = "Enter the whole address. Sent mails are deleted after a while."
        | "Die Adresse muss die ganze sein. Gesendete Mails werden nach einer Weile vergessen.";
    mail_show_all() = "Clear filters" | "Alle zeigen";
    mail_newer() = "Newer" | "Neuere";
    mail_older() = "Older" | "Ältere";
    mail_pages() = "More mails" | "Weitere Mails";
    column_kind() = "Mail" | "Mail";
    column_to() = "To" | "An";
    column_written() = "Written" | "Geschrieben";
    column_tries() = "Attempts" | "Versuche";
    state_waiting() = "waiting" | "wartet";
    state_sending() = "being sent" | "wird gesendet";
    state_sent() = "sent" | "gesendet";
    state_dead() = "given up" | "nicht zustellbar";
    state_dropped() = "dropped" | "verworfen";
    kind_confirm_email() = "Confirm the email" | "E-Mail bestätigen";
    kind_email_changed() = "The email was changed" | "Die E-Mail wurde geändert";
    kind_reset_password() = "Choose a new password" | "Neues Passwort wählen";
    kind_password_changed() = "The password was changed" | "Das Passwort wurde geändert";
    kind_account_deleted() = "The account was deleted" | "Das Konto wurde gelöscht";
    kind_already_registered() = "Somebody tried to register" | "Jemand wollte sich registrieren";
    kind_invite() = "Invitation" | "Einladung";
    kind_test() = "Test mail" | "Testmail";
    kind_other() = "Mail" | "Mail";
    mail_number(id) = "Mail {id}" | "Mail {id}";
    mail_details() = "Details" | "Was daraus wurde";
    mail_about() = "About" | "Betrifft";
    mail_user() = "the user" | "den Benutzer";
    mail_next_try() = "Next attempt" | "Nächster Versuch";
    mail_at_once() = "as soon as a server accepts it" | "sobald ein Server sie annimmt";
    mail_until() = "At the latest" | "Spätestens bis";
    mail_ended() = "Ended" | "Beendet";
    mail_last_error() = "What went wrong" | "Was schiefging";
    mail_may_help() = "What may help" | "Was helfen kann";
    mail_headers() = "Headers" | "Kopfzeilen";
    mail_text() = "Plain text" | "Als Text";
    mail_html() = "Preview" | "Als Seite";
    mail_html_frame() = "The mail as its reader sees it" | "Die Mail, wie ihr Leser sie sieht";
    mail_key_hidden() = "Links do not work here, and the key in them is hidden: only the recipient may have it."
        | "Links führen hier nirgendwohin, und der Schlüssel in ihnen ist verborgen: Nur der Leser darf ihn haben.";
    mail_unworded(error) = "It cannot be composed: {error}" | "Sie lässt sich nicht erstellen: {error}";
    mail_key_gone() = "It cannot be sent any more: its link was removed when it was given up. Send a new one from the user’s page, or have the user ask for one."
        | "Sie kann nicht mehr gesendet werden: Ihr Link wurde entfernt, als sie sich als nicht zustellbar erwies. Senden Sie von der Seite des Benutzers aus eine neue, oder lassen Sie ihn eine anfordern.";
    mail_key_gone_invite() = "It cannot be sent any more: its link was removed when it was given up. Send the invitation again under Open invitations."
        | "Sie kann nicht mehr gesendet werden: Ihr Link wurde entfernt, als sie sich als nicht zustellbar erwies. Senden Sie die Einladung unter „Offene Einladungen“ noch einmal.";
    mail_key_gone_for_good() = "It cannot be sent any more: its link was removed when it was given up."
        | "Sie kann nicht mehr gesendet werden: Ihr Link wurde entfernt, als sie sich als nicht zustellbar erwies.";
    mail_no_actions() = "There is nothing left to do with it." | "Mit ihr ist nichts mehr zu tun.";
    act_retry_mail() = "Try it now" | "Jetzt versuchen";
    act_drop_mail() = "Drop …" | "Verwerfen …";
    drop_mail_heading(to) = "Drop the mail to {to}?" | "Die Mail an {to} verwerfen?";
    drop_mail_lead() = "It will not be sent, and the link in it is lost. What it is about stays as it is."
        | "Sie wird nicht gesendet, und ihr Link geht verloren. Wovon sie erzählt, bleibt, wie es ist.";
    drop_mail_submit() = "Drop the mail" | "Mail verwerfen";
    mail_being_sent() = "It is being sent right now. Look again in a minute." | "Sie wird gerade gesendet. Sehen Sie in einer Minute wieder nach.";
    mail_has_ended(state) = "Nothing was done: it is {state} already." | "Nichts wurde getan: Ihr Zustand ist schon „{state}“.";
    mail_retried(to) = "The mail to {to} is being sent now." | "Die Mail an {to} wird jetzt versucht.";
    mail_retried_later(to) = "The mail to {to} will be sent as soon as an SMTP server is set." | "Die Mail an {to} wird versucht, sobald ein SMTP-Server eingestellt ist.";
    mail_dropped(to) = "The mail to {to} will not be sent." | "Die Mail an {to} wird nicht gesendet.";
    mail_tested(to) = "The server accepted the test mail to {to}; delivery is now up to the servers after it."
        | "Der Server hat die Testmail an {to} angenommen; ob sie ankommt, liegt jetzt an den Servern danach.";
    test_mail() = "Send a test mail" | "Testmail senden";
    test_mail_lead() = "It is sent at once, past the outbox, and this page waits for what the server says."
        | "Sie geht sofort hinaus, am Postausgang vorbei, und diese Seite wartet, was der Server sagt.";
    test_mail_submit() = "Send it" | "Senden";
    test_mail_failed(error) = "The test mail could not be sent: {error}." | "Die Testmail ging nicht hinaus: {error}.";
    test_mail_hint(hint) = "What may help: {hint}." | "Was helfen kann: {hint}.";
    test_mail_no_server() = "No SMTP server is set. Set mail.smtp.host and mail.from, and start doorward again."
        | "Kein SMTP-Server ist eingestellt. Setzen Sie mail.smtp.host und mail.from und starten Sie doorward neu.";
    user_mails() = "Mails" | "Mails";
    user_no_mails() = "No mails to this user are kept." | "Keine Mail an dieses Konto ist aufgehoben.";
}

impl Lang {
    /// What a kind of mail is about, by its word in the table.
    #[must_use]
    pub fn mail_kind(self, kind: &str) -> &'static str {
        match kind {
            "confirm_email" => self.kind_confirm_email(),
            "email_changed" => self.kind_email_changed(),
            "reset_password" => self.kind_reset_password(),
            "password_changed" => self.kind_password_changed(),
            "account_deleted" => self.kind_account_deleted(),
            "already_registered" => self.kind_already_registered(),
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
