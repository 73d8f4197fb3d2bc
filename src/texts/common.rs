//! The frame of every page of the admin: navigation, language, common buttons.

texts! {
    skip_to_content() = "Skip to content" | "Zum Inhalt springen";
    main_navigation() = "Main" | "Hauptnavigation";
    on_this_page() = "On this page" | "Auf dieser Seite";
    breadcrumbs() = "Breadcrumbs" | "Navigationspfad";
    nav_home() = "Overview" | "Übersicht";
    nav_users() = "Users" | "Benutzer";
    nav_mail() = "Emails" | "E-Mails";
    nav_login_help() = "Login help" | "Anmeldehilfe";
    nav_audit() = "Audit log" | "Protokoll";
    nav_settings() = "Settings" | "Einstellungen";
    sign_out() = "Sign out" | "Abmelden";
    signed_in_as(name) = "Signed in as {name}" | "Angemeldet als {name}";
    language() = "Language" | "Sprache";
    theme() = "Theme" | "Farbschema";
    theme_system() = "System" | "System";
    theme_light() = "Light" | "Hell";
    theme_dark() = "Dark" | "Dunkel";
    theme_chosen() = "selected" | "ausgewählt";
    switch_loses_input() = "Switching reloads the page. What you have typed and not saved is lost." |
        "Beim Umschalten wird die Seite neu geladen. Nicht gespeicherte Eingaben gehen verloren.";
    please_correct() = "Correct the following" | "Korrigieren Sie Folgendes";
    error_prefix() = "Error: " | "Fehler: ";
    cancel() = "Cancel" | "Abbrechen";
    back() = "Back" | "Zurück";
    yes() = "yes" | "ja";
    no() = "no" | "nein";
}
