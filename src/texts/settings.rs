//! The settings in force, and the health of the parts.

texts! {
    settings_heading() = "Settings" | "Einstellungen";
    settings_in_force() = "In force" | "In Kraft";
    settings_lead() = "What is in force, and where it comes from. Settings are changed in the file, the environment or by flags."
        | "Was gilt, und woher es kommt. Geändert wird es in der Datei, der Umgebung und den Flags.";
    column_setting() = "Setting" | "Einstellung";
    column_value() = "Value" | "Wert";
    column_origin() = "From" | "Woher";
    value_set() = "(set)" | "(gesetzt)";
    value_unset() = "(unset)" | "(nicht gesetzt)";
    origin_default() = "default" | "Vorgabe";
    origin_file(path, line) = "{path}, line {line}" | "{path}, Zeile {line}";
    parts_heading() = "Health" | "Teile";
    part_version() = "Version" | "Version";
    part_database() = "Database" | "Datenbank";
    part_engine() = "Password engine" | "Passwortprüfung";
    database_answers(kind, ms) = "{kind}; it answered in {ms} ms." | "{kind}; sie antwortete in {ms} ms.";
    part_mail() = "Mail" | "Mail";
    part_audit() = "Audit log" | "Protokoll";
    mail_goes_to(server) = "through {server}" | "über {server}";
    mail_goes_nowhere() = "no SMTP server is set" | "kein SMTP-Server ist eingestellt";
    mails_wait[n] = "one mail waits", "{n} mails wait" | "eine Mail wartet", "{n} Mails warten";
    mails_given_up[n] = "one was given up", "{n} were given up" | "eine war nicht zustellbar", "{n} waren nicht zustellbar";
    rows_chained[n] = "one row is chained", "{n} rows are chained" | "eine Zeile ist verkettet", "{n} Zeilen sind verkettet";
    rows_unchained() = "the latest are about to be" | "die neuesten sind gleich an der Reihe";
    engine_threads[n] = "one thread", "{n} threads" | "ein Thread", "{n} Threads";
    engine_waiting[n] = "one login is waiting", "{n} logins are waiting" | "eine Anmeldung wartet", "{n} Anmeldungen warten";
    warnings_heading() = "Needs attention" | "Sehen Sie sich das an";
}
