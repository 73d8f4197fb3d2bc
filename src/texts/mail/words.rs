//! Editing the texts of emails.

use crate::texts::Lang;
use crate::types::MailText;

texts! {
    mail_texts_heading() = "Email texts" | "E-Mail-Texte";
    mail_texts_lead() = "What each email says, in each language. An edited text is used for emails that are sent from then on."
        | "Was die E-Mails sagen, in jeder Sprache. Ein bearbeiteter Text gilt für alle E-Mails, die danach gesendet werden.";
    mail_text_edit() = "Edit" | "Bearbeiten";
    mail_text_edited() = "edited" | "bearbeitet";
    mail_text_original() = "original" | "Original";
    mail_text_language() = "Language of the email" | "Sprache der E-Mail";
    mail_text_words() = "Text" | "Text";
    mail_text_subject() = "Subject" | "Betreff";
    mail_text_body() = "Message" | "Nachricht";
    mail_text_body_hint() = "A blank line begins a new paragraph. The plain text and the HTML of the email are both made from it."
        | "Eine Leerzeile beginnt einen neuen Absatz. Daraus entstehen der reine Text und das HTML der E-Mail.";
    mail_text_save() = "Save text" | "Text speichern";
    mail_text_preview() = "Preview" | "Vorschau";
    mail_text_draft() = "Preview (not saved)" | "Vorschau (nicht gespeichert)";
    mail_text_placeholders() = "Placeholders" | "Platzhalter";
    mail_text_button() = "Label" | "Beschriftung";
    mail_text_button_hint() = "on a line of its own: a button in the HTML, the link in the plain text"
        | "in einer eigenen Zeile: eine Schaltfläche im HTML, der Link im reinen Text";
    mail_text_reset() = "Back to the original" | "Zurück zum Original";
    mail_text_reset_heading() = "Go back to the original text?" | "Zurück zum Originaltext?";
    mail_text_reset_lead() = "The edited text is deleted. The audit log still has what was changed."
        | "Der bearbeitete Text wird gelöscht. Das Protokoll enthält weiterhin, was geändert wurde.";
    mail_text_saved(text) = "The text of {text} was saved." | "Der Text von {text} wurde gespeichert.";
    mail_text_was_reset(text) = "{text} has its original text again." | "{text} hat wieder den Originaltext.";
    mail_text_changed() = "Another administrator has changed this text since the page was loaded. Your text is not saved yet: compare, and save again to replace theirs."
        | "Ein anderer Administrator hat diesen Text geändert, seit die Seite geladen wurde. Ihr Text ist noch nicht gespeichert: Vergleichen Sie, und speichern Sie erneut, um den anderen zu ersetzen.";
    mail_text_theirs() = "Text saved by the other administrator" | "Gespeicherter Text des anderen Administrators";
    mail_text_own_file(file) = "The file {file} in the folder of mail.templates is used for this email, so this text is not."
        | "Für diese E-Mail gilt die Datei {file} im Ordner von mail.templates, nicht dieser Text.";
    mail_text_in_line(line, error) = "Line {line}: {error}" | "Zeile {line}: {error}";
    mail_text_no_subject() = "Enter a subject." | "Geben Sie einen Betreff ein.";
    mail_text_too_long(most) = "Use at most {most} characters." | "Verwenden Sie höchstens {most} Zeichen.";
    mail_text_unclosed() = "A placeholder begins with two braces and has to end with two." | "Ein Platzhalter beginnt mit zwei geschweiften Klammern und muss mit zwei enden.";
    mail_text_statement() = "Only placeholders are allowed, no conditions or comments." | "Nur Platzhalter sind erlaubt, keine Bedingungen oder Kommentare.";
    mail_text_unknown(name) = "{name} is not a placeholder of this email." | "{name} ist kein Platzhalter dieser E-Mail.";
    mail_text_link_in_subject() = "The link belongs in the message, not in the subject." | "Der Link gehört in die Nachricht, nicht in den Betreff.";
    mail_text_no_link() = "The placeholder for the link is missing; without it the email is useless." | "Der Platzhalter für den Link fehlt; ohne ihn ist die E-Mail nutzlos.";
    placeholder_site() = "the name of the site" | "der Name der Website";
    placeholder_url() = "the address of this server" | "die Adresse dieses Servers";
    placeholder_when() = "when the email was created" | "wann die E-Mail erstellt wurde";
    placeholder_username() = "the username of the reader" | "der Benutzername des Empfängers";
    placeholder_link() = "the link; required" | "der Link; erforderlich";
    placeholder_valid_for() = "how long the link works" | "wie lange der Link gilt";
    placeholder_new_email() = "the new email address, shortened" | "die neue E-Mail-Adresse, gekürzt";
    placeholder_device() = "browser and operating system" | "Browser und Betriebssystem";
    placeholder_address() = "the IP address" | "die IP-Adresse";
    text_confirm_email() = "Email address confirmation" | "Bestätigung der E-Mail-Adresse";
    text_confirm_email_by_administrator() = "Email address confirmation, by an administrator" | "Bestätigung der E-Mail-Adresse, durch einen Administrator";
    text_email_changed() = "Email address changed" | "E-Mail-Adresse geändert";
    text_email_changed_by_administrator() = "Email address changed by an administrator" | "E-Mail-Adresse von einem Administrator geändert";
    text_reset_password() = "Password reset" | "Zurücksetzen des Passworts";
    text_reset_password_by_administrator() = "Password reset, by an administrator" | "Zurücksetzen des Passworts, durch einen Administrator";
    text_password_changed() = "Password changed" | "Passwort geändert";
    text_password_set() = "Password set by an administrator" | "Passwort von einem Administrator gesetzt";
    text_reset_link_made() = "Reset link created by an administrator" | "Passwort-Link von einem Administrator erstellt";
    text_admin_granted() = "Administrator rights given" | "Administratorrechte gegeben";
    text_admin_revoked() = "Administrator rights removed" | "Administratorrechte entzogen";
    text_account_deleted() = "Account deleted" | "Konto gelöscht";
    text_account_deleted_by_administrator() = "Account deleted by an administrator" | "Konto von einem Administrator gelöscht";
    text_deletion_requested() = "Deletion of the account requested" | "Löschung des Kontos angefordert";
    text_deletion_requested_by_administrator() = "Deletion of the account requested by an administrator" | "Löschung des Kontos von einem Administrator angefordert";
    text_deletion_cancelled() = "Deletion of the account cancelled" | "Löschung des Kontos zurückgenommen";
    placeholder_due() = "the date of the deletion" | "das Datum der Löschung";
    text_already_registered() = "Registration attempt" | "Registrierungsversuch";
    text_new_place() = "Sign-in from a new place" | "Anmeldung von einem neuen Ort";
    text_invite() = "Invitation" | "Einladung";
    text_test() = "Test email" | "Test-E-Mail";
}

impl Lang {
    /// The label of a text.
    #[must_use]
    pub(crate) const fn mail_text_label(self, text: MailText) -> &'static str {
        match text {
            MailText::ConfirmEmail => self.text_confirm_email(),
            MailText::ConfirmEmailByAdministrator => self.text_confirm_email_by_administrator(),
            MailText::EmailChanged => self.text_email_changed(),
            MailText::EmailChangedByAdministrator => self.text_email_changed_by_administrator(),
            MailText::ResetPassword => self.text_reset_password(),
            MailText::ResetPasswordByAdministrator => self.text_reset_password_by_administrator(),
            MailText::PasswordChanged => self.text_password_changed(),
            MailText::PasswordSet => self.text_password_set(),
            MailText::ResetLinkMade => self.text_reset_link_made(),
            MailText::AdminGranted => self.text_admin_granted(),
            MailText::AdminRevoked => self.text_admin_revoked(),
            MailText::AccountDeleted => self.text_account_deleted(),
            MailText::AccountDeletedByAdministrator => self.text_account_deleted_by_administrator(),
            MailText::DeletionRequested => self.text_deletion_requested(),
            MailText::DeletionRequestedByAdministrator => self.text_deletion_requested_by_administrator(),
            MailText::DeletionCancelled => self.text_deletion_cancelled(),
            MailText::AlreadyRegistered => self.text_already_registered(),
            MailText::NewPlace => self.text_new_place(),
            MailText::Invite => self.text_invite(),
            MailText::Test => self.text_test(),
        }
    }

    /// What a placeholder stands for.
    #[must_use]
    pub(crate) fn mail_placeholder(self, name: &str) -> &'static str {
        match name {
            "site" => self.placeholder_site(),
            "url" => self.placeholder_url(),
            "when" => self.placeholder_when(),
            "username" => self.placeholder_username(),
            "link" => self.placeholder_link(),
            "valid_for" => self.placeholder_valid_for(),
            "new_email" => self.placeholder_new_email(),
            "due" => self.placeholder_due(),
            "device" => self.placeholder_device(),
            "address" => self.placeholder_address(),
            _ => "",
        }
    }
}
