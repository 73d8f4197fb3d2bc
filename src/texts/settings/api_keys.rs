//! API keys in the admin.

texts! {
    api_keys_heading() = "API keys" | "API-Schlüssel";
    api_keys_lead() = "Machines call the API for administrators and check tokens with these keys."
        | "Maschinen rufen damit die API für Administratoren auf und prüfen Tokens.";
    api_keys_none() = "No API keys yet." | "Noch keine API-Schlüssel.";
    api_key_add() = "Create API key" | "API-Schlüssel erstellen";
    api_key_name() = "Name" | "Name";
    api_key_name_hint() = "What the key is for, such as the program that uses it."
        | "Wofür der Schlüssel ist, etwa das Programm, das ihn benutzt.";
    api_key_may() = "May" | "Darf";
    api_key_what_may() = "What may the key do?" | "Was darf der Schlüssel?";
    api_key_users_read() = "Read users (users:read)" | "Benutzer lesen (users:read)";
    api_key_users_write() = "Create, change and delete users (users:write)" | "Benutzer anlegen, ändern und löschen (users:write)";
    api_key_audit_read() = "Read the audit log (audit:read)" | "Protokoll lesen (audit:read)";
    api_key_introspect() = "Check tokens (tokens:introspect)" | "Tokens prüfen (tokens:introspect)";
    api_key_days() = "Valid for how many days" | "Wie viele Tage gültig";
    api_key_days_hint() = "Empty: until it is revoked." | "Leer: bis er widerrufen wird.";
    api_key_bad_days() = "Enter a whole number from 1 to 3650." | "Geben Sie eine ganze Zahl von 1 bis 3650 ein.";
    api_key_networks() = "Only from these networks" | "Nur aus diesen Netzen";
    api_key_networks_hint() = "Addresses and networks such as 10.0.0.0/8, separated by commas. Empty: from anywhere."
        | "Adressen und Netze wie 10.0.0.0/8, durch Kommas getrennt. Leer: von überall.";
    api_key_bad_network(text) = "{text} is no address or network." | "{text} ist keine Adresse und kein Netz.";
    api_key_bad_name(most) = "Enter a name of up to {most} characters." | "Geben Sie einen Namen mit höchstens {most} Zeichen ein.";
    api_key_no_scope() = "Choose at least one." | "Wählen Sie mindestens eines.";
    api_key_made(name) = "API key {name} created" | "API-Schlüssel {name} erstellt";
    api_key_once() = "Copy the key now. It is not displayed again." | "Kopieren Sie den Schlüssel jetzt. Er wird nicht noch einmal angezeigt.";
    api_key_header_hint() = "Requests send it in the header Authorization, after the word Api-Key."
        | "Anfragen senden ihn im Header Authorization, nach dem Wort Api-Key.";
    api_key_done() = "Back to the API keys" | "Zurück zu den API-Schlüsseln";
    api_key_made_before() = "This API key was created before. If nobody copied it, revoke it and create another one."
        | "Dieser API-Schlüssel wurde schon erstellt. Falls ihn niemand kopiert hat, widerrufen Sie ihn und erstellen Sie einen neuen.";
    api_key_used() = "Last used" | "Zuletzt benutzt";
    api_key_changes() = "What it changed" | "Was er geändert hat";
    api_key_never_used() = "never" | "nie";
    api_key_active() = "Active" | "Aktiv";
    api_key_active_until() = "Active, expires" | "Aktiv, läuft ab";
    api_key_expired() = "Expired" | "Abgelaufen";
    api_key_revoked() = "Revoked" | "Widerrufen";
    api_key_from(networks) = "from {networks}" | "aus {networks}";
    api_key_revoke() = "Revoke" | "Widerrufen";
    api_key_revoke_heading(name) = "Revoke API key {name}" | "API-Schlüssel {name} widerrufen";
    api_key_revoke_lead() = "Programs that use the key are refused at once. A revoked key does not come back."
        | "Programme, die den Schlüssel benutzen, werden sofort abgewiesen. Ein widerrufener Schlüssel kommt nicht zurück.";
    api_key_was_revoked(name) = "API key {name} revoked." | "API-Schlüssel {name} widerrufen.";
    api_key_gone() = "This API key was revoked before." | "Dieser API-Schlüssel war schon widerrufen.";
}
