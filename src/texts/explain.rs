//! Why somebody cannot log in, in sentences.

texts! {
    explain_heading() = "Why can’t they log in?" | "Warum klappt die Anmeldung nicht?";
    explain_lead() = "Type what they type: a username or an email, letter for letter."
        | "Geben Sie ein, was die Person eingibt: Benutzername oder E-Mail, Buchstabe für Buchstabe.";
    explain_submit() = "Explain" | "Erklären";
    explain_verdict_bad() = "No login works here now." | "Hier klappt jetzt keine Anmeldung.";
    explain_verdict_good() = "With the right password, the login works now." | "Mit dem richtigen Passwort klappt die Anmeldung jetzt.";
    find_nobody() = "Nobody has this username or email." | "Niemand hat diesen Benutzernamen oder diese E-Mail.";
    find_case(name) = "There is a user “{name}”, but usernames are matched with their capital letters. It must be typed like that, or the email instead."
        | "Es gibt „{name}“, aber bei Benutzernamen zählt die Großschreibung. Es muss genau so eingegeben werden, oder stattdessen die E-Mail.";
    find_by_name(name) = "It is the username of “{name}”." | "Das ist der Benutzername von „{name}“.";
    find_by_email(name) = "It is the email of “{name}”." | "Das ist die E-Mail von „{name}“.";
    find_two() = "It is one user’s name and another’s email: the password decides who is meant."
        | "Das ist der Name des einen und die E-Mail eines anderen: Das Passwort entscheidet, wer gemeint ist.";
    find_inactive(name) = "“{name}” is deactivated, and no password works until they are activated again."
        | "„{name}“ ist deaktiviert; kein Passwort gilt, bis das Konto wieder aktiviert ist.";
    find_reason(reason) = "The reason that was given: {reason}" | "Der angegebene Grund: {reason}";
    find_throttled(wait) = "Too many tries failed. The next may come in {wait}; until then even the right password is refused."
        | "Zu viele Versuche schlugen fehl. Der nächste ist möglich in: {wait}. Bis dahin wird auch das richtige Passwort abgelehnt.";
    find_hash_bad(reason) = "The password is kept in a way that cannot be checked ({reason}). Set a new one."
        | "Das Passwort ist so gespeichert, dass es sich nicht prüfen lässt ({reason}). Setzen Sie ein neues.";
    find_hash_good(format, cost) = "The password is kept as {format} with cost {cost}, which can be checked."
        | "Das Passwort ist als {format} mit Kosten {cost} gespeichert und lässt sich prüfen.";
    find_unconfirmed() = "The email is not confirmed. That does not stop a login." | "Die E-Mail ist nicht bestätigt. Das hindert keine Anmeldung.";
    find_must_confirm() = "The email is not confirmed, and a new account can log in only once it is."
        | "Die E-Mail ist nicht bestätigt, und ein neues Konto kann sich erst danach anmelden.";
    find_failures[n] = "Of the last logins, one failed.", "Of the last logins, {n} failed."
        | "Von den letzten Anmeldungen schlug eine fehl.", "Von den letzten Anmeldungen schlugen {n} fehl.";
    find_last_failure(when, address) = "The last failure: {when}, from {address}." | "Der letzte Fehlschlag: {when}, von {address}.";
    find_last_login(when) = "The last login that worked: {when}." | "Die letzte gelungene Anmeldung: {when}.";
    find_no_login() = "They never logged in." | "Es gab noch nie eine gelungene Anmeldung.";
    find_unknown_address() = "an unknown address" | "einer unbekannten Adresse";
    to_the_user() = "To the account" | "Zum Konto";
}
