//! Inviting people, and the invitations that are open.

texts! {
    invite_heading() = "Invite people" | "Leute einladen";
    invite_lead() = "Each of them gets a mail with a link to choose a username and a password. The link works for seven days, and their email is then confirmed."
        | "Jeder bekommt eine Mail mit einem Link, um Benutzernamen und Passwort zu wählen. Er gilt sieben Tage, und die E-Mail gilt dann als bestätigt.";
    invite_addresses() = "Email addresses" | "E-Mail-Adressen";
    invite_addresses_hint() = "One per line, or separated by commas or spaces; names are fine: Ada Lovelace <ada@example.com>"
        | "Eine je Zeile oder mit Kommas oder Leerzeichen dazwischen; gern mit Namen: Ada Lovelace <ada@example.com>";
    invite_check() = "Check the list" | "Liste prüfen";
    invite_check_again() = "Check the changed list" | "Geänderte Liste prüfen";
    invite_no_smtp() = "No SMTP server is set: the invitations will wait in the outbox until there is one."
        | "Kein SMTP-Server ist eingestellt: Die Einladungen warten im Postausgang, bis es einen gibt.";
    invite_checked() = "Nothing has been sent yet" | "Noch ist nichts gesendet";
    invite_new[n] = "One invitation will be sent", "{n} invitations will be sent" | "Eine Einladung wird gesendet", "{n} Einladungen werden gesendet";
    invite_none() = "No invitation will be sent" | "Keine Einladung wird gesendet";
    invite_submit[n] = "Send one invitation", "Send {n} invitations" | "Eine Einladung senden", "{n} Einladungen senden";
    invite_renewed[n] = "One of them is already invited; the earlier link stops working", "{n} of them are already invited; their earlier links stop working"
        | "Eine davon ist schon eingeladen; der frühere Link gilt dann nicht mehr", "{n} davon sind schon eingeladen; ihre früheren Links gelten dann nicht mehr";
    invite_users[n] = "One already has an account", "{n} already have accounts" | "Einer hat schon ein Konto", "{n} haben schon ein Konto";
    invite_bad[n] = "One cannot be read as an address", "{n} cannot be read as addresses" | "Eine lässt sich nicht als Adresse lesen", "{n} lassen sich nicht als Adressen lesen";
    invite_line(line) = "Line {line}" | "Zeile {line}";
    invite_twice[n] = "One was in the list twice, and counts once.", "{n} were in the list before, and count once."
        | "Eine stand doppelt in der Liste und zählt einmal.", "{n} standen schon in der Liste und zählen einmal.";
    invite_too_many(most) = "The list has more than {most} addresses. Do it in parts." | "Die Liste hat mehr als {most} Adressen. Machen Sie es in Teilen.";
    invite_too_long(next) = "That is more than fits at once. This is its beginning: send it first, then the rest, from “{next}” on."
        | "Das ist mehr, als auf einmal geht. Hier steht der Anfang: Senden Sie erst ihn, dann den Rest ab „{next}“.";
    invite_unchecked() = "Since it was checked, the list has changed, or who of it is invited. Nothing was sent now; look at it once more."
        | "Seit der Prüfung hat sich die Liste geändert, oder wer darauf eingeladen ist. Jetzt wurde nichts gesendet; sehen Sie sie noch einmal an.";
    invite_more[n] = "and one more", "and {n} more" | "und eine weitere", "und {n} weitere";
    invite_change() = "Change the list" | "Liste ändern";
    invitations_heading() = "Open invitations" | "Offene Einladungen";
    invitations_none() = "No open invitations" | "Keine Einladung ist offen";
    invitations_none_hint() = "When you invite somebody, it is listed here until they accept or the link expires."
        | "Wenn Sie jemanden einladen, sehen Sie es hier, bis die Einladung angenommen oder verfallen ist.";
    column_invited() = "Invited" | "Eingeladen";
    column_expires() = "Expires" | "Verfällt";
    invite_again() = "Send again" | "Noch einmal senden";
    invite_withdraw() = "Withdraw" | "Zurückziehen";
}
