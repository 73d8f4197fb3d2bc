//! The first start.

texts! {
    setup_heading() = "Create the first administrator" | "Den ersten Administrator anlegen";
    setup_lead() = "Nobody has an account here yet. Yours will be the first, and it can do everything."
        | "Noch hat hier niemand ein Konto. Ihres wird das erste, und es darf alles.";
    setup_submit() = "Create the administrator" | "Administrator anlegen";
    setup_gone_heading() = "This link no longer works" | "Dieser Link gilt nicht mehr";
    setup_gone_lead() = "A set-up link works once, for a limited time, and only as long as nobody has an account."
        | "Ein Einrichtungslink gilt einmal, für begrenzte Zeit, und nur solange niemand ein Konto hat.";
    setup_gone_none() = "If there is no account yet" | "Wenn es noch kein Konto gibt";
    setup_gone_none_lead() = "Restart doorward. It prints a new link, and the latest one is the one that works."
        | "Starten Sie doorward neu. Es gibt einen neuen Link aus, und der letzte ist der, der gilt.";
    setup_gone_one() = "If there is one already" | "Wenn es schon eines gibt";
    setup_gone_one_lead() = "Sign in with that. For one more administrator, run this on the machine that doorward runs on:"
        | "Melden Sie sich damit an. Für einen weiteren Administrator führen Sie auf der Maschine, auf der doorward läuft, das aus:";
    setup_done_heading() = "You are the administrator now" | "Sie sind jetzt der Administrator";
    setup_done_lead() = "Your account is ready, and the set-up link has stopped working."
        | "Ihr Konto ist bereit, und der Einrichtungslink gilt nicht mehr.";
    setup_try() = "Try a login over the API" | "Eine Anmeldung über die API versuchen";
    setup_try_lead() = "Put your own username into this line and run it in a terminal:"
        | "Setzen Sie Ihren Benutzernamen in diese Zeile ein und führen Sie sie in einem Terminal aus:";
    setup_try_how() = "Then type your password, press Enter and Ctrl+D. The line does not hold the password, and so your shell’s history does not either."
        | "Tippen Sie dann Ihr Passwort und drücken Sie Enter und Strg+D. Die Zeile enthält das Passwort nicht, und so auch der Verlauf Ihrer Shell nicht.";
    code_block() = "Command" | "Befehl";
}
