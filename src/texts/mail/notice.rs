//! What administrators decide about emails to users, and a suggested password.

texts! {
    notice_to_user() = "Send an email to the user" | "Eine E-Mail an den Benutzer senden";
    generate_password() = "Generate password" | "Passwort erzeugen";
    activate_for_links() = "Activate the account to send links." | "Aktivieren Sie das Konto, um Links zu senden.";
}
