//! Why somebody cannot log in, in sentences.

texts! {
    explain_heading() = "Why can’t they log in?" | "Warum klappt die Anmeldung nicht?";
    explain_lead() = "Type what they type: a username or an email, letter for letter."
        | "Geben Sie ein, was die Person eingibt: Benutzername oder E-Mail, Buchstabe für Buchstabe.";
    explain_submit() = "Explain" | "Erklären";
    explain_verdict_bad() = "Logging in does not work now." | "Hier klappt jetzt keine Anmeldung.";
    explain_verdict_good() = "With the right password, logging in works now." | "Mit dem richtigen Passwort klappt die Anmeldung jetzt.";
    explain_verdict_partly() = "With the right password, logging in works now, but not from every address."
        | "Mit dem richtigen Passwort klappt die Anmeldung jetzt, aber nicht von jeder Adresse aus.";
    find_other_throttled(other, wait) = "With their other name, “{other}”, too many attempts failed: the next one with it is possible in {wait}."
        | "Mit dem anderen Namen, „{other}“, schlugen zu viele Versuche fehl: Mit ihm ist der nächste möglich in: {wait}.";
    find_address_throttled(address, wait) = "Too many logins failed from {address}, whatever the name; from there even the right password is refused, and the next attempt is possible in {wait}."
        | "Von {address} aus schlugen zu viele Anmeldungen fehl, gleich mit welchem Namen; von dort wird auch das richtige Passwort abgelehnt. Der nächste Versuch ist möglich in: {wait}.";
    find_addresses[n] = "One other address is blocked because too many logins failed from there.", "{n} other addresses are blocked because too many logins failed from there."
        | "Eine andere Adresse ist ausgesperrt, weil von dort zu viele Anmeldungen fehlschlugen.", "{n} andere Adressen sind ausgesperrt, weil von dort zu viele Anmeldungen fehlschlugen.";
    find_addresses_wait(wait) = "They are blocked for up to {wait}." | "Höchste Wartezeit: {wait}.";
    find_invited(when, until) = "Nobody has this email yet, but it is invited (sent: {when}; the link expires {until}): they can create their account with the link in that mail."
        | "Noch hat niemand diese E-Mail, aber sie ist eingeladen (geschickt: {when}; der Link endet {until}): Mit dem Link in der Mail legt die Person ihr Konto an.";
    find_invited_given_up() = "That mail was given up, so it did not arrive. Send the invitation again."
        | "Diese Mail war nicht zustellbar. Senden Sie die Einladung noch einmal.";
    find_invited_dropped() = "That mail was dropped, and not sent. Send the invitation again."
        | "Diese Mail wurde verworfen und nicht gesendet. Senden Sie die Einladung noch einmal.";
    find_invited_waiting() = "That mail has not been sent yet." | "Diese Mail ist noch nicht hinausgegangen.";
    find_nobody() = "Nobody has this username or email." | "Niemand hat diesen Benutzernamen oder diese E-Mail.";
    find_case(name) = "There is a user “{name}”, but capital letters matter in usernames. It must be typed exactly like that, or the email instead."
        | "Es gibt „{name}“, aber bei Benutzernamen zählt die Groß- und Kleinschreibung. Es muss genau so eingegeben werden, oder stattdessen die E-Mail.";
    find_unseen(name) = "What was typed holds characters that nobody sees, as copied texts do, and so it names nobody. Typed by hand it would be “{name}”."
        | "Das Eingegebene enthält Zeichen, die man nicht sieht, wie sie beim Kopieren mitkommen, und meint darum niemanden. Von Hand getippt wäre es „{name}“.";
    find_by_name(name) = "It is the username of “{name}”." | "Das ist der Benutzername von „{name}“.";
    find_by_email(name) = "It is the email of “{name}”." | "Das ist die E-Mail von „{name}“.";
    find_two() = "It is one user’s name and another’s email: the password decides who is meant."
        | "Das ist der Name des einen und die E-Mail eines anderen: Das Passwort entscheidet, wer gemeint ist.";
    find_inactive(name) = "“{name}” is deactivated, and no password works until they are activated again."
        | "„{name}“ ist deaktiviert; kein Passwort gilt, bis das Konto wieder aktiviert ist.";
    find_reason(reason) = "The reason given: {reason}" | "Der angegebene Grund: {reason}";
    find_throttled(wait) = "Too many attempts failed. The next one is possible in {wait}; until then even the right password is refused."
        | "Zu viele Versuche schlugen fehl. Der nächste ist möglich in: {wait}. Bis dahin wird auch das richtige Passwort abgelehnt.";
    find_hash_bad(reason) = "The password is kept in a way that cannot be checked ({reason}). Set a new one."
        | "Das Passwort ist so gespeichert, dass es sich nicht prüfen lässt ({reason}). Setzen Sie ein neues.";
    hash_unusable() = "the account has no usable password" | "das Konto hat kein brauchbares Passwort";
    hash_unsupported(algorithm) = "the algorithm {algorithm} is not supported" | "das Verfahren {algorithm} wird nicht unterstützt";
    hash_malformed(flaw) = "the bcrypt hash is malformed: {flaw}" | "der bcrypt-Hash ist falsch geschrieben: {flaw}";
    flaw_parts() = "a part is missing" | "ein Teil fehlt";
    flaw_version() = "unknown version" | "unbekannte Version";
    flaw_cost() = "the cost is not a number from 04 to 31" | "die Kosten sind keine Zahl von 04 bis 31";
    flaw_length() = "salt and digest are not 53 characters" | "Salt und Digest sind nicht 53 Zeichen lang";
    flaw_alphabet() = "a character is not of the bcrypt alphabet" | "ein Zeichen gehört nicht zum Alphabet von bcrypt";
    flaw_padding() = "the last character of salt or digest has stray bits" | "das letzte Zeichen von Salt oder Digest hat überzählige Bits";
    find_hash_good(format, cost) = "The password is kept as {format} with cost {cost}, which can be checked."
        | "Das Passwort ist als {format} mit Kosten {cost} gespeichert und lässt sich prüfen.";
    find_unconfirmed() = "The email is not confirmed. That does not stop a login." | "Die E-Mail ist nicht bestätigt. Das hindert keine Anmeldung.";
    find_must_confirm() = "The email is not confirmed, and a new account can log in only once it is."
        | "Die E-Mail ist nicht bestätigt, und ein neues Konto kann sich erst danach anmelden.";
    find_failures[n] = "Of the recent logins, one failed.", "Of the recent logins, {n} failed."
        | "Von den letzten Anmeldungen schlug eine fehl.", "Von den letzten Anmeldungen schlugen {n} fehl.";
    find_last_failure(when, address) = "The last failure: {when}, from {address}." | "Der letzte Fehlschlag: {when}, von {address}.";
    find_last_login(when) = "The last successful login: {when}." | "Die letzte gelungene Anmeldung: {when}.";
    find_no_login() = "They have never logged in." | "Es gab noch nie eine gelungene Anmeldung.";
    find_unknown_address() = "an unknown address" | "einer unbekannten Adresse";
    to_the_user() = "To the account" | "Zum Konto";
}
