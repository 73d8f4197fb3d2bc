//! Signing in and out.

texts! {
    sign_in() = "Sign in" | "Anmelden";
    sign_in_lead() = "For administrators of this server." | "Für Administratoren dieses Servers.";
    username_or_email() = "Username or email" | "Benutzername oder E-Mail";
    password() = "Password" | "Passwort";
    sign_in_wrong() = "The username or password is wrong." | "Der Name oder das Passwort ist falsch.";
    sign_in_hint_case() = "Capital letters matter in usernames, not in emails."
        | "Bei Benutzernamen zählt die Groß- und Kleinschreibung, bei E-Mails nicht.";
    sign_in_throttled(wait) = "Too many failed attempts. Try again in {wait}."
        | "Zu viele Versuche sind fehlgeschlagen. Der nächste ist möglich in: {wait}.";
    session_over_kept() = "Your session has ended, and nothing was done yet. Sign in: what you sent is kept."
        | "Ihre Sitzung ist beendet, und noch wurde nichts getan. Melden Sie sich an: Was Sie abgeschickt haben, bleibt erhalten.";
    session_over_kept_but_passwords() = "Your session has ended, and nothing was done yet. Sign in: what you sent is kept, except for the new password."
        | "Ihre Sitzung ist beendet, und noch wurde nichts getan. Melden Sie sich an: Was Sie abgeschickt haben, bleibt bis auf das neue Passwort erhalten.";
    kept_heading() = "You are signed in again" | "Sie sind wieder angemeldet";
    kept_lead() = "What you sent before is kept and not done yet. Should it be done now?"
        | "Was Sie zuvor abgeschickt haben, ist noch da und noch nicht getan. Soll es jetzt getan werden?";
    kept_lead_but_passwords() = "What you sent before is kept, except for the new password: you type that once more afterwards."
        | "Was Sie zuvor abgeschickt haben, ist noch da, bis auf das neue Passwort: Das tippen Sie danach noch einmal.";
    kept_typed() = "What you typed" | "Was Sie eingegeben haben";
    kept_submit() = "Send it now" | "Jetzt abschicken";
    kept_cancel() = "No, back to the page" | "Nein, zurück zur Seite";
    session_over() = "Your session has ended, and what you sent was not done. Sign in, and send it once more."
        | "Ihre Sitzung ist beendet, und was Sie gesendet haben, wurde nicht ausgeführt. Melden Sie sich an und senden Sie es noch einmal.";
    shut_out() = "You are signed out, and your account no longer has access to the admin."
        | "Sie sind abgemeldet, und Ihr Konto kommt nicht mehr in die Verwaltung.";
    signed_out_by_password() = "Your password is set, and all your sessions have ended. Sign in with the new one."
        | "Ihr Passwort ist gesetzt, und alle Ihre Sitzungen sind beendet. Melden Sie sich mit dem neuen an.";
    no_users_yet() = "Nobody has an account yet. The log of doorward has a link that creates the first administrator; a restart prints a new one."
        | "Noch hat niemand ein Konto. Im Log von doorward steht ein Link, mit dem der erste Administrator angelegt wird; ein Neustart gibt einen neuen aus.";
    signed_out() = "You are signed out." | "Sie sind abgemeldet.";
    field_is_empty() = "Please fill this in." | "Bitte füllen Sie das aus.";
    not_an_administrator() = "This account is not an administrator’s" | "Dieses Konto gehört keinem Administrator";
    not_an_administrator_lead() = "Your password is right, but these pages are for administrators only. Ask one of them if you should have access."
        | "Ihr Passwort stimmt, aber diese Seiten sind nur für Administratoren. Fragen Sie einen von ihnen, falls Sie einer sein sollten.";
    sign_in_as_other() = "Sign in with another account" | "Mit einem anderen Konto anmelden";
    prove_heading() = "Your password, please" | "Ihr Passwort, bitte";
    prove_lead(name) = "Before this goes on, show that it is still you, {name}."
        | "Bevor es weitergeht: Zeigen Sie, dass Sie es noch sind, {name}.";
    prove_kept() = "What you sent is kept, and will be done once your password is right."
        | "Was Sie gesendet haben, ist aufgehoben und wird ausgeführt, sobald Ihr Passwort stimmt.";
    prove_kept_but_passwords() = "What you typed is kept, except for the new password: you type that once more afterwards."
        | "Was Sie eingegeben haben, ist aufgehoben, nur das neue Passwort nicht: Das geben Sie danach noch einmal ein.";
    prove_not_kept() = "Nothing was done yet: what you sent is too long to keep while you are asked for your password. Enter your password, then send it again."
        | "Noch ist nichts geschehen: Was Sie gesendet haben, ist zu lang, um aufgehoben zu werden, während Ihr Passwort gefragt ist. Geben Sie es ein und senden Sie dann noch einmal.";
    prove_submit() = "Continue" | "Weiter";
    prove_wrong() = "The password is wrong." | "Das Passwort ist falsch.";
}
