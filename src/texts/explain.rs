//! Login help: why a user cannot log in.

texts! {
    explain_heading() = "Why can’t a user log in?" | "Warum kann sich ein Benutzer nicht anmelden?";
    explain_lead() = "Username or email address, exactly as the user types it"
        | "Benutzername oder E-Mail-Adresse, genau wie der Benutzer sie eingibt";
    explain_submit() = "Check" | "Prüfen";
    explain_verdict_bad() = "Can’t log in right now." | "Anmeldung derzeit nicht möglich.";
    explain_verdict_good() = "Can log in with the correct password." | "Anmeldung mit dem richtigen Passwort möglich.";
    explain_verdict_partly() = "Can log in with the correct password, but not from every IP address."
        | "Anmeldung mit dem richtigen Passwort möglich, aber nicht von jeder IP-Adresse.";
    finding_clock(span) = "The newest entry of the audit log lies {span} in the future: the clock of this machine was ahead, or is behind now. Limits that it stored are corrected when doorward starts."
        | "Der neueste Eintrag des Protokolls liegt in der Zukunft (Abstand: {span}): Die Uhr dieses Rechners ging vor oder geht jetzt nach. Begrenzungen, die sie gespeichert hat, werden beim Start von doorward korrigiert.";
    unblock_submit() = "Clear the rate limits" | "Begrenzungen aufheben";
    finding_other_throttled(other, wait) = "Too many failed attempts with the other identifier, “{other}”. The next attempt with it is possible in {wait}."
        | "Zu viele fehlgeschlagene Versuche mit der anderen Kennung, „{other}“. Wartezeit bis zum nächsten Versuch damit: {wait}.";
    finding_guessed_out(name, wait) = "Too many wrong passwords for {name} within an hour. For {wait} every password is rejected as wrong, except from IP addresses where {name} has logged in before."
        | "Zu viele falsche Passwörter für {name} innerhalb einer Stunde. Noch {wait} lang wird jedes Passwort als falsch abgelehnt, außer von IP-Adressen, von denen sich {name} schon angemeldet hat.";
    finding_guessed_out_everywhere(name, wait) = "Too many wrong passwords for {name} within an hour. For {wait} every password is rejected as wrong."
        | "Zu viele falsche Passwörter für {name} innerhalb einer Stunde. Noch {wait} lang wird jedes Passwort als falsch abgelehnt.";
    finding_known_throttled(name, network, wait) = "Too many failed attempts from {network}, where {name} has logged in before. The next attempt from there is possible in {wait}."
        | "Zu viele fehlgeschlagene Versuche von {network}, wo sich {name} schon angemeldet hat. Wartezeit bis zum nächsten Versuch von dort: {wait}.";
    finding_address_throttled(address, wait) = "Too many failed logins from {address}, with any username. Even the correct password is rejected from there; the next attempt is possible in {wait}."
        | "Zu viele fehlgeschlagene Anmeldungen von {address}, mit beliebigen Benutzernamen. Von dort wird auch das richtige Passwort abgelehnt. Wartezeit bis zum nächsten Versuch: {wait}.";
    finding_addresses[n] = "1 other IP address is blocked because of too many failed logins.", "{n} other IP addresses are blocked because of too many failed logins."
        | "1 weitere IP-Adresse ist wegen zu vieler fehlgeschlagener Anmeldungen gesperrt.", "{n} weitere IP-Adressen sind wegen zu vieler fehlgeschlagener Anmeldungen gesperrt.";
    finding_addresses_wait(wait) = "Longest wait: {wait}." | "Längste Wartezeit: {wait}.";
    finding_invited(when, until) = "No account has this email address yet, but it has an open invitation (sent {when}, expires {until}). The account is created with the link in that email."
        | "Noch hat kein Konto diese E-Mail-Adresse, aber es gibt eine offene Einladung (gesendet {when}, läuft ab: {until}). Das Konto wird mit dem Link in dieser E-Mail erstellt.";
    finding_invited_failed() = "That email failed and was not delivered. Send the invitation again."
        | "Diese E-Mail ist fehlgeschlagen und wurde nicht zugestellt. Senden Sie die Einladung erneut.";
    finding_invited_dropped() = "That email was dropped and not sent. Send the invitation again."
        | "Diese E-Mail wurde verworfen und nicht gesendet. Senden Sie die Einladung erneut.";
    finding_invited_waiting() = "That email has not been sent yet." | "Diese E-Mail wurde noch nicht gesendet.";
    finding_unknown() = "No user has this username or email address." | "Kein Benutzer hat diesen Benutzernamen oder diese E-Mail-Adresse.";
    finding_case(name) = "Usernames are case-sensitive: the username is “{name}”. Log in with exactly that, or with the email address."
        | "Bei Benutzernamen wird zwischen Groß- und Kleinschreibung unterschieden: Der Benutzername lautet „{name}“. Melden Sie sich genau damit oder mit der E-Mail-Adresse an.";
    finding_invisible(name) = "The input contains invisible characters, as copied text often does, and matches no user. Without them it matches “{name}”."
        | "Die Eingabe enthält unsichtbare Zeichen, wie sie beim Kopieren entstehen, und passt zu keinem Benutzer. Ohne sie passt sie zu „{name}“.";
    finding_by_name(name) = "Matches the username {name}." | "Entspricht dem Benutzernamen {name}.";
    finding_by_email(name) = "Matches the email address of {name}." | "Entspricht der E-Mail-Adresse von {name}.";
    finding_ambiguous() = "Matches the username of one user and the email address of another: the password decides which account is logged in to."
        | "Entspricht dem Benutzernamen eines Benutzers und der E-Mail-Adresse eines anderen: Das Passwort entscheidet, welches Konto angemeldet wird.";
    finding_inactive(name) = "{name} is deactivated and can’t log in until the account is activated again."
        | "{name} ist deaktiviert und kann sich erst wieder anmelden, wenn das Konto aktiviert wird.";
    finding_to_be_deleted(name, date) = "{name} is to be deleted on {date} and can’t log in unless the deletion is cancelled."
        | "{name} wird am {date} gelöscht und kann sich nur anmelden, wenn die Löschung zurückgenommen wird.";
    finding_reason(reason) = "Reason: {reason}" | "Grund: {reason}";
    finding_throttled(wait) = "Too many failed attempts. The next attempt is possible in {wait}; until then, even the correct password is rejected, except from IP addresses where the account has logged in before."
        | "Zu viele fehlgeschlagene Versuche. Wartezeit bis zum nächsten Versuch: {wait}. Bis dahin wird auch das richtige Passwort abgelehnt, außer von IP-Adressen, von denen sich das Konto schon angemeldet hat.";
    finding_hash_bad(reason) = "The password hash can’t be checked: {reason}. Set a new password."
        | "Der Passwort-Hash kann nicht geprüft werden: {reason}. Setzen Sie ein neues Passwort.";
    hash_unusable() = "the account has no usable password" | "das Konto hat kein nutzbares Passwort";
    hash_unsupported(algorithm) = "the algorithm {algorithm} is not supported" | "der Algorithmus {algorithm} wird nicht unterstützt";
    hash_malformed(format, flaw) = "the {format} hash is malformed ({flaw})" | "der {format}-Hash ist fehlerhaft ({flaw})";
    hash_excessive(format, parameter, most) = "the {format} hash asks for too much work ({parameter} is above {most})"
        | "der {format}-Hash verlangt zu viel Arbeit ({parameter} ist größer als {most})";
    hash_memory(format, needed, most) = "the {format} hash takes {needed} MiB of memory, and password.foreign_memory is {most} MiB"
        | "der {format}-Hash braucht {needed} MiB Arbeitsspeicher, und password.foreign_memory ist {most} MiB";
    flaw_number() = "a parameter is not a number that the algorithm takes" | "ein Parameter ist keine Zahl, die der Algorithmus annimmt";
    flaw_salt() = "the salt is missing or too short" | "das Salt fehlt oder ist zu kurz";
    flaw_digest() = "the digest doesn’t have the length or the characters of this format"
        | "der Digest hat nicht die Länge oder die Zeichen dieses Formats";
    flaw_parts() = "a part is missing" | "ein Teil fehlt";
    flaw_version() = "unknown version" | "unbekannte Version";
    flaw_cost() = "the cost is not a number from 04 to 31" | "die Kosten sind keine Zahl von 04 bis 31";
    flaw_length() = "salt and digest are not 53 characters long" | "Salt und Digest sind nicht 53 Zeichen lang";
    flaw_alphabet() = "a character is not in the bcrypt alphabet" | "ein Zeichen gehört nicht zum bcrypt-Alphabet";
    flaw_padding() = "the last character of salt or digest has extra bits" | "das letzte Zeichen von Salt oder Digest hat überzählige Bits";
    finding_hash_good(hash) = "Password hash: {hash} (supported)." | "Passwort-Hash: {hash} (unterstützt).";
    finding_hash_foreign(hash) = "Password hash: {hash} (supported). After the next login, bcrypt_sha256 replaces it."
        | "Passwort-Hash: {hash} (unterstützt). Nach der nächsten Anmeldung ersetzt ihn bcrypt_sha256.";
    finding_unconfirmed() = "The email address is not confirmed. This alone doesn’t prevent a login."
        | "Die E-Mail-Adresse ist nicht bestätigt. Das allein verhindert keine Anmeldung.";
    finding_must_confirm() = "The email address is not confirmed. A new account can log in only after confirming it."
        | "Die E-Mail-Adresse ist nicht bestätigt. Ein neues Konto kann sich erst nach der Bestätigung anmelden.";
    finding_failures[n] = "1 recent login failed.", "{n} recent logins failed."
        | "1 der letzten Anmeldungen ist fehlgeschlagen.", "{n} der letzten Anmeldungen sind fehlgeschlagen.";
    finding_last_failure(when, address) = "Last failure: {when}, from {address}." | "Letzter Fehlschlag: {when}, von {address}.";
    finding_last_login(when) = "Last successful login: {when}." | "Letzte erfolgreiche Anmeldung: {when}.";
    finding_no_login() = "No successful login yet." | "Noch keine erfolgreiche Anmeldung.";
    finding_unknown_address() = "an unknown IP address" | "einer unbekannten IP-Adresse";
    similar_users() = "Similar usernames:" | "Ähnliche Benutzernamen:";
    similar_invitations() = "Similar addresses with an open invitation:" | "Ähnliche Adressen mit offener Einladung:";
    to_the_user() = "View account" | "Konto ansehen";
}
