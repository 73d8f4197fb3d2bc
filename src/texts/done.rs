//! Messages on the page after an action: what it did, or why it did nothing.

texts! {
    user_added(name) = "{name} was added." | "{name} wurde hinzugefügt.";
    user_saved(name) = "Changes to {name} saved." | "Änderungen an {name} gespeichert.";
    user_unchanged(name) = "No changes to {name}." | "Keine Änderungen an {name}.";
    user_confirmed(name) = "Email address of {name} confirmed." | "E-Mail-Adresse von {name} bestätigt.";
    user_unconfirmed(name) = "Email address of {name} marked as unconfirmed." | "E-Mail-Adresse von {name} als unbestätigt markiert.";
    user_activated(name) = "{name} activated. The user can log in again." | "{name} aktiviert. Der Benutzer kann sich wieder anmelden.";
    user_deactivated(name) = "{name} deactivated and signed out everywhere." | "{name} deaktiviert und überall abgemeldet.";
    user_made_admin(name) = "{name} is now an administrator." | "{name} ist jetzt Administrator.";
    user_admin_revoked(name) = "{name} is no longer an administrator." | "{name} ist kein Administrator mehr.";
    user_password_set(name) = "Password changed. {name} has been signed out everywhere." | "Passwort geändert. {name} wurde überall abgemeldet.";
    user_unblocked(name) = "Rate limits of {name} cleared." | "Begrenzungen für {name} aufgehoben.";
    users_deletion_requested[n] = "1 user can no longer log in and will be deleted after the waiting time.", "{n} users can no longer log in and will be deleted after the waiting time."
        | "1 Benutzer kann sich nicht mehr anmelden und wird nach der Wartezeit gelöscht.", "{n} Benutzer können sich nicht mehr anmelden und werden nach der Wartezeit gelöscht.";
    users_deletion_cancelled[n] = "Deletion of 1 user cancelled.", "Deletion of {n} users cancelled."
        | "Löschung von 1 Benutzer zurückgenommen.", "Löschung von {n} Benutzern zurückgenommen.";
    undo() = "Undo" | "Rückgängig machen";
    bulk_too_late() = "This bulk action ended more than an hour ago and can no longer be undone." | "Diese Sammelaktion endete vor mehr als einer Stunde und kann nicht mehr rückgängig gemacht werden.";
    bulk_not_undoable() = "This bulk action can’t be undone." | "Diese Sammelaktion kann nicht rückgängig gemacht werden.";
    bulk_stopped_now() = "The bulk action is stopped. Users that it has not come to stay as they are." | "Die Sammelaktion ist angehalten. Benutzer, die noch nicht an der Reihe waren, bleiben unverändert.";
    user_deletion_requested(name) = "{name} can no longer log in and will be deleted after the waiting time. Until then you can take the deletion back."
        | "{name} kann sich nicht mehr anmelden und wird nach der Wartezeit gelöscht. Bis dahin können Sie die Löschung zurücknehmen.";
    user_deletion_cancelled(name) = "{name} will not be deleted." | "{name} wird nicht gelöscht.";
    not_activated_deletion() = "This account is to be deleted. Cancel the deletion first." | "Dieses Konto soll gelöscht werden. Nehmen Sie zuerst die Löschung zurück.";
    user_deleted(name) = "{name} deleted." | "{name} gelöscht.";
    users_confirmed[n] = "Email address of 1 user confirmed.", "Email addresses of {n} users confirmed."
        | "E-Mail-Adresse von 1 Benutzer bestätigt.", "E-Mail-Adressen von {n} Benutzern bestätigt.";
    users_activated[n] = "1 user activated.", "{n} users activated." | "1 Benutzer aktiviert.", "{n} Benutzer aktiviert.";
    users_deactivated[n] = "1 user deactivated.", "{n} users deactivated." | "1 Benutzer deaktiviert.", "{n} Benutzer deaktiviert.";
    users_deleted[n] = "1 user deleted.", "{n} users deleted." | "1 Benutzer gelöscht.", "{n} Benutzer gelöscht.";
    users_saved[n] = "1 user changed.", "{n} users changed." | "1 Benutzer geändert.", "{n} Benutzer geändert.";
    user_session_ended(name) = "Session of {name} ended." | "Sitzung von {name} beendet.";
    user_sessions_ended(name) = "All sessions of {name} ended." | "Alle Sitzungen von {name} beendet.";
    own_sessions_ended(name) = "All sessions of {name} ended, except this one." | "Alle Sitzungen von {name} beendet, außer dieser.";
    user_confirmation_sent(name) = "Confirmation email sent to {name}." | "Bestätigungs-E-Mail an {name} gesendet.";
    user_confirmation_waits(name) = "Confirmation email to {name} queued: no mail server is configured."
        | "Bestätigungs-E-Mail an {name} in der Warteschlange: Es ist kein Mailserver konfiguriert.";
    user_reset_sent(name) = "Password reset email sent to {name}." | "E-Mail zum Zurücksetzen des Passworts an {name} gesendet.";
    user_reset_waits(name) = "Password reset email to {name} queued: no mail server is configured."
        | "E-Mail zum Zurücksetzen des Passworts an {name} in der Warteschlange: Es ist kein Mailserver konfiguriert.";
    user_invited(name) = "Invitation sent to {name}." | "Einladung an {name} gesendet.";
    user_invite_waits(name) = "Invitation to {name} queued: no mail server is configured."
        | "Einladung an {name} in der Warteschlange: Es ist kein Mailserver konfiguriert.";
    user_invite_withdrawn(name) = "Invitation to {name} withdrawn. Its link no longer works."
        | "Einladung an {name} zurückgezogen. Ihr Link ist nicht mehr gültig.";
    users_sessions_ended[n] = "All sessions of 1 user ended.", "All sessions of {n} users ended."
        | "Alle Sitzungen von 1 Benutzer beendet.", "Alle Sitzungen von {n} Benutzern beendet.";
    users_confirmation_sent[n] = "Confirmation email sent to 1 user.", "Confirmation emails sent to {n} users."
        | "Bestätigungs-E-Mail an 1 Benutzer gesendet.", "Bestätigungs-E-Mails an {n} Benutzer gesendet.";
    users_confirmation_waits[n] = "1 confirmation email queued: no mail server is configured.", "{n} confirmation emails queued: no mail server is configured."
        | "1 Bestätigungs-E-Mail in der Warteschlange: Es ist kein Mailserver konfiguriert.", "{n} Bestätigungs-E-Mails in der Warteschlange: Es ist kein Mailserver konfiguriert.";
    users_invited[n] = "1 invitation sent.", "{n} invitations sent." | "1 Einladung gesendet.", "{n} Einladungen gesendet.";
    users_invite_waits[n] = "1 invitation queued: no mail server is configured.", "{n} invitations queued: no mail server is configured."
        | "1 Einladung in der Warteschlange: Es ist kein Mailserver konfiguriert.", "{n} Einladungen in der Warteschlange: Es ist kein Mailserver konfiguriert.";
    skipped[n] = "1 skipped.", "{n} skipped." | "1 übersprungen.", "{n} übersprungen.";
    changed_since_loaded() = "This account changed after the page was loaded, perhaps through a double click. Nothing was done. Check the current state and try again."
        | "Dieses Konto wurde nach dem Laden der Seite geändert, vielleicht durch einen Doppelklick. Es wurde nichts getan. Prüfen Sie den aktuellen Stand und versuchen Sie es erneut.";
    nothing_to_change() = "Nothing to change: this action no longer applies to any of the selected users. If you clicked twice, the first click has already done it."
        | "Nichts zu ändern: Diese Aktion betrifft keinen der ausgewählten Benutzer mehr. Falls Sie zweimal geklickt haben, hat der erste Klick sie bereits ausgeführt.";
    not_sent_confirmed() = "No email sent: the email address is already confirmed." | "Keine E-Mail gesendet: Die E-Mail-Adresse ist bereits bestätigt.";
    not_sent_inactive() = "No email sent: the account is inactive, and a link would not work. Activate the account first."
        | "Keine E-Mail gesendet: Das Konto ist inaktiv, und ein Link würde nicht funktionieren. Aktivieren Sie zuerst das Konto.";
    not_saved_password() = "Your password was correct, but nothing is saved yet. For security, enter the new password again."
        | "Ihr Passwort war richtig, aber es ist noch nichts gespeichert. Geben Sie zur Sicherheit das neue Passwort erneut ein.";
    not_saved_session_over() = "Your session had ended and your changes weren’t saved. Try again."
        | "Ihre Sitzung war beendet, und Ihre Änderungen wurden nicht gespeichert. Versuchen Sie es erneut.";
    session_gone() = "That session had already ended." | "Diese Sitzung war bereits beendet.";
    invite_gone() = "That invitation was no longer open." | "Diese Einladung war nicht mehr offen.";
    invite_registered() = "No invitation sent: an account with this email address already exists."
        | "Keine Einladung gesendet: Es gibt bereits ein Konto mit dieser E-Mail-Adresse.";
}
