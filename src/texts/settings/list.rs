//! Current settings, and the health of each part.

texts! {
    settings_heading() = "Settings" | "Einstellungen";
    settings_current() = "Current settings" | "Aktuelle Einstellungen";
    settings_lead() = "Site and email settings can be changed here. Change all others in the configuration file, in the environment or with flags, then restart doorward."
        | "Website- und E-Mail-Einstellungen lassen sich hier ändern. Ändern Sie alle anderen in der Konfigurationsdatei, in der Umgebung oder mit Flags und starten Sie doorward neu.";
    column_setting() = "Setting" | "Einstellung";
    column_value() = "Value" | "Wert";
    column_origin() = "Source" | "Quelle";
    value_none() = "(none)" | "(keine)";
    value_set() = "(set)" | "(gesetzt)";
    value_unset() = "(unset)" | "(nicht gesetzt)";
    origin_default() = "default" | "Standard";
    origin_file(path, line) = "{path}, line {line}" | "{path}, Zeile {line}";
    parts_heading() = "Health" | "Systemzustand";
    part_version() = "Version" | "Version";
    part_database() = "Database" | "Datenbank";
    part_engine() = "Password hashing" | "Passwort-Hashing";
    database_answers(kind, ms) = "{kind}, response time {ms} ms" | "{kind}, Antwortzeit {ms} ms";
    part_mail() = "Emails" | "E-Mails";
    part_audit() = "Audit log" | "Protokoll";
    mail_server_is(server) = "mail server {server}" | "Mailserver {server}";
    mail_not_configured() = "no mail server configured" | "kein Mailserver konfiguriert";
    mails_wait[n] = "1 waiting", "{n} waiting" | "1 wartend", "{n} wartend";
    mails_failed[n] = "1 failed", "{n} failed" | "1 fehlgeschlagen", "{n} fehlgeschlagen";
    rows_chained[n] = "1 entry in the hash chain", "{n} entries in the hash chain" | "1 Eintrag in der Hash-Kette", "{n} Einträge in der Hash-Kette";
    rows_unchained() = "latest entries pending" | "neueste Einträge folgen";
    engine_threads[n] = "1 thread", "{n} threads" | "1 Thread", "{n} Threads";
    engine_waiting[n] = "1 login waiting", "{n} logins waiting" | "1 Anmeldung wartet", "{n} Anmeldungen warten";
    warnings_heading() = "Needs attention" | "Handlungsbedarf";
}
