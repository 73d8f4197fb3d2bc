//! The overview: how it is going, and what to look at.

texts! {
    home_heading() = "Overview" | "Übersicht";
    home_users() = "Users" | "Benutzer";
    home_counted() = "Counted" | "Gezählt";
    figure_users() = "Total" | "Insgesamt";
    figure_confirmed() = "Email confirmed" | "E-Mail bestätigt";
    figure_active() = "Active" | "Aktiv";
    figure_new() = "New this week" | "Neu diese Woche";
    home_logins() = "Logins" | "Anmeldungen";
    logins_by_hour() = "Per hour, last 24 hours" | "Je Stunde, letzte 24 Stunden";
    logins_by_day() = "Per day, last 30 days" | "Je Tag, letzte 30 Tage";
    logins_worked[n] = "one worked", "{n} worked" | "eine gelungen", "{n} gelungen";
    logins_failed[n] = "one failed", "{n} failed" | "eine misslungen", "{n} misslungen";
    logins_at(moment, worked, failed) = "{moment}: {worked}, {failed}" | "{moment}: {worked}, {failed}";
    logins_behind() = "Older hours are still being counted; look again in a few minutes."
        | "Ältere Stunden werden noch gezählt; sehen Sie in einigen Minuten wieder nach.";
    logins_in_utc() = "Hours and days in UTC." | "Stunden und Tage in UTC.";
    column_worked() = "Worked" | "Gelungen";
    column_failed() = "Failed" | "Misslungen";
    column_hour() = "Hour" | "Stunde";
    column_day() = "Day" | "Tag";
    as_table() = "The same as a table" | "Dasselbe als Tabelle";
    home_mail() = "Mail" | "Mail";
    mail_waiting() = "Waiting" | "Wartend";
    mail_given_up() = "Given up" | "Nicht zustellbar";
    mail_server() = "Server" | "Server";
    mail_no_server() = "not set" | "keiner eingestellt";
    at_least(number) = "{number} or more" | "{number} oder mehr";
    home_engine() = "Password engine" | "Passwortprüfung";
    engine_here() = "In this process; each replica has its own." | "In diesem Prozess; jede Instanz hat ihren eigenen.";
    engine_queue() = "Queue" | "Warteschlange";
    engine_places(waiting, places) = "{waiting} of {places} places" | "{waiting} von {places} Plätzen";
    engine_wait() = "Current wait" | "Wartezeit einer Anmeldung jetzt";
    engine_no_wait() = "none" | "keine";
    engine_took() = "Recent response time" | "Zeit bis zur Antwort, zuletzt";
    engine_nothing_yet() = "no login since the start" | "kein Passwort seit dem Start";
    engine_most() = "Capacity" | "Höchstens möglich";
    engine_per_second(number) = "{number} per second" | "{number} je Sekunde";
    home_database() = "Database" | "Datenbank";
    database_kind() = "Kind" | "Art";
    database_size() = "Size" | "Größe";
    database_free() = "Free disk space" | "Freier Platz";
    last_backup() = "Last backup" | "Letzte Sicherung";
    no_backup_known() = "none known to doorward" | "doorward weiß von keiner";
    backup_hint() = "To make one while doorward runs:" | "So machen Sie im laufenden Betrieb eine:";
    warn_backup(when) = "The last backup is old: {when}." | "Die letzte Sicherung ist alt: {when}.";
    advise_backup() = "Make one with doorward backup FILE, ideally every night. If another program makes your backups, note each with doorward backup --elsewhere."
        | "Machen Sie eine mit doorward backup DATEI, am besten jede Nacht. Solche, die ein anderes Programm macht, merkt sich doorward backup --elsewhere.";
    all_is_well() = "Nothing needs your attention." | "Nichts braucht Ihre Aufmerksamkeit.";
    warn_no_server[n] = "No SMTP server is set: one mail waits.", "No SMTP server is set: {n} mails wait."
        | "Kein SMTP-Server ist eingestellt: Eine Mail wartet.", "Kein SMTP-Server ist eingestellt: {n} Mails warten.";
    advise_no_server() = "Set mail.smtp.host and mail.from, and start doorward again; then they are sent."
        | "Setzen Sie mail.smtp.host und mail.from und starten Sie doorward neu; dann gehen sie hinaus.";
    warn_late(span) = "The oldest waiting mail has waited for {span}." | "Die älteste wartende Mail wartet schon {span}.";
    advise_late(error) = "The last attempt failed: {error}." | "Der letzte Versuch scheiterte: {error}.";
    advise_late_unknown() = "Nothing has tried to send it: is a doorward running that can reach the mail server?"
        | "Nichts hat versucht, sie zu senden: Läuft ein doorward, das den Mailserver erreicht?";
    warn_dead[n] = "One mail was given up.", "{n} mails were given up." | "Eine Mail war nicht zustellbar.", "{n} Mails waren nicht zustellbar.";
    advise_dead() = "Each says why, and what to do. One without a link can be tried again; one with a link is replaced by a new one, from the user’s page or under Open invitations. Drop those that nobody needs."
        | "Jede sagt, warum und was zu tun ist. Eine ohne Link lässt sich noch einmal versuchen; eine mit Link ersetzt eine neue, von der Seite des Benutzers aus oder unter „Offene Einladungen“. Verwerfen Sie, was niemand braucht.";
    see_mails() = "See the mails" | "Mails ansehen";
    warn_queue() = "The password engine is saturated: logins wait long or are turned away."
        | "Die Passwortprüfung ist ausgelastet: Anmeldungen warten lange oder werden abgewiesen.";
    advise_queue() = "If many logins fail below, somebody may be guessing. If they are your users, give doorward more cores or more replicas."
        | "Misslingen unten viele Anmeldungen, rät vielleicht jemand Passwörter. Sind es Ihre Benutzer, geben Sie doorward mehr Kerne oder Instanzen.";
    warn_one_admin() = "Only one administrator can log in." | "Nur ein Administrator kann sich anmelden.";
    advise_one_admin() = "Make a second one, so that one lost password locks nobody out."
        | "Machen Sie einen zweiten, damit ein verlorenes Passwort niemanden aussperrt.";
    see_users() = "Choose a user" | "Benutzer auswählen";
    warn_disk(free) = "Only {free} are free on the database’s disk." | "Nur {free} sind frei, wo die Datenbank liegt.";
    advise_disk() = "Free some space: when the disk is full, nothing can be saved and nobody can log in."
        | "Schaffen Sie Platz: Ohne ihn kann nichts geschrieben werden, und niemand kann sich anmelden.";
    warn_short_key() = "The signing key is short." | "Der Signaturschlüssel ist kurz.";
    advise_short_key(bytes) = "A short key can be guessed from a token. Set signing_key to {bytes} random bytes or more; all tokens made with the old key stop working."
        | "Ein kurzer Schlüssel lässt sich aus einem Token erraten. Setzen Sie signing_key auf {bytes} zufällige Bytes oder mehr; alle Token des alten enden damit.";
    warn_links_nowhere(origin) = "Links in mails start with {origin}, which leads nowhere." | "Links in Mails lauten {origin} und führen nirgendwohin.";
    advise_links_nowhere() = "Set public_url to the address that people use." | "Setzen Sie public_url auf die Adresse, die die Leute benutzen.";
    warn_former_name(former, name) = "The setting {former} is now {name}." | "Die Einstellung {former} heißt jetzt {name}.";
    advise_former_name(name) = "Write {name} instead. The former name still works." | "Schreiben Sie stattdessen {name}. Der frühere Name funktioniert noch.";
    warn_plain_http(origin) = "{origin} is not https: anybody on the way can read passwords."
        | "{origin} ist kein https: Jeder auf dem Weg kann Passwörter lesen.";
    advise_plain_http() = "Put a proxy with TLS in front, and set public_url to its https address."
        | "Stellen Sie einen Proxy mit TLS davor und setzen Sie public_url auf dessen https-Adresse.";
    warn_bare_credentials() = "The password for the mail server is sent unencrypted." | "Das Passwort für den Mailserver geht im Klartext hinaus.";
    advise_bare_credentials() = "Set mail.smtp.tls to starttls or implicit." | "Setzen Sie mail.smtp.tls auf starttls oder implicit.";
}
