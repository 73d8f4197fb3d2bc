//! Signing in and out.

texts! {
    sign_in() = "Sign in" | "Anmelden";
    sign_in_lead() = "For administrators of this server." | "Für Administratoren dieses Servers.";
    username_or_email() = "Username or email address" | "Benutzername oder E-Mail-Adresse";
    password() = "Password" | "Passwort";
    sign_in_wrong() = "Incorrect username or password." | "Benutzername oder Passwort falsch.";
    sign_in_hint_case() = "Usernames are case-sensitive."
        | "Bei Benutzernamen wird zwischen Groß- und Kleinschreibung unterschieden.";
    sign_in_throttled(wait) = "Too many failed attempts. Try again in {wait}."
        | "Zu viele fehlgeschlagene Versuche. Wartezeit bis zum nächsten Versuch: {wait}.";
    session_over_pending() = "Your session has ended and your changes haven’t been applied yet. Sign in to continue."
        | "Ihre Sitzung ist beendet, und Ihre Änderungen wurden noch nicht übernommen. Melden Sie sich an, um fortzufahren.";
    session_over_without_passwords() = "Your session has ended and your changes haven’t been applied yet. Sign in to continue. For security, you have to enter the new password again."
        | "Ihre Sitzung ist beendet, und Ihre Änderungen wurden noch nicht übernommen. Melden Sie sich an, um fortzufahren. Zur Sicherheit müssen Sie das neue Passwort erneut eingeben.";
    pending_form_heading() = "You are signed in again" | "Sie sind wieder angemeldet";
    pending_form_lead() = "Your changes haven’t been applied yet."
        | "Ihre Änderungen wurden noch nicht übernommen.";
    pending_form_lead_but_passwords() = "Your changes haven’t been applied yet. For security, you have to enter the new password again in the next step."
        | "Ihre Änderungen wurden noch nicht übernommen. Zur Sicherheit müssen Sie das neue Passwort im nächsten Schritt erneut eingeben.";
    pending_form_typed() = "Your input" | "Ihre Eingaben";
    pending_form_submit() = "Apply changes" | "Änderungen übernehmen";
    pending_form_cancel() = "Discard" | "Verwerfen";
    session_over() = "Your session has ended and your changes weren’t saved. Sign in and try again."
        | "Ihre Sitzung ist beendet, und Ihre Änderungen wurden nicht gespeichert. Melden Sie sich an und versuchen Sie es erneut.";
    signed_out_without_access() = "You have been signed out. Your account no longer has access to the admin."
        | "Sie wurden abgemeldet. Ihr Konto hat keinen Zugang mehr zur Verwaltung.";
    signed_out_by_password() = "Password changed, and all your sessions have ended. Sign in with the new password."
        | "Passwort geändert, und alle Ihre Sitzungen sind beendet. Melden Sie sich mit dem neuen Passwort an.";
    no_users_yet() = "There are no accounts yet. The doorward log contains a setup link that creates the first administrator; a restart prints a new one."
        | "Es gibt noch keine Konten. Das Log von doorward enthält einen Einrichtungslink, der den ersten Administrator erstellt; ein Neustart gibt einen neuen aus.";
    continue_heading() = "One moment" | "Einen Moment";
    continue_lead() = "You followed a link from another site. The page opens by itself."
        | "Sie sind einem Link von einer anderen Website gefolgt. Die Seite öffnet sich von selbst.";
    sign_in_elsewhere() = "This page was opened at another address than the one this server is set up for. If your browser doesn’t keep you signed in, open it here:"
        | "Diese Seite wurde unter einer anderen Adresse geöffnet als der, für die dieser Server eingerichtet ist. Wenn Ihr Browser Sie nicht angemeldet hält, öffnen Sie sie hier:";
    sign_in_plain_http() = "You are not signed in: this page was opened without https, where browsers don’t keep you signed in to this server. Open it here:"
        | "Sie sind nicht angemeldet: Diese Seite wurde ohne HTTPS geöffnet, und dort bleiben Sie bei diesem Server nicht angemeldet. Öffnen Sie sie hier:";
    sign_in_forgot_command() = "Run this command on the server. It prints a link to choose a new password:"
        | "Führen Sie auf dem Server diesen Befehl aus. Er gibt einen Link aus, um ein neues Passwort zu wählen:";
    sign_in_forgot_mail() = "Get an email with a link to choose a new password"
        | "E-Mail mit einem Link anfordern, um ein neues Passwort zu wählen";
    sign_in_forgot_otherwise() = "No access to your emails? Run this command on the server. It prints such a link:"
        | "Kein Zugriff auf Ihre E-Mails? Führen Sie auf dem Server diesen Befehl aus. Er gibt einen solchen Link aus:";
    signed_out() = "You are signed out." | "Sie sind abgemeldet.";
    field_is_empty() = "This field is required." | "Dieses Feld ist erforderlich.";
    not_an_administrator() = "You don’t have administrator access" | "Sie haben keinen Administratorzugang";
    not_an_administrator_lead() = "Your password is correct, but only administrators can open these pages. If you need access, ask an administrator."
        | "Ihr Passwort ist richtig, aber nur Administratoren können diese Seiten öffnen. Wenn Sie Zugang brauchen, wenden Sie sich an einen Administrator.";
    sign_in_as_other() = "Sign in with another account" | "Mit einem anderen Konto anmelden";
    reauthenticate_heading() = "Confirm your password" | "Bestätigen Sie Ihr Passwort";
    reauthenticate_lead(name) = "Enter your password to continue, {name}."
        | "Geben Sie Ihr Passwort ein, um fortzufahren, {name}.";
    reauthenticate_pending() = "Your changes are applied once you enter your password."
        | "Ihre Änderungen werden übernommen, sobald Sie Ihr Passwort eingegeben haben.";
    reauthenticate_without_passwords() = "For security, you have to enter the new password again in the next step."
        | "Zur Sicherheit müssen Sie das neue Passwort im nächsten Schritt erneut eingeben.";
    reauthenticate_not_saved() = "Your changes weren’t saved: the form is too long to keep while you confirm your password. Enter your password, then submit the form again."
        | "Ihre Änderungen wurden nicht gespeichert: Das Formular ist zu lang, um es während der Passwortabfrage aufzubewahren. Geben Sie Ihr Passwort ein und senden Sie das Formular dann erneut.";
    reauthenticate_submit() = "Continue" | "Weiter";
    reauthenticate_wrong() = "Incorrect password." | "Falsches Passwort.";
}
