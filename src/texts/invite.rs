//! Inviting users, and open invitations.

texts! {
    invite_heading() = "Invite users" | "Benutzer einladen";
    invite_lead() = "Each address gets an email with a link to choose a username and a password. The link works for 7 days and confirms the email address."
        | "Jede Adresse erhält eine E-Mail mit einem Link, um Benutzername und Passwort zu wählen. Der Link gilt 7 Tage und bestätigt die E-Mail-Adresse.";
    invite_addresses() = "Email addresses" | "E-Mail-Adressen";
    invite_addresses_hint() = "One per line, or separated by commas or spaces. Names are allowed: Ada Lovelace <ada@example.com>"
        | "Eine pro Zeile oder durch Kommas oder Leerzeichen getrennt. Namen sind erlaubt: Ada Lovelace <ada@example.com>";
    invite_check() = "Check list" | "Liste prüfen";
    invite_check_again() = "Check changed list" | "Geänderte Liste prüfen";
    invite_no_smtp() = "No mail server is configured: the invitations wait in the outbox until there is one."
        | "Es ist kein Mailserver konfiguriert: Die Einladungen warten im Postausgang, bis es einen gibt.";
    invite_checked() = "Nothing has been sent yet" | "Noch nichts gesendet";
    invite_new[n] = "1 invitation will be sent", "{n} invitations will be sent" | "1 Einladung wird gesendet", "{n} Einladungen werden gesendet";
    invite_none() = "No invitations will be sent" | "Es werden keine Einladungen gesendet";
    invite_submit[n] = "Send 1 invitation", "Send {n} invitations" | "1 Einladung senden", "{n} Einladungen senden";
    invite_renewed[n] = "1 already invited (the earlier link stops working)", "{n} already invited (the earlier links stop working)"
        | "1 bereits eingeladen (der frühere Link wird ungültig)", "{n} bereits eingeladen (die früheren Links werden ungültig)";
    invite_users[n] = "1 already has an account", "{n} already have accounts" | "1 hat bereits ein Konto", "{n} haben bereits ein Konto";
    invite_bad[n] = "1 invalid email address", "{n} invalid email addresses" | "1 ungültige E-Mail-Adresse", "{n} ungültige E-Mail-Adressen";
    invite_line(line) = "Line {line}" | "Zeile {line}";
    invite_twice[n] = "1 duplicate was removed.", "{n} duplicates were removed."
        | "1 Duplikat wurde entfernt.", "{n} Duplikate wurden entfernt.";
    invite_too_many(most) = "The list has more than {most} email addresses. Send it in parts." | "Die Liste hat mehr als {most} E-Mail-Adressen. Senden Sie sie in Teilen.";
    invite_too_long(next) = "The list is too long to send at once, so only its beginning is shown. Send it first, then the rest, starting with “{next}”."
        | "Die Liste ist zu lang, um sie auf einmal zu senden; hier steht nur der Anfang. Senden Sie zuerst ihn, dann den Rest ab „{next}“.";
    invite_unchecked() = "The list, or the accounts and invitations for it, changed after the check. Nothing was sent. Check the list again."
        | "Die Liste oder die Konten und Einladungen dazu haben sich nach der Prüfung geändert. Es wurde nichts gesendet. Prüfen Sie die Liste erneut.";
    invite_more[n] = "and 1 more", "and {n} more" | "und 1 weitere", "und {n} weitere";
    invite_change() = "Change list" | "Liste ändern";
    invitations_heading() = "Open invitations" | "Offene Einladungen";
    invitations_none() = "No open invitations" | "Keine offenen Einladungen";
    invitations_none_hint() = "Invitations are listed here until they are accepted or expire."
        | "Einladungen stehen hier, bis sie angenommen werden oder ablaufen.";
    column_invited() = "Invited" | "Eingeladen";
    column_expires() = "Expires" | "Läuft ab";
    invite_again() = "Resend" | "Erneut senden";
    invitations_tab(count) = "Invitations ({count})" | "Einladungen ({count})";
    invite_language() = "Language of the email" | "Sprache der E-Mail";
    invite_copy_link() = "Copy link…" | "Link kopieren…";
    invite_link_heading(email) = "Invitation link for {email}" | "Einladungslink für {email}";
    invite_link_once() = "Copy the link now: it isn’t shown again. It works once. A link that was sent or copied before may have stopped working."
        | "Kopieren Sie den Link jetzt: Er wird nicht wieder angezeigt. Er gilt einmal. Ein früher gesendeter oder kopierter Link kann ungültig geworden sein.";
    invite_link_label() = "Invitation link" | "Einladungslink";
    invite_link_done() = "Back to invitations" | "Zurück zu den Einladungen";
    withdraw_heading(email) = "Withdraw the invitation of {email}?" | "Einladung von {email} zurückziehen?";
    withdraw_lead() = "The link in the email stops working. You can invite the address again later."
        | "Der Link in der E-Mail wird ungültig. Sie können die Adresse später erneut einladen.";
    withdraw_submit() = "Withdraw invitation" | "Einladung zurückziehen";
    invite_withdraw() = "Withdraw" | "Zurückziehen";
}
