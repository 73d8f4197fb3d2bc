//! The settings in force, and the health of the parts.

texts! {
    settings_heading() = "Settings" | "Einstellungen";
    settings_lead() = "What is in force, and where each comes from. Changing them stays in the file, the environment and the flags."
        | "Was gilt, und woher es kommt. Geändert wird es in der Datei, der Umgebung und den Flags.";
    column_setting() = "Setting" | "Einstellung";
    column_value() = "Value" | "Wert";
    column_origin() = "From" | "Woher";
    value_set() = "(set)" | "(gesetzt)";
    value_unset() = "(unset)" | "(nicht gesetzt)";
    origin_default() = "default" | "Vorgabe";
    origin_file(path, line) = "{path}, line {line}" | "{path}, Zeile {line}";
    parts_heading() = "Parts" | "Teile";
    part_version() = "Version" | "Version";
    part_database() = "Database" | "Datenbank";
    part_engine() = "Password engine" | "Passwort-Rechner";
    database_answers(kind, ms) = "{kind}; it answered in {ms} ms." | "{kind}; sie antwortete in {ms} ms.";
    engine_threads[n] = "one thread", "{n} threads" | "ein Thread", "{n} Threads";
    engine_waiting[n] = "one login is waiting", "{n} logins are waiting" | "eine Anmeldung wartet", "{n} Anmeldungen warten";
    warnings_heading() = "Look at this" | "Sehen Sie sich das an";
}
