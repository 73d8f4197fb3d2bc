//! The list of users, and bulk actions.

use super::Lang;

texts! {
    users_heading() = "Users" | "Benutzer";
    users_count[n] = "1 user", "{n} users" | "1 Benutzer", "{n} Benutzer";
    users_at_least[n] = "At least 1 user", "At least {n} users" | "Mindestens 1 Benutzer", "Mindestens {n} Benutzer";
    total_confirmed[n] = "1 confirmed", "{n} confirmed" | "1 bestätigt", "{n} bestätigt";
    total_active[n] = "1 active", "{n} active" | "1 aktiv", "{n} aktiv";
    total_admins[n] = "1 administrator", "{n} administrators" | "1 Administrator", "{n} Administratoren";
    total_never[n] = "1 never logged in", "{n} never logged in" | "1 nie angemeldet", "{n} nie angemeldet";
    users_more_than[n] = "More than 1 user", "More than {n} users" | "Mehr als 1 Benutzer", "Mehr als {n} Benutzer";
    count_exactly() = "Show exact count" | "Genau zählen";
    search() = "Search" | "Suchen";
    search_hint() = "Search by username or email" | "Name oder E-Mail-Adresse suchen";
    search_short() = "Terms of 1 or 2 characters match only the beginning; longer terms match anywhere."
        | "Suchbegriffe mit 1 oder 2 Zeichen werden nur am Anfang gesucht, längere überall.";
    filters() = "Filters" | "Filter";
    apply_filters() = "Apply filters" | "Filter anwenden";
    clear_filters() = "Clear filters" | "Filter zurücksetzen";
    filter_no_choice() = "Invalid value. Select one of the options." | "Ungültiger Wert. Wählen Sie eine der Optionen.";
    filter_no_day() = "Invalid date. Enter a date such as 2026-11-29." | "Ungültiges Datum. Geben Sie ein Datum wie 2026-11-29 ein.";
    filter_day_missing() = "Enter a date." | "Geben Sie ein Datum ein.";
    filter_days_reversed() = "This date is before the first one." | "Dieses Datum liegt vor dem ersten.";
    filter_day_alone() = "Also select “before a day” for the last login, or clear the date."
        | "Wählen Sie bei der letzten Anmeldung auch „vor einem Tag“ oder leeren Sie das Datum.";
    filters_invalid() = "No results: correct the filters marked above." | "Keine Ergebnisse: Korrigieren Sie die oben markierten Filter.";
    filter_any() = "any" | "alle";
    filter_confirmed() = "Email address confirmed" | "E-Mail-Adresse bestätigt";
    filter_active() = "Active" | "Aktiv";
    filter_deletion() = "To be deleted" | "Wird gelöscht";
    filter_admin() = "Administrator" | "Administrator";
    filter_login() = "Last login" | "Letzte Anmeldung";
    login_never() = "never" | "nie";
    login_not_since() = "before a day, or never" | "vor einem Tag oder nie";
    since_day() = "Last login before" | "Letzte Anmeldung vor";
    filter_added() = "Created" | "Erstellt";
    added_day() = "in the last 24 hours" | "in den letzten 24 Stunden";
    added_week() = "in the last 7 days" | "in den letzten 7 Tagen";
    added_month() = "in the last 30 days" | "in den letzten 30 Tagen";
    added_year() = "in the last 365 days" | "in den letzten 365 Tagen";
    column_username() = "Username" | "Benutzername";
    column_email() = "Email address" | "E-Mail-Adresse";
    column_state() = "Status" | "Status";
    column_created() = "Created" | "Erstellt";
    column_login() = "Last login" | "Letzte Anmeldung";
    choose(name) = "Select {name}" | "{name} auswählen";
    choose_all[n] = "Select the 1 matching user", "Select all {n} matching users (all pages)"
        | "Den 1 passenden Benutzer auswählen", "Alle {n} passenden Benutzer auswählen (alle Seiten)";
    choose_all_of_many() = "Select all matching users (all pages)" | "Alle passenden Benutzer auswählen (alle Seiten)";
    with_chosen() = "Actions for selected users:" | "Aktionen für ausgewählte Benutzer:";
    state_active() = "active" | "aktiv";
    state_to_be_deleted() = "to be deleted" | "wird gelöscht";
    state_inactive() = "inactive" | "inaktiv";
    state_confirmed() = "confirmed" | "bestätigt";
    state_unconfirmed() = "unconfirmed" | "unbestätigt";
    state_admin() = "administrator" | "Administrator";
    page_next() = "Next" | "Weiter";
    page_previous() = "Previous" | "Zurück";
    page_first() = "First page" | "Erste Seite";
    pages() = "Pages" | "Seiten";
    list_range(from, to, all) = "{from}–{to} of {all}" | "{from}–{to} von {all}";
    list_range_open(from, to) = "{from}–{to}" | "{from}–{to}";
    order_username() = "sorted by username" | "nach Benutzername sortiert";
    order_match() = "best matches first" | "beste Treffer zuerst";
    remove_filter(filter) = "Remove filter: {filter}" | "Filter entfernen: {filter}";
    only_whole_address() = "only the exact match" | "nur der genaue Treffer";
    user_with_name() = "User with this name:" | "Benutzer mit diesem Namen:";
    user_with_id(id) = "User with ID {id}:" | "Benutzer mit ID {id}:";
    views() = "Views" | "Ansichten";
    view() = "View" | "Ansicht";
    view_new() = "New in 24 hours" | "Neu in 24 Stunden";
    view_name() = "Save this list as" | "Diese Liste speichern als";
    view_example() = "Spam today" | "Spam von heute";
    save_view() = "Save view" | "Ansicht speichern";
    delete_view(name) = "Delete view {name}" | "Ansicht {name} löschen";
    apply_view() = "Apply" | "Anwenden";
    page_size() = "Users per page" | "Benutzer pro Seite";
    list_columns() = "Columns" | "Spalten";
    column_id() = "ID" | "ID";
    column_tick() = "Select" | "Auswahl";
    select_page() = "Select this page" | "Diese Seite auswählen";
    selected() = "selected" | "ausgewählt";
    clear_selection() = "Clear" | "Auswahl aufheben";
    all_selected() = "All matching users selected" | "Alle passenden Benutzer ausgewählt";
    page_last() = "Last page" | "Letzte Seite";
    export_columns() = "Download with selected columns" | "Mit ausgewählten Spalten herunterladen";
    too_many_selected() = "Only the first 200 selected users are kept. To select more, use “Select all matching users”."
        | "Nur die ersten 200 ausgewählten Benutzer bleiben ausgewählt. Für mehr verwenden Sie „Alle passenden Benutzer auswählen“.";
    view_bad_name() = "The view was not saved. Its name needs 1 to 40 characters." | "Die Ansicht wurde nicht gespeichert. Ihr Name braucht 1 bis 40 Zeichen.";
    view_too_many() = "The view was not saved. You have 20 views: delete one first." | "Die Ansicht wurde nicht gespeichert. Sie haben 20 Ansichten: Löschen Sie zuerst eine.";
    view_saved(name) = "View “{name}” saved." | "Ansicht „{name}“ gespeichert.";
    view_deleted(name) = "View “{name}” deleted." | "Ansicht „{name}“ gelöscht.";
    user_list_empty() = "No users yet" | "Noch keine Benutzer";
    no_matching_users() = "No matching users" | "Keine passenden Benutzer";
    no_results_hint() = "Try a shorter search term or fewer filters." | "Versuchen Sie einen kürzeren Suchbegriff oder weniger Filter.";
    export_csv() = "Download CSV" | "CSV herunterladen";
    export_json() = "Download JSON" | "JSON herunterladen";
    add_user() = "Add user" | "Benutzer hinzufügen";
    sort_by() = "Sort by" | "Sortieren nach";
    sorted_rising() = "ascending" | "aufsteigend";
    sorted_falling() = "descending" | "absteigend";
    bulk_confirm() = "Confirm email address" | "E-Mail-Adresse bestätigen";
    bulk_activate() = "Activate" | "Aktivieren";
    bulk_deactivate() = "Deactivate" | "Deaktivieren";
    bulk_delete() = "Delete" | "Löschen";
    bulk_confirm_heading[n] = "Confirm the email address of 1 user?", "Confirm the email addresses of {n} users?"
        | "Die E-Mail-Adresse von 1 Benutzer bestätigen?", "Die E-Mail-Adressen von {n} Benutzern bestätigen?";
    bulk_activate_heading[n] = "Activate 1 user?", "Activate {n} users?" | "1 Benutzer aktivieren?", "{n} Benutzer aktivieren?";
    bulk_deactivate_heading[n] = "Deactivate 1 user?", "Deactivate {n} users?" | "1 Benutzer deaktivieren?", "{n} Benutzer deaktivieren?";
    bulk_delete_heading[n] = "Permanently delete 1 user?", "Permanently delete {n} users?"
        | "1 Benutzer endgültig löschen?", "{n} Benutzer endgültig löschen?";
    bulk_confirm_lead() = "The email addresses are marked as confirmed. No emails are sent."
        | "Die E-Mail-Adressen werden als bestätigt markiert. Es werden keine E-Mails gesendet.";
    bulk_activate_lead() = "These users can log in again." | "Diese Benutzer können sich wieder anmelden.";
    bulk_deactivate_lead[n] = "All sessions of this user end now, and the user can’t log in until activated again.",
        "All sessions of these users end now, and they can’t log in until they are activated again."
        | "Alle Sitzungen dieses Benutzers enden sofort. Er kann sich erst wieder anmelden, wenn er aktiviert wird.",
        "Alle Sitzungen dieser Benutzer enden sofort. Die Benutzer können sich erst wieder anmelden, wenn sie aktiviert werden.";
    bulk_delete_lead() = "This can’t be undone. Audit log entries about these accounts are kept."
        | "Das kann nicht rückgängig gemacht werden. Die Protokolleinträge zu diesen Konten bleiben erhalten.";
    bulk_resend() = "Resend confirmation" | "Bestätigung erneut senden";
    bulk_resend_heading[n] = "Send a confirmation email to 1 user?", "Send a confirmation email to each of {n} users?"
        | "Eine Bestätigungs-E-Mail an 1 Benutzer senden?", "Je eine Bestätigungs-E-Mail an {n} Benutzer senden?";
    bulk_resend_lead() = "Links in earlier confirmation emails stop working." | "Links in früheren Bestätigungs-E-Mails werden ungültig.";
    bulk_end() = "End sessions" | "Sitzungen beenden";
    bulk_end_heading[n] = "End all sessions of 1 user?", "End all sessions of {n} users?"
        | "Alle Sitzungen von 1 Benutzer beenden?", "Alle Sitzungen von {n} Benutzern beenden?";
    bulk_end_lead() = "These users have to log in again on every device. If your own account is selected, your current session stays open."
        | "Diese Benutzer müssen sich auf jedem Gerät neu anmelden. Ist Ihr eigenes Konto ausgewählt, bleibt Ihre aktuelle Sitzung bestehen.";
    bulk_skipped() = "Skipped:" | "Übersprungen:";
    bulk_nothing_to_change() = "Nothing to change" | "Nichts zu ändern";
    bulk_nothing_to_change_lead() = "This action would not change any of the selected users." | "Diese Aktion würde keinen der ausgewählten Benutzer ändern.";
    skipped_oneself() = "Your own account (ask another administrator)." | "Ihr eigenes Konto (bitten Sie einen anderen Administrator darum).";
    skipped_confirmed[n] = "1 with a confirmed email address", "{n} with a confirmed email address"
        | "1 mit bestätigter E-Mail-Adresse", "{n} mit bestätigter E-Mail-Adresse";
    skipped_active[n] = "1 already active", "{n} already active" | "1 bereits aktiv", "{n} bereits aktiv";
    skipped_inactive[n] = "1 inactive", "{n} inactive" | "1 inaktiv", "{n} inaktiv";
    invite_people() = "Invite users" | "Benutzer einladen";
    bulk_affected() = "Affected users:" | "Betroffene Benutzer:";
    bulk_admins[n] = "1 of these users is an administrator.", "{n} of these users are administrators."
        | "1 dieser Benutzer ist Administrator.", "{n} dieser Benutzer sind Administratoren.";
    bulk_type_count() = "Enter the number of users to confirm" | "Geben Sie zur Bestätigung die Anzahl der Benutzer ein";
    bulk_wrong_count() = "The number of users does not match." | "Die Anzahl der Benutzer stimmt nicht.";
    bulk_and_more[n] = "and 1 more", "and {n} more" | "und 1 weiterer", "und {n} weitere";
    bulk_none_selected() = "No users selected" | "Keine Benutzer ausgewählt";
    bulk_none_selected_lead() = "Go back and select at least 1 user." | "Gehen Sie zurück und wählen Sie mindestens 1 Benutzer aus.";
    bulk_too_many() = "Too many users" | "Zu viele Benutzer";
    bulk_too_many_lead(most) = "More than {most} users match. Narrow the filters and repeat the action for each part."
        | "Mehr als {most} Benutzer passen. Grenzen Sie die Filter ein und wiederholen Sie die Aktion für jeden Teil.";
    bulk_changed() = "The matching users have changed, and nothing was done. Check the affected users below and confirm again."
        | "Die passenden Benutzer haben sich geändert, und es wurde nichts getan. Prüfen Sie die betroffenen Benutzer und bestätigen Sie erneut.";
    bulk_restore() = "Cancel deletion" | "Löschung zurücknehmen";
    bulk_restore_heading[n] = "Cancel the deletion of 1 user?", "Cancel the deletion of {n} users?"
        | "Löschung von 1 Benutzer zurücknehmen?", "Löschung von {n} Benutzern zurücknehmen?";
    bulk_restore_lead() = "These accounts are not deleted. Those that were active before can log in again."
        | "Diese Konten werden nicht gelöscht. Die vorher aktiven können sich wieder anmelden.";
    bulk_delete_later_heading[n] = "Delete 1 user?", "Delete {n} users?" | "1 Benutzer löschen?", "{n} Benutzer löschen?";
    bulk_delete_later_lead(date) = "These users are signed out everywhere and can’t log in any more. The accounts are deleted on {date}; until then you can take the deletion back."
        | "Diese Benutzer werden überall abgemeldet und können sich nicht mehr anmelden. Die Konten werden am {date} gelöscht; bis dahin können Sie die Löschung zurücknehmen.";
    bulk_can_be_undone() = "You can undo this for one hour. Sessions that end stay ended." | "Sie können das eine Stunde lang rückgängig machen. Beendete Sitzungen bleiben beendet.";
    skipped_to_be_deleted[n] = "1 to be deleted", "{n} to be deleted" | "1, der gelöscht wird", "{n}, die gelöscht werden";
    skipped_not_to_be_deleted[n] = "1 not to be deleted", "{n} not to be deleted" | "1, der nicht gelöscht wird", "{n}, die nicht gelöscht werden";
    skipped_changed[n] = "1 changed since", "{n} changed since" | "1 seitdem geändert", "{n} seitdem geändert";
    skipped_no_email[n] = "1 without an email address", "{n} without an email address"
        | "1 ohne E-Mail-Adresse", "{n} ohne E-Mail-Adresse";
    skip_no_email() = "There is no email address." | "Es gibt keine E-Mail-Adresse.";
    skip_confirmed() = "The email address is confirmed already." | "Die E-Mail-Adresse ist bereits bestätigt.";
    skip_active() = "The account is active already." | "Das Konto ist bereits aktiv.";
    skip_inactive() = "The account is inactive." | "Das Konto ist inaktiv.";
    skip_to_be_deleted() = "The account is to be deleted." | "Das Konto wird gelöscht.";
    skip_not_to_be_deleted() = "The account is not to be deleted." | "Das Konto wird nicht gelöscht.";
    skip_changed() = "The account was changed in the meantime." | "Das Konto wurde inzwischen geändert.";
    bulk_recent() = "Recent bulk actions" | "Letzte Sammelaktionen";
    bulk_recent_lead() = "Bulk actions of the last 30 days. Confirmations, activations and deactivations can be undone for one hour."
        | "Sammelaktionen der letzten 30 Tage. Bestätigungen, Aktivierungen und Deaktivierungen können eine Stunde lang rückgängig gemacht werden.";
    bulk_none() = "No bulk actions in the last 30 days." | "Keine Sammelaktionen in den letzten 30 Tagen.";
    bulk_heading(id) = "Bulk action #{id}" | "Sammelaktion #{id}";
    bulk_undoes(id) = "Undo of #{id}" | "Macht #{id} rückgängig";
    bulk_undo_of_one() = "Undo" | "Rückgängig machen";
    bulk_unknown() = "Action of another version" | "Aktion einer anderen Version";
    bulk_users() = "Users changed" | "Geänderte Benutzer";
    bulk_changed_users() = "Changed" | "Geändert";
    bulk_skipped_users() = "Skipped" | "Übersprungen";
    bulk_more_skipped() = "Only the first 100 skipped users are shown." | "Es werden nur die ersten 100 übersprungenen Benutzer angezeigt.";
    bulk_progress(handled, total) = "{handled} of {total} users" | "{handled} von {total} Benutzern";
    bulk_running() = "Running" | "Läuft";
    bulk_interrupted() = "Interrupted; continues by itself within a minute" | "Unterbrochen; wird innerhalb einer Minute fortgesetzt";
    bulk_done() = "Done" | "Fertig";
    bulk_stopped() = "Stopped before the end" | "Vor dem Ende angehalten";
    bulk_not_begun() = "Stopped before the first user; nothing was changed" | "Vor dem ersten Benutzer angehalten; es wurde nichts geändert";
    bulk_being_undone() = "Being undone" | "Wird rückgängig gemacht";
    bulk_skipped_since() = "Skipped since they were chosen" | "Seit der Auswahl übersprungen";
    bulk_undone() = "Undone" | "Rückgängig gemacht";
    bulk_page_hint() = "You can leave this page: the action goes on, also after a restart of the server, and the page stays under “Recent bulk actions”."
        | "Sie können diese Seite verlassen: Die Aktion läuft weiter, auch nach einem Neustart des Servers, und die Seite bleibt unter „Letzte Sammelaktionen“.";
    bulk_show_result() = "Show result" | "Ergebnis anzeigen";
    bulk_refresh() = "Reload" | "Neu laden";
    bulk_stop() = "Stop" | "Anhalten";
    bulk_undo_expires() = "Undo expires"
        | "Rückgängig-Frist endet";
    bulk_undo_lead() = "Undo restores exactly the users that were changed, except those that were changed again since. Sessions that ended stay ended."
        | "Rückgängig machen stellt genau die geänderten Benutzer wieder her, außer denen, die seitdem erneut geändert wurden. Beendete Sitzungen bleiben beendet.";
    bulk_audit() = "All audit log entries of this bulk action" | "Alle Protokolleinträge dieser Sammelaktion";
}

impl Lang {
    /// The filter by age of the account, by its name in the URL of the list.
    #[must_use]
    pub fn added_within(self, span: &str) -> &'static str {
        match span {
            "day" => self.added_day(),
            "week" => self.added_week(),
            "month" => self.added_month(),
            _ => self.added_year(),
        }
    }
}
