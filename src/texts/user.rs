//! The page of one user, and the actions on it.

texts! {
    user_details() = "Account" | "Konto";
    groups() = "Groups" | "Gruppen";
    groups_lead() = "Groups are given and taken on the page of a user, under “Edit”, or with “doorward group”. Access tokens can carry their names (tokens.claims)."
        | "Gruppen werden auf der Seite eines Benutzers unter „Bearbeiten“ oder mit „doorward group“ gegeben und genommen. Access-Tokens können ihre Namen enthalten (tokens.claims).";
    groups_none() = "No groups yet." | "Noch keine Gruppen.";
    groups_name() = "Name" | "Name";
    filter_group() = "Group" | "Gruppe";
    groups_hint() = "Names with commas between them. A name that no group has makes a new group."
        | "Namen, durch Kommas getrennt. Ein Name, den keine Gruppe hat, legt eine neue an.";
    groups_known(names) = "Groups: {names}." | "Gruppen: {names}.";
    group_name_bad(name) = "“{name}” can’t be the name of a group: at most 150 characters on one line."
        | "„{name}“ kann kein Gruppenname sein: höchstens 150 Zeichen in einer Zeile.";
    user_attributes() = "Further attributes" | "Weitere Angaben";
    user_no_groups() = "none" | "keine";
    user_no_email() = "no email address" | "keine E-Mail-Adresse";
    user_number() = "ID" | "ID";
    user_changed() = "Changed" | "Geändert";
    user_created() = "Created" | "Erstellt";
    user_last_login() = "Last login" | "Letzte Anmeldung";
    user_hash() = "Password hash" | "Passwort-Hash";
    user_hash_at_cost(format, cost) = "{format}, cost {cost}" | "{format}, Kosten {cost}";
    user_hash_with_rounds(format, rounds) = "{format}, {rounds} iterations" | "{format}, {rounds} Iterationen";
    user_tabs() = "Parts of this account" | "Bereiche dieses Kontos";
    tab_profile() = "Profile" | "Profil";
    act_reset_menu() = "Reset password" | "Passwort zurücksetzen";
    act_more() = "More actions" | "Weitere Aktionen";
    act_delete_hint() = "Deletes the account and ends all its sessions." | "Löscht das Konto und beendet alle seine Sitzungen.";
    act_delete_user(name) = "Delete {name}…" | "{name} löschen…";
    copy_email() = "Copy email address" | "E-Mail-Adresse kopieren";
    client_on() = "on" | "auf";
    client_unknown() = "Unknown client" | "Unbekanntes Programm";
    user_actions() = "Actions" | "Aktionen";
    user_is_you() = "This is your own account." | "Dies ist Ihr eigenes Konto.";
    deactivated_by(who, ago) = "Deactivated by {who}, {ago}." | "Deaktiviert durch {who}, {ago}.";
    act_export_data() = "Download all data (JSON)" | "Alle Daten herunterladen (JSON)";
    act_edit() = "Change username or email address" | "Benutzername oder E-Mail-Adresse ändern";
    act_confirm() = "Confirm email address" | "E-Mail-Adresse bestätigen";
    act_unconfirm() = "Mark email address as unconfirmed" | "E-Mail-Adresse als unbestätigt markieren";
    act_activate() = "Activate" | "Aktivieren";
    act_deactivate() = "Deactivate…" | "Deaktivieren…";
    act_password() = "Set password…" | "Passwort setzen…";
    act_make_admin() = "Make administrator…" | "Zum Administrator machen…";
    act_revoke_admin() = "Remove administrator rights…" | "Administratorrechte entziehen…";
    act_delete() = "Delete…" | "Löschen…";
    user_logins() = "Recent logins" | "Letzte Anmeldungen";
    user_no_logins() = "No login attempts yet." | "Noch keine Anmeldeversuche.";
    user_activity() = "Activity" | "Verlauf";
    act_on_password() = "Password" | "Passwort";
    act_on_account() = "Account" | "Konto";
    act_send_confirmation() = "Resend confirmation" | "Bestätigung erneut senden";
    act_send_reset() = "Send password reset email" | "E-Mail zum Zurücksetzen senden";
    act_link() = "Create reset link…" | "Link zum Zurücksetzen erstellen…";
    act_end_session() = "End session" | "Sitzung beenden";
    act_end_sessions() = "End all sessions" | "Alle Sitzungen beenden";
    act_end_others() = "End all other sessions" | "Alle anderen Sitzungen beenden";
    user_sessions() = "Sessions" | "Sitzungen";
    user_no_sessions() = "No active sessions." | "Keine aktiven Sitzungen.";
    user_open_sessions[n] = "{n} open session", "{n} open sessions" | "{n} offene Sitzung", "{n} offene Sitzungen";
    user_most_sessions[n] = "More than {n} open session", "More than {n} open sessions" | "Mehr als {n} offene Sitzung", "Mehr als {n} offene Sitzungen";
    user_more_sessions() = "Only the most recent sessions are shown." | "Es werden nur die neuesten Sitzungen angezeigt.";
    session_of_admin() = "admin" | "Verwaltung";
    session_is_this() = "this session" | "diese Sitzung";
    column_began() = "Started" | "Begonnen";
    column_last_seen() = "Last seen" | "Zuletzt aktiv";
    user_recovery_email() = "Password resets go to" | "Passwort zurücksetzen über";
    user_emails() = "Email address history" | "Verlauf der E-Mail-Adresse";
    user_no_emails() = "No entries." | "Keine Einträge.";
    link_heading(name) = "Create a password reset link for {name}?" | "Link zum Zurücksetzen für {name} erstellen?";
    link_lead() = "Anyone with this link can set the password of this account, once. The link is not emailed: send it to the user yourself over a secure channel. Earlier links stop working. The current password works until the link is used."
        | "Jeder mit diesem Link kann das Passwort dieses Kontos einmal setzen. Der Link wird nicht per E-Mail gesendet: Geben Sie ihn selbst auf einem sicheren Weg weiter. Frühere Links werden ungültig. Das aktuelle Passwort gilt, bis der Link benutzt wird.";
    link_inactive() = "This account is inactive, and a link would not work. Activate the account first."
        | "Dieses Konto ist inaktiv, und ein Link würde nicht funktionieren. Aktivieren Sie zuerst das Konto.";
    link_conflict() = "A link was created or the account changed after this page was loaded. No new link was created, because it would end the previous one."
        | "Nach dem Laden dieser Seite wurde ein Link erstellt oder das Konto geändert. Es wurde kein neuer Link erstellt, weil er den vorigen ungültig machen würde.";
    link_submit() = "Create link" | "Link erstellen";
    link_made(name) = "Password reset link for {name}" | "Link zum Zurücksetzen des Passworts für {name}";
    link_once() = "Copy the link now. It won’t be shown again." | "Kopieren Sie den Link jetzt. Er wird nicht noch einmal angezeigt.";
    link_label() = "Password reset link" | "Link zum Zurücksetzen des Passworts";
    link_expires() = "Works once. Expires" | "Einmal gültig. Läuft ab:";
    link_done(name) = "Back to {name}" | "Zurück zu {name}";
    copy() = "Copy" | "Kopieren";
    copied() = "Copied" | "Kopiert";
    column_when() = "Time" | "Zeit";
    column_event() = "Event" | "Ereignis";
    column_by() = "By" | "Durch";
    column_user() = "User" | "Benutzer";
    column_from() = "IP address" | "IP-Adresse";
    column_device() = "Device" | "Gerät";
    edit_heading(name) = "Edit {name}" | "{name} bearbeiten";
    edit_submit() = "Save" | "Speichern";
    edit_email_hint() = "A confirmation email is sent to a new address. The old address, if confirmed, gets an email about the change."
        | "An eine neue Adresse geht eine Bestätigungs-E-Mail. Die alte Adresse, falls bestätigt, erhält eine E-Mail mit einem Link, um die Änderung rückgängig zu machen.";
    edit_conflict() = "This account changed after the page was loaded, perhaps through a double click. The form now shows the current state with your changes. Check it and save again."
        | "Dieses Konto wurde nach dem Laden der Seite geändert, vielleicht durch einen Doppelklick. Das Formular zeigt jetzt den aktuellen Stand mit Ihren Änderungen. Prüfen Sie es und speichern Sie erneut.";
    is_now(value) = "Current value: {value}" | "Aktueller Wert: {value}";
    own_account() = "This is your own account: you will be signed out immediately and can’t restore your access to the admin yourself."
        | "Dies ist Ihr eigenes Konto: Sie werden sofort abgemeldet und können Ihren Zugang zur Verwaltung nicht selbst wiederherstellen.";
    deactivate_heading(name) = "Deactivate {name}?" | "{name} deaktivieren?";
    deactivate_lead() = "All sessions of this user end now, and the user can’t log in until the account is activated again."
        | "Alle Sitzungen dieses Benutzers enden sofort. Der Benutzer kann sich erst wieder anmelden, wenn das Konto aktiviert wird.";
    deactivate_submit() = "Deactivate" | "Deaktivieren";
    reason() = "Reason" | "Grund";
    reason_spam() = "Spam" | "Spam";
    reason_left() = "Left" | "Ausgeschieden";
    reason_on_request() = "On request" | "Auf eigenen Wunsch";
    reason_hint() = "Optional. Recorded in the audit log; not shown to the user." | "Optional. Wird im Protokoll gespeichert und dem Benutzer nicht angezeigt.";
    make_admin_heading(name) = "Make {name} an administrator?" | "{name} zum Administrator machen?";
    make_admin_lead() = "Administrators can view, change and delete every account." | "Administratoren können jedes Konto einsehen, ändern und löschen.";
    make_admin_submit() = "Make administrator" | "Zum Administrator machen";
    revoke_admin_heading(name) = "Remove administrator rights from {name}?" | "{name} die Administratorrechte entziehen?";
    revoke_admin_lead() = "The user keeps the account but loses access to the admin immediately."
        | "Der Benutzer behält das Konto, verliert aber sofort den Zugang zur Verwaltung.";
    revoke_admin_submit() = "Remove administrator rights" | "Administratorrechte entziehen";
    password_heading(name) = "Set a password for {name}" | "Passwort für {name} setzen";
    password_lead() = "The current password stops working and all sessions end. Send the new password to the user over a secure channel."
        | "Das aktuelle Passwort wird ungültig, und alle Sitzungen enden. Teilen Sie dem Benutzer das neue Passwort auf einem sicheren Weg mit.";
    password_submit() = "Set password" | "Passwort setzen";
    delete_heading(name) = "Permanently delete {name}?" | "{name} endgültig löschen?";
    delete_lead() = "This can’t be undone. Audit log entries about this account are kept."
        | "Das kann nicht rückgängig gemacht werden. Die Protokolleinträge zu diesem Konto bleiben erhalten.";
    delete_later_heading(name) = "Delete {name}?" | "{name} löschen?";
    delete_later_lead(date) = "The user is signed out everywhere and can’t log in any more. The account is deleted on {date}; until then you can take the deletion back."
        | "Der Benutzer wird überall abgemeldet und kann sich nicht mehr anmelden. Das Konto wird am {date} gelöscht; bis dahin können Sie die Löschung zurücknehmen.";
    delete_later_submit() = "Request deletion" | "Löschung anfordern";
    delete_remains() = "Kept after the deletion: audit log entries without name, address and device, and digests from which the account is recognised if a backup brings it back. Backups and exported files are not changed."
        | "Nach der Löschung bleiben: Protokolleinträge ohne Namen, Adresse und Gerät sowie Prüfwerte, an denen das Konto erkannt wird, falls eine Sicherung es zurückbringt. Sicherungen und exportierte Dateien werden nicht geändert.";
    user_deletion_due(date) = "This account will be deleted on {date}. Until then the user can’t log in, and the username and email address stay taken."
        | "Dieses Konto wird am {date} gelöscht. Bis dahin kann sich der Benutzer nicht anmelden, und Benutzername und E-Mail-Adresse bleiben vergeben.";
    act_cancel_deletion() = "Cancel deletion" | "Löschung zurücknehmen";
    act_delete_now() = "Delete now…" | "Jetzt löschen…";
    delete_type_name() = "Enter the username to confirm" | "Geben Sie zur Bestätigung den Benutzernamen ein";
    delete_wrong_name() = "The username does not match." | "Der Benutzername stimmt nicht.";
    delete_submit() = "Delete account" | "Konto löschen";
    last_administrator() = "This is the last administrator who can log in. Make another user an administrator first."
        | "Dies ist der letzte Administrator, der sich anmelden kann. Machen Sie zuerst einen anderen Benutzer zum Administrator.";
    add_heading() = "Add user" | "Benutzer hinzufügen";
    add_submit() = "Add user" | "Benutzer hinzufügen";
    add_confirmed() = "Email address is confirmed" | "E-Mail-Adresse ist bestätigt";
    add_active() = "Active (can log in)" | "Aktiv (kann sich anmelden)";
    add_admin() = "Administrator" | "Administrator";
}
