//! The overview: counts, charts and warnings.

texts! {
    home_heading() = "Overview" | "Übersicht";
    home_users() = "Users" | "Benutzer";
    home_counted() = "Updated" | "Aktualisiert";
    count_users() = "Total" | "Insgesamt";
    count_confirmed() = "Email address confirmed" | "E-Mail-Adresse bestätigt";
    count_active() = "Active" | "Aktiv";
    count_new() = "New this week" | "Neu diese Woche";
    home_logins() = "Logins" | "Anmeldungen";
    logins_by_hour() = "Per hour, last 24 hours" | "Pro Stunde, letzte 24 Stunden";
    logins_by_day() = "Per day, last 30 days" | "Pro Tag, letzte 30 Tage";
    logins_successful[n] = "1 successful", "{n} successful" | "1 erfolgreich", "{n} erfolgreich";
    logins_failed[n] = "1 failed", "{n} failed" | "1 fehlgeschlagen", "{n} fehlgeschlagen";
    logins_at(moment, worked, failed) = "{moment}: {worked}, {failed}" | "{moment}: {worked}, {failed}";
    logins_behind() = "Older hours are still being counted. Check again in a few minutes."
        | "Ältere Stunden werden noch gezählt. Sehen Sie in einigen Minuten wieder nach.";
    logins_in_utc() = "Hours and days are in UTC." | "Stunden und Tage in UTC.";
    column_successful() = "Successful" | "Erfolgreich";
    column_failed() = "Failed" | "Fehlgeschlagen";
    column_hour() = "Hour" | "Stunde";
    column_day() = "Day" | "Tag";
    as_table() = "Show as table" | "Als Tabelle anzeigen";
    home_mail() = "Emails" | "E-Mails";
    mail_waiting() = "Waiting" | "Wartend";
    mail_failed_count() = "Failed" | "Fehlgeschlagen";
    mail_server() = "Mail server" | "Mailserver";
    mail_no_server() = "not configured" | "nicht konfiguriert";
    at_least(number) = "{number} or more" | "{number} oder mehr";
    home_engine() = "Password hashing" | "Passwort-Hashing";
    engine_here() = "This process only; each replica has its own queue." | "Nur dieser Prozess; jede Instanz hat ihre eigene Warteschlange.";
    engine_queue() = "Queue" | "Warteschlange";
    engine_places(waiting, places) = "{waiting} of {places}" | "{waiting} von {places}";
    engine_wait() = "Current wait" | "Aktuelle Wartezeit";
    engine_no_wait() = "none" | "keine";
    engine_response_time() = "Recent response time" | "Antwortzeit";
    engine_nothing_yet() = "no login since the start" | "keine Anmeldung seit dem Start";
    engine_capacity() = "Capacity" | "Kapazität";
    engine_per_second(number) = "{number} per second" | "{number} pro Sekunde";
    home_database() = "Database" | "Datenbank";
    database_kind() = "Type" | "Typ";
    database_size() = "Size" | "Größe";
    database_free() = "Free disk space" | "Freier Speicherplatz";
    last_backup() = "Last backup" | "Letzte Sicherung";
    no_backup_known() = "No backup recorded" | "Keine Sicherung erfasst";
    backup_hint() = "Create a backup while doorward is running:" | "Sicherung im laufenden Betrieb erstellen:";
    warn_backup(when) = "The last backup is old: {when}." | "Die letzte Sicherung ist alt: {when}.";
    advise_backup() = "Create one with doorward backup FILE, ideally every night. If another program creates your backups, record each one with doorward backup --elsewhere."
        | "Erstellen Sie eine mit doorward backup DATEI, am besten jede Nacht. Erstellt ein anderes Programm Ihre Sicherungen, erfassen Sie jede mit doorward backup --elsewhere.";
    no_warnings() = "Nothing needs your attention." | "Kein Handlungsbedarf.";
    warn_no_server[n] = "No mail server is configured: 1 email is waiting.", "No mail server is configured: {n} emails are waiting."
        | "Es ist kein Mailserver konfiguriert: 1 E-Mail wartet.", "Es ist kein Mailserver konfiguriert: {n} E-Mails warten.";
    advise_no_server() = "Set mail.smtp.host and mail.from. Waiting emails are then sent."
        | "Setzen Sie mail.smtp.host und mail.from. Danach werden die wartenden E-Mails gesendet.";
    warn_late(span) = "The oldest waiting email has been waiting for {span}." | "Wartezeit der ältesten wartenden E-Mail: {span}.";
    advise_late(error) = "The last attempt failed: {error}." | "Der letzte Versuch ist fehlgeschlagen: {error}.";
    advise_late_unknown() = "No attempt to send it was made. Check that a doorward process is running that can reach the mail server."
        | "Es wurde noch nicht versucht, sie zu senden. Prüfen Sie, ob ein doorward-Prozess läuft, der den Mailserver erreicht.";
    warn_dead[n] = "1 email failed.", "{n} emails failed." | "1 E-Mail ist fehlgeschlagen.", "{n} E-Mails sind fehlgeschlagen.";
    advise_dead() = "Open an email to see the reason and what to do. It can be retried as long as its link works; after that, send a new one from the user’s page or under Open invitations. Drop emails that are no longer needed."
        | "Öffnen Sie eine E-Mail, um den Grund und mögliche Schritte zu sehen. Solange ihr Link gültig ist, kann sie erneut gesendet werden; danach senden Sie auf der Seite des Benutzers oder unter „Offene Einladungen“ eine neue. Verwerfen Sie E-Mails, die nicht mehr gebraucht werden.";
    see_mails() = "View emails" | "E-Mails ansehen";
    warn_clock(span) = "The newest entry of the audit log lies {span} in the future."
        | "Der neueste Eintrag des Protokolls liegt in der Zukunft, Abstand: {span}.";
    advise_clock() = "The clock of this machine was ahead when it was written, or is behind now. Check the clock (NTP). Rate limits and waiting emails were corrected; the entries themselves are never changed."
        | "Die Uhr dieses Rechners ging vor, als er geschrieben wurde, oder geht jetzt nach. Prüfen Sie die Uhr (NTP). Begrenzungen und wartende E-Mails wurden korrigiert; die Einträge selbst werden nie geändert.";
    warn_queue() = "Password hashing is at capacity: logins are delayed or rejected."
        | "Das Passwort-Hashing ist ausgelastet: Anmeldungen werden verzögert oder abgewiesen.";
    advise_queue() = "Many failed logins below may be a password guessing attack. If the logins are legitimate, add CPU cores or replicas."
        | "Viele fehlgeschlagene Anmeldungen weiter unten können ein Angriff durch Passwortraten sein. Sind die Anmeldungen legitim, geben Sie doorward mehr Prozessorkerne oder Instanzen.";
    warn_one_admin() = "Only 1 administrator can log in." | "Nur 1 Administrator kann sich anmelden.";
    see_users() = "Select a user" | "Benutzer auswählen";
    warn_disk(free) = "Only {free} of disk space is left for the database." | "Nur noch {free} Speicherplatz für die Datenbank frei.";
    advise_disk() = "Free up disk space: on a full disk, changes can’t be saved and logins fail."
        | "Geben Sie Speicherplatz frei: Ist er voll, können keine Änderungen gespeichert werden, und Anmeldungen schlagen fehl.";
    warn_short_key() = "The signing key is too short to be secure." | "Der Signaturschlüssel ist zu kurz, um sicher zu sein.";
    warn_unverified_database() = "The connection to the database server is not protected." | "Die Verbindung zum Datenbankserver ist nicht geschützt.";
    advise_unverified_database() = "Add sslmode=verify-full to database_url. Without it, anyone between this machine and the server can read and alter everything."
        | "Ergänzen Sie sslmode=verify-full in database_url. Sonst kann jeder zwischen diesem Rechner und dem Server alles lesen und verändern.";
    warn_exposed_file(path) = "Other users of the machine can read secrets in {path}, or change it." | "Andere Benutzer des Rechners können Geheimnisse in {path} lesen oder die Datei ändern.";
    advise_exposed_file(path) = "Run chmod o-rw {path}." | "Führen Sie chmod o-rw {path} aus.";
    blocked_addresses() = "Blocked IP addresses" | "Gesperrte IP-Adressen";
    blocked_names() = "Blocked names" | "Gesperrte Namen";
    advise_short_key(bytes) = "A short key can be guessed from a token. Set signing_key to {bytes} or more random bytes. Tokens signed with the old key stop working."
        | "Ein kurzer Schlüssel lässt sich aus einem Token erraten. Setzen Sie signing_key auf mindestens {bytes} zufällige Bytes. Mit dem alten Schlüssel signierte Tokens werden ungültig.";
    warn_clear_keys() = "The private keys that sign tokens lie in the database in clear." | "Die privaten Schlüssel, die Tokens signieren, liegen unverschlüsselt in der Datenbank.";
    advise_clear_keys() = "Set data_key. Whoever can read the database or a backup can otherwise make tokens of every user."
        | "Setzen Sie data_key. Wer die Datenbank oder eine Sicherung lesen kann, kann sonst Tokens jedes Benutzers ausstellen.";
    warn_links_nowhere(origin) = "Links in emails start with {origin}, which recipients can’t open." | "Links in E-Mails beginnen mit {origin}, das Empfänger nicht öffnen können.";
    advise_links_nowhere() = "Set public_url to the public address of this server." | "Setzen Sie public_url auf die öffentliche Adresse dieses Servers.";
    warn_former_name(former, name) = "The setting {former} is now {name}." | "Die Einstellung {former} heißt jetzt {name}.";
    advise_former_name(name) = "Write {name} instead. The former name still works." | "Schreiben Sie stattdessen {name}. Der frühere Name funktioniert noch.";
    warn_plain_http(origin) = "{origin} does not use HTTPS: passwords can be intercepted."
        | "{origin} verwendet kein HTTPS: Passwörter können mitgelesen werden.";
    advise_plain_http() = "Put a reverse proxy with TLS in front of doorward, and set public_url to its https address."
        | "Stellen Sie einen Reverse-Proxy mit TLS vor doorward und setzen Sie public_url auf dessen https-Adresse.";
    warn_plain_origin(origin) = "Pages of {origin}, which is not https, may use the API: anyone on the way to them can act for the users who open them."
        | "Seiten von {origin}, das kein HTTPS verwendet, dürfen die API nutzen: Auf dem Weg dorthin kann man sie verändern und im Namen der Benutzer handeln, die sie öffnen.";
    advise_plain_origin() = "Serve these pages over https and change cors.allowed_origins accordingly."
        | "Stellen Sie diese Seiten über HTTPS bereit und passen Sie cors.allowed_origins an.";
    warn_bare_credentials() = "The password for the mail server is sent unencrypted." | "Das Passwort für den Mailserver wird unverschlüsselt gesendet.";
    advise_bare_credentials() = "Set mail.smtp.tls to starttls or implicit." | "Setzen Sie mail.smtp.tls auf starttls oder implicit.";
}
