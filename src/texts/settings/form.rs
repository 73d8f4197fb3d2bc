//! Changing settings in the admin, and the set-up list.

use crate::texts::Lang;

texts! {
    settings_site() = "Site settings" | "Einstellungen der Website";
    settings_mail() = "Email settings" | "E-Mail-Einstellungen";
    settings_site_lead() = "They take effect within a few seconds, without a restart."
        | "Sie gelten nach wenigen Sekunden, ohne Neustart.";
    settings_mail_lead() = "A test email is sent with the new settings first. They take effect once the mail server accepts it, without a restart."
        | "Zuerst wird mit den neuen Einstellungen eine Test-E-Mail gesendet. Nimmt der Mailserver sie an, gelten die Einstellungen, ohne Neustart.";
    settings_save() = "Save settings" | "Einstellungen speichern";
    settings_test_and_save() = "Test and save" | "Testen und speichern";
    settings_test_to() = "Send the test email to" | "Test-E-Mail senden an";
    settings_test_to_hint() = "Only used if the settings for sending change." | "Wird nur benutzt, wenn sich die Einstellungen zum Senden ändern.";
    settings_fixed(source) = "Set in {source}. Change it there." | "In {source} gesetzt. Ändern Sie den Wert dort.";
    settings_keep_secret() = "A value is stored. Leave the field empty to keep it." | "Ein Wert ist gespeichert. Lassen Sie das Feld leer, um ihn zu behalten.";
    settings_remove_secret() = "Remove the stored password" | "Gespeichertes Passwort entfernen";
    settings_remove_logo() = "Remove the stored logo" | "Gespeichertes Logo entfernen";
    settings_logo_too_large() = "The image is larger than 256 KiB." | "Das Bild ist größer als 256 KiB.";
    settings_logo_format() = "The file is not a PNG, JPEG, GIF, WebP or SVG." | "Die Datei ist kein PNG, JPEG, GIF, WebP oder SVG.";
    settings_logo_now() = "The current logo" | "Das jetzige Logo";
    value_image(bytes) = "image of {bytes} bytes" | "Bild mit {bytes} Bytes";
    settings_empty_means(default) = "Default: {default}" | "Standard: {default}";
    settings_not_allowed(allowed) = "Not allowed: {allowed}." | "Nicht zulässig: {allowed}.";
    settings_needed(reason) = "Required: {reason}." | "Erforderlich: {reason}.";
    settings_stale() = "Another administrator changed settings in the meantime. The form now shows the current ones; your changes haven’t been saved."
        | "Ein anderer Administrator hat inzwischen Einstellungen geändert. Das Formular zeigt jetzt die aktuellen; Ihre Änderungen wurden nicht gespeichert.";
    settings_not_tested(error) = "The test email failed, so nothing was saved: {error}" | "Die Test-E-Mail ist fehlgeschlagen, deshalb wurde nichts gespeichert: {error}";
    settings_unusable(error) = "These settings can’t be used: {error}" | "Diese Einstellungen können nicht verwendet werden: {error}";
    settings_saved(name) = "{name} saved. They are in effect." | "{name} gespeichert. Sie gelten jetzt.";
    settings_tested(name) = "The mail server accepted the test email. {name} saved and in effect." | "Der Mailserver hat die Test-E-Mail angenommen. {name} gespeichert; sie gelten jetzt.";
    settings_unchanged(name) = "{name}: nothing changed." | "{name}: nichts geändert.";
    settings_ignored(reason) = "The settings changed here are not in effect: {reason}" | "Die hier geänderten Einstellungen gelten nicht: {reason}";
    settings_ignored_advice() = "Correct them in the form, or run doorward config clear." | "Korrigieren Sie sie im Formular oder führen Sie doorward config clear aus.";
    origin_database() = "changed in the admin" | "in der Verwaltung geändert";
    settings_changed_heading[n] = "1 changed setting", "{n} changed settings" | "1 geänderte Einstellung", "{n} geänderte Einstellungen";
    settings_all_heading[n] = "1 setting", "All {n} settings" | "1 Einstellung", "Alle {n} Einstellungen";
    settings_none_changed() = "All settings have their defaults." | "Alle Einstellungen haben ihren Standardwert.";
    settings_in_group[n] = "1 setting", "{n} settings" | "1 Einstellung", "{n} Einstellungen";
    settings_group_changed[n] = "1 changed", "{n} changed" | "1 geändert", "{n} geändert";
    settings_as_toml() = "Changed settings as TOML" | "Geänderte Einstellungen als TOML";
    settings_as_toml_hint() = "For doorward.toml. Secrets are left out." | "Für doorward.toml. Geheimnisse sind ausgelassen.";
    settings_copy() = "Copy as TOML" | "Als TOML kopieren";
    settings_change_site() = "Change site settings" | "Einstellungen der Website ändern";
    settings_change_mail() = "Change email settings" | "E-Mail-Einstellungen ändern";
    keys_heading() = "Signing keys" | "Signaturschlüssel";
    keys_lead(algorithm) = "New tokens are signed with {algorithm}. Services that check tokens read the public keys at /.well-known/jwks.json."
        | "Neue Tokens werden mit {algorithm} signiert. Dienste, die Tokens prüfen, lesen die öffentlichen Schlüssel unter /.well-known/jwks.json.";
    keys_none() = "No keys: HS256 signs with the key that signing_key sets, or with the one in the database."
        | "Keine Schlüssel: HS256 signiert mit dem Schlüssel aus signing_key oder mit dem aus der Datenbank.";
    keys_hint() = "The command line changes keys: doorward keys rotate, doorward keys revoke."
        | "Schlüssel werden auf der Kommandozeile geändert: doorward keys rotate, doorward keys revoke.";
    key_id() = "Key" | "Schlüssel";
    key_published_at() = "Published" | "Veröffentlicht";
    key_published() = "Waits, services can already read it" | "Wartet, Dienste können ihn schon lesen";
    key_signing() = "Signs" | "Signiert";
    key_verifying() = "Checks earlier tokens" | "Prüft frühere Tokens";
    key_gone() = "Its tokens are refused" | "Seine Tokens werden abgelehnt";
    key_signs_from() = "Signs from" | "Signiert ab";
    key_since() = "Since" | "Seit";
    key_until() = "Until" | "Bis";
    settings_changed_badge() = "changed" | "geändert";
    steps_heading() = "Set up doorward" | "doorward einrichten";
    steps_lead() = "Each step disappears once it is done. Dismiss what you don’t need." | "Jeder Schritt verschwindet, sobald er erledigt ist. Blenden Sie aus, was Sie nicht brauchen.";
    steps_dismiss() = "Dismiss" | "Ausblenden";
    steps_dismiss_one(step) = "Dismiss: {step}" | "Ausblenden: {step}";
    step_dismissed(step) = "Dismissed: {step}" | "Ausgeblendet: {step}";
    step_second_admin() = "Add a second administrator" | "Zweiten Administrator hinzufügen";
    step_second_admin_why() = "With a second one, a lost password doesn’t lock you out." | "Mit einem zweiten sperrt ein verlorenes Passwort Sie nicht aus.";
    step_second_admin_do() = "Add an administrator" | "Administrator hinzufügen";
    step_mail() = "Set up email" | "E-Mail einrichten";
    step_mail_why() = "For password resets, confirmations and invitations. Until then, emails wait in the outbox."
        | "Für zurückgesetzte Passwörter, Bestätigungen und Einladungen. Bis dahin warten E-Mails im Postausgang.";
    step_address() = "Set the public address" | "Öffentliche Adresse setzen";
    step_address_why() = "Links in emails start with it. In doorward.toml:" | "Links in E-Mails beginnen damit. In doorward.toml:";
    step_backup() = "Create a backup" | "Sicherung erstellen";
    step_backup_why() = "Ideally every night. The command works while doorward is running:" | "Am besten jede Nacht. Der Befehl funktioniert im laufenden Betrieb:";
    settings_password_again() = "Enter the password again: the mail server or the username has changed."
        | "Geben Sie das Passwort noch einmal ein: Der Mailserver oder der Benutzername hat sich geändert.";
    section_server() = "Server" | "Server";
    section_tokens() = "Tokens" | "Tokens";
    section_keys() = "Signing keys" | "Signaturschlüssel";
    section_api() = "API" | "API";
    section_cookies() = "Cookies" | "Cookies";
    section_database() = "PostgreSQL" | "PostgreSQL";
    section_password() = "Passwords" | "Passwörter";
    section_registration() = "Registration" | "Registrierung";
    section_account() = "Accounts and their pages" | "Konten und ihre Seiten";
    section_limits() = "Limits" | "Begrenzungen";
    section_admin() = "Admin" | "Verwaltung";
    section_audit() = "Audit log" | "Protokoll";
    section_cors() = "Other origins (CORS)" | "Andere Ursprünge (CORS)";
    section_site() = "Site" | "Website";
    section_mail() = "Emails" | "E-Mails";
    section_smtp() = "Mail server" | "Mailserver";
    section_log() = "Logging" | "Logs";
    section_http() = "HTTP server" | "HTTP-Server";
    setting_site_name() = "Name of the site" | "Name der Website";
    setting_site_colour() = "Accent colour" | "Akzentfarbe";
    setting_change_password_url() = "Page where users change their password" | "Seite, auf der Benutzer ihr Passwort ändern";
    setting_site_url() = "Address of the site" | "Adresse der Website";
    setting_site_logo() = "Logo" | "Logo";
    setting_time_zone() = "Time zone" | "Zeitzone";
    setting_mail_from() = "Sender" | "Absender";
    setting_mail_attempts() = "Attempts" | "Versuche";
    setting_mail_language() = "Language" | "Sprache";
    setting_mail_retention() = "Keep sent emails for" | "Gesendete E-Mails aufbewahren";
    setting_smtp_host() = "Mail server" | "Mailserver";
    setting_smtp_port() = "Port" | "Port";
    setting_smtp_tls() = "TLS" | "TLS";
    setting_smtp_username() = "Username" | "Benutzername";
    setting_smtp_password() = "Password" | "Passwort";
    setting_smtp_timeout() = "Time limit" | "Zeitlimit";
    setting_smtp_helo() = "Name of this machine (EHLO)" | "Name dieses Rechners (EHLO)";
}

impl Lang {
    /// The name of a section of the settings: what stands before the last dot of their names.
    #[must_use]
    pub fn section(self, section: &str) -> &str {
        match section {
            "" => self.section_server(),
            "tokens" => self.section_tokens(),
            "keys" => self.section_keys(),
            "api" => self.section_api(),
            "cookies" => self.section_cookies(),
            "database" => self.section_database(),
            "password" => self.section_password(),
            "registration" => self.section_registration(),
            "account" => self.section_account(),
            "limits" => self.section_limits(),
            "admin" => self.section_admin(),
            "audit" => self.section_audit(),
            "cors" => self.section_cors(),
            "site" => self.section_site(),
            "mail" => self.section_mail(),
            "mail.smtp" => self.section_smtp(),
            "log" => self.section_log(),
            "server" => self.section_http(),
            other => other,
        }
    }

    /// The label of a setting in a form; its name where it has none.
    #[must_use]
    pub fn setting(self, name: &'static str) -> &'static str {
        match name {
            "site.name" => self.setting_site_name(),
            "site.colour" => self.setting_site_colour(),
            "site.change_password_url" => self.setting_change_password_url(),
            "site.url" => self.setting_site_url(),
            "site.logo" => self.setting_site_logo(),
            "site.time_zone" => self.setting_time_zone(),
            "mail.from" => self.setting_mail_from(),
            "mail.attempts" => self.setting_mail_attempts(),
            "mail.language" => self.setting_mail_language(),
            "mail.retention" => self.setting_mail_retention(),
            "mail.smtp.host" => self.setting_smtp_host(),
            "mail.smtp.port" => self.setting_smtp_port(),
            "mail.smtp.tls" => self.setting_smtp_tls(),
            "mail.smtp.username" => self.setting_smtp_username(),
            "mail.smtp.password" => self.setting_smtp_password(),
            "mail.smtp.timeout" => self.setting_smtp_timeout(),
            "mail.smtp.helo_name" => self.setting_smtp_helo(),
            _ => name,
        }
    }
}
