//! The list of users, and what is done to many at once.

use super::Lang;

texts! {
    users_heading() = "Users" | "Benutzer";
    users_count[n] = "One user", "{n} users" | "Ein Benutzer", "{n} Benutzer";
    users_at_least[n] = "At least one user", "At least {n} users" | "Mindestens ein Benutzer", "Mindestens {n} Benutzer";
    total_confirmed[n] = "one confirmed", "{n} confirmed" | "einer bestätigt", "{n} bestätigt";
    total_active[n] = "one active", "{n} active" | "einer aktiv", "{n} aktiv";
    total_admins[n] = "one administrator", "{n} administrators" | "ein Administrator", "{n} Administratoren";
    total_never[n] = "one never logged in", "{n} never logged in" | "einer nie angemeldet", "{n} nie angemeldet";
    users_more_than[n] = "More than one user", "More than {n} users" | "Mehr als ein Benutzer", "Mehr als {n} Benutzer";
    count_exactly() = "Count exactly" | "Genau zählen";
    search() = "Search" | "Suchen";
    search_hint() = "A part of the username or email" | "Ein Teil von Benutzername oder E-Mail";
    search_short() = "One or two letters are looked for at the beginning; three or more anywhere."
        | "Ein oder zwei Buchstaben werden am Anfang gesucht, drei oder mehr überall.";
    filters() = "Filters" | "Filter";
    apply_filters() = "Show" | "Anzeigen";
    clear_filters() = "Clear filters" | "Alle zeigen";
    filter_no_choice() = "That is not one of the choices. Please choose again." | "Das steht hier nicht zur Wahl. Bitte wählen Sie neu.";
    filter_no_day() = "There is no such day. Write it like 2026-11-29." | "Diesen Tag gibt es nicht. Ein Tag schreibt sich wie 2026-11-29.";
    filter_day_missing() = "Enter the day." | "Geben Sie an, seit welchem Tag.";
    filter_day_alone() = "Also choose “not since …”, or clear the day." | "Wählen Sie auch „nicht seit …“ oder leeren Sie den Tag.";
    filter_nothing_shown() = "Nothing is shown until you correct what is marked above." | "Berichtigen Sie, was oben angemerkt ist; vorher wird nichts gezeigt.";
    filter_any() = "any" | "beliebig";
    filter_confirmed() = "Email confirmed" | "E-Mail bestätigt";
    filter_active() = "Active" | "Aktiv";
    filter_admin() = "Administrator" | "Administrator";
    filter_login() = "Last login" | "Letzte Anmeldung";
    login_never() = "never" | "nie";
    login_not_since() = "not since …" | "nicht seit …";
    since_day() = "Not since" | "Nicht seit";
    filter_added() = "Added" | "Angelegt";
    added_day() = "in the last 24 hours" | "in den letzten 24 Stunden";
    added_week() = "in the last 7 days" | "in den letzten 7 Tagen";
    added_month() = "in the last 30 days" | "in den letzten 30 Tagen";
    added_year() = "in the last 365 days" | "in den letzten 365 Tagen";
    column_username() = "Username" | "Benutzername";
    column_email() = "Email" | "E-Mail";
    column_state() = "State" | "Zustand";
    column_created() = "Added" | "Angelegt";
    column_login() = "Last login" | "Letzte Anmeldung";
    choose(name) = "Select {name}" | "{name} auswählen";
    choose_all[n] = "The one user who matches", "All {n} users who match"
        | "Alle, auf die das passt: ein Benutzer", "Alle, auf die das passt: {n} Benutzer";
    choose_all_of_many() = "All users who match, also on other pages" | "Alle, auf die das passt, auch auf anderen Seiten";
    with_chosen() = "With selected users:" | "Mit den Ausgewählten:";
    state_active() = "active" | "aktiv";
    state_inactive() = "inactive" | "inaktiv";
    state_confirmed() = "confirmed" | "bestätigt";
    state_unconfirmed() = "unconfirmed" | "unbestätigt";
    state_admin() = "administrator" | "Administrator";
    page_next() = "Next" | "Weiter";
    page_previous() = "Previous" | "Zurück";
    page_first() = "From the beginning" | "Von vorn";
    pages() = "Pages" | "Seiten";
    nobody_yet() = "No users yet" | "Noch hat niemand ein Konto";
    nobody_found() = "No users match" | "Niemand passt";
    nobody_found_hint() = "Try a shorter part of the name, or fewer filters." | "Versuchen Sie einen kürzeren Teil des Namens oder weniger Filter.";
    export_csv() = "Download as CSV" | "Als CSV laden";
    export_json() = "Download as JSON" | "Als JSON laden";
    add_user() = "Add a user" | "Benutzer anlegen";
    sort_by() = "Sort by" | "Sortieren nach";
    sorted_rising() = "ascending" | "aufsteigend";
    sorted_falling() = "descending" | "absteigend";
    bulk_confirm() = "Confirm email" | "E-Mail bestätigen";
    bulk_activate() = "Activate" | "Aktivieren";
    bulk_deactivate() = "Deactivate" | "Deaktivieren";
    bulk_delete() = "Delete" | "Löschen";
    bulk_confirm_heading[n] = "Confirm the email of one user?", "Confirm the emails of {n} users?"
        | "Die E-Mail eines Benutzers bestätigen?", "Die E-Mails von {n} Benutzern bestätigen?";
    bulk_activate_heading[n] = "Activate one user?", "Activate {n} users?" | "Einen Benutzer aktivieren?", "{n} Benutzer aktivieren?";
    bulk_deactivate_heading[n] = "Deactivate one user?", "Deactivate {n} users?" | "Einen Benutzer deaktivieren?", "{n} Benutzer deaktivieren?";
    bulk_delete_heading[n] = "Delete one user for good?", "Delete {n} users for good?"
        | "Einen Benutzer endgültig löschen?", "{n} Benutzer endgültig löschen?";
    bulk_confirm_lead() = "Their emails will be marked as confirmed. No mail is sent to them."
        | "Ihre E-Mails gelten dann als ihre, ohne dass eine Mail an sie geht.";
    bulk_activate_lead() = "They can log in again." | "Sie können sich wieder anmelden.";
    bulk_deactivate_lead() = "They cannot log in until they are activated again, and all their sessions end now."
        | "Sie können sich nicht anmelden, bis sie wieder aktiviert sind, und jede ihrer Sitzungen endet jetzt.";
    bulk_delete_lead() = "Their accounts cannot be brought back. What happened to them stays in the audit log."
        | "Ihre Konten sind endgültig weg. Was mit ihnen geschah, bleibt im Protokoll.";
    bulk_resend() = "Resend confirmation" | "Bestätigung erneut senden";
    bulk_resend_heading[n] = "Send one user a mail to confirm the email?", "Send {n} users a mail to confirm their emails?"
        | "Einem Benutzer eine Mail zur Bestätigung der E-Mail senden?", "{n} Benutzern eine Mail zur Bestätigung der E-Mail senden?";
    bulk_resend_lead() = "Links in earlier mails stop working." | "Links in früheren Mails gelten dann nicht mehr.";
    bulk_end() = "End sessions" | "Sitzungen beenden";
    bulk_end_heading[n] = "End all sessions of one user?", "End all sessions of {n} users?"
        | "Jede Sitzung eines Benutzers beenden?", "Jede Sitzung von {n} Benutzern beenden?";
    bulk_end_lead() = "They have to log in again everywhere. If you are one of them, you stay signed in here."
        | "Sie müssen sich überall neu anmelden. Sind Sie dabei, bleiben Sie hier.";
    bulk_spared() = "Not affected:" | "Unverändert bleiben:";
    bulk_nobody_left() = "There is nothing to do" | "Es gibt nichts zu tun";
    bulk_nobody_left_lead() = "It would change none of the users you selected." | "Von den Ausgewählten würde es niemanden ändern.";
    spared_oneself() = "Yourself: another administrator has to do that." | "Sie selbst: Das muss jemand anders tun.";
    spared_confirmed[n] = "One whose email is already confirmed", "{n} whose emails are already confirmed"
        | "Einer, dessen E-Mail schon bestätigt ist", "{n}, deren E-Mail schon bestätigt ist";
    spared_active[n] = "One who is already active", "{n} who are already active" | "Einer, der schon aktiv ist", "{n}, die schon aktiv sind";
    spared_inactive[n] = "One who is inactive", "{n} who are inactive" | "Einer, der inaktiv ist", "{n}, die inaktiv sind";
    invite_people() = "Invite" | "Einladen";
    bulk_whom() = "This affects:" | "Das trifft:";
    bulk_admins[n] = "One administrator is among them.", "{n} administrators are among them."
        | "Ein Administrator ist dabei.", "{n} Administratoren sind dabei.";
    bulk_type_count() = "Type how many users to delete" | "Tippen Sie, wie viele Benutzer zu löschen sind";
    bulk_wrong_count() = "That is not how many there are." | "So viele sind es nicht.";
    bulk_and_more[n] = "and one more", "and {n} more" | "und einen weiteren", "und {n} weitere";
    bulk_nobody() = "No users are selected" | "Niemand ist ausgewählt";
    bulk_nobody_lead() = "Go back and tick the users you mean." | "Gehen Sie zurück und haken Sie die Benutzer an, die Sie meinen.";
    bulk_too_many() = "Too many users" | "Das sind zu viele";
    bulk_too_many_lead(most) = "More than {most} users match. Narrow the list down and do it in parts."
        | "Mehr als {most} Benutzer passen. Grenzen Sie es ein und erledigen Sie es in Teilen.";
    bulk_changed() = "The users who match have changed meanwhile. Nothing was done; check again who is affected."
        | "Inzwischen passt das auf andere. Nichts wurde getan; sehen Sie noch einmal nach, wen es trifft.";
}

impl Lang {
    /// Within which span an account was made, by its word in the address of a list.
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
