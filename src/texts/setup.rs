//! Setup: creating the first administrator.

texts! {
    setup_heading() = "Create the first administrator" | "Ersten Administrator erstellen";
    setup_lead() = "This account will have full access." | "Dieses Konto wird vollen Zugriff haben.";
    setup_submit() = "Create administrator" | "Administrator erstellen";
    setup_gone_heading() = "This link no longer works" | "Dieser Link ist nicht mehr gültig";
    setup_gone_lead() = "A setup link works once, for a limited time, and only while there is no administrator."
        | "Ein Einrichtungslink gilt einmal, für begrenzte Zeit, und nur solange es keinen Administrator gibt.";
    setup_gone_none() = "If there is no administrator yet" | "Wenn es noch keinen Administrator gibt";
    setup_gone_none_lead() = "Restart doorward. It prints a new setup link; only the latest one works."
        | "Starten Sie doorward neu. Es gibt einen neuen Einrichtungslink aus; nur der neueste ist gültig.";
    setup_gone_one() = "If there is already an administrator" | "Wenn es bereits einen Administrator gibt";
    setup_gone_one_lead() = "Sign in with that account. To add another administrator, run this command on the server:"
        | "Melden Sie sich mit diesem Konto an. Um einen weiteren Administrator hinzuzufügen, führen Sie auf dem Server diesen Befehl aus:";
    setup_done_heading() = "Administrator created" | "Administrator erstellt";
    setup_done_lead() = "You are signed in. The setup link no longer works."
        | "Sie sind angemeldet. Der Einrichtungslink ist nicht mehr gültig.";
    setup_try() = "Try a login over the API" | "Anmeldung über die API ausprobieren";
    setup_try_lead() = "Replace the username in this command and run it in a terminal:"
        | "Ersetzen Sie in diesem Befehl den Benutzernamen und führen Sie ihn in einem Terminal aus:";
    setup_try_run() = "Run this command in a terminal:" | "Führen Sie diesen Befehl in einem Terminal aus:";
    setup_try_how() = "Then type your password and press Enter and Ctrl+D. The password is not part of the command, so it is not saved in your shell’s history."
        | "Geben Sie dann Ihr Passwort ein und drücken Sie Enter und Strg+D. Das Passwort ist nicht Teil des Befehls und wird daher nicht im Verlauf Ihrer Shell gespeichert.";
    code_block() = "Command" | "Befehl";
}
