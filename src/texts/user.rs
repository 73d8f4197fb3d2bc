//! One user: what is known, and what can be done.

texts! {
    user_details() = "Account" | "Konto";
    user_number() = "Number" | "Nummer";
    user_changed() = "Changed" | "Geändert";
    user_created() = "Added" | "Angelegt";
    user_last_login() = "Last login" | "Letzte Anmeldung";
    user_hash() = "Password kept as" | "Passwort gespeichert als";
    user_hash_at_cost(format, cost) = "{format}, cost {cost}" | "{format}, Kosten {cost}";
    user_actions() = "Actions" | "Was Sie tun können";
    user_is_you() = "This is you." | "Das sind Sie.";
    deactivated_because(reason) = "Deactivated, because: {reason}" | "Ausgesperrt, weil: {reason}";
    act_edit() = "Change name or email" | "Name oder E-Mail ändern";
    act_confirm() = "Confirm the email" | "E-Mail bestätigen";
    act_unconfirm() = "Mark the email as unconfirmed" | "Bestätigung zurücknehmen";
    act_activate() = "Activate" | "Aktivieren";
    act_deactivate() = "Deactivate …" | "Deaktivieren …";
    act_password() = "Set a password …" | "Passwort setzen …";
    act_make_admin() = "Make administrator …" | "Zum Administrator machen …";
    act_revoke_admin() = "Remove administrator rights …" | "Administratorrechte entziehen …";
    act_delete() = "Delete …" | "Löschen …";
    user_logins() = "Recent logins" | "Letzte Anmeldungen";
    user_no_logins() = "No logins yet, successful or not." | "Noch keine Anmeldung, weder gelungen noch misslungen.";
    user_trail() = "What happened" | "Was geschah";
    act_on_password() = "Password" | "Passwort";
    act_on_account() = "Account" | "Konto";
    act_send_confirmation() = "Resend confirmation" | "Bestätigung erneut senden";
    act_send_reset() = "Send a reset link by mail" | "Link zum Zurücksetzen per Mail senden";
    act_link() = "Make a one-time link …" | "Einmal-Link machen …";
    act_end_session() = "End" | "Beenden";
    act_end_sessions() = "End all sessions" | "Alle Sitzungen beenden";
    act_end_others() = "End all but this one" | "Alle außer dieser beenden";
    user_sessions() = "Sessions" | "Sitzungen";
    user_no_sessions() = "Not logged in anywhere." | "Nirgends angemeldet.";
    user_more_sessions() = "There are more; these are the most recent." | "Es gibt mehr; diese wurden zuletzt gesehen.";
    session_of_admin() = "admin" | "Verwaltung";
    session_is_this() = "this session" | "diese hier";
    column_began() = "Started" | "Begonnen";
    column_seen() = "Last seen" | "Zuletzt gesehen";
    user_emails() = "Email history" | "Was mit der E-Mail geschah";
    user_no_emails() = "Nothing recorded." | "Nichts ist bekannt.";
    link_heading(name) = "Make a link for {name} to set a password?" | "Einen Link machen, mit dem {name} ein Passwort setzt?";
    link_lead() = "Whoever has the link can set the password of this account, once. It is not mailed: hand it on yourself, in a way that nobody else can read. Earlier links stop working; the current password works until the link is used."
        | "Wer den Link hat, kann das Passwort dieses Kontos setzen, einmal. Er wird nicht gemailt: Sie geben ihn selbst weiter, so dass niemand sonst mitliest. Frühere Links gelten dann nicht mehr; das jetzige Passwort gilt, bis der Link benutzt wird.";
    link_inactive() = "This account is inactive, and the link would not work. Activate it first."
        | "Dieses Konto ist inaktiv, und der Link würde nicht gehen. Aktivieren Sie es zuerst.";
    link_meanwhile() = "Since this page was shown, a link was made or the account changed. Nothing was done now, because a new link ends the previous one."
        | "Seit diese Seite gezeigt wurde, wurde ein Link gemacht oder das Konto geändert. Jetzt wurde nichts getan: Ein weiterer Link beendet den vorigen.";
    link_submit() = "Make the link" | "Link machen";
    link_made(name) = "A link for {name}" | "Ein Link für {name}";
    link_once() = "Copy it now: it is not shown again." | "Kopieren Sie ihn jetzt: Er wird nicht noch einmal gezeigt.";
    link_label() = "Link to set a password" | "Link zum Setzen eines Passworts";
    link_expires() = "Works once; expires" | "Geht einmal und verfällt";
    link_done(name) = "Back to {name}" | "Zurück zu {name}";
    copy() = "Copy" | "Kopieren";
    copied() = "Copied" | "Kopiert";
    column_when() = "When" | "Wann";
    column_what() = "What" | "Was";
    column_who() = "By whom" | "Von wem";
    column_whom() = "To whom" | "Wem";
    column_from() = "From" | "Von wo";
    column_with() = "Client" | "Womit";
    edit_heading(name) = "Change {name}" | "{name} ändern";
    edit_submit() = "Save" | "Speichern";
    edit_email_hint() = "A new address gets a mail to confirm it. The old one, if it was confirmed, is told and can take it back."
        | "Eine neue Adresse bekommt eine Mail zur Bestätigung. Die alte, falls sie bestätigt war, erfährt davon und kann sie zurückholen.";
    edit_meanwhile() = "This account has changed since the page was shown, perhaps because you clicked twice. You now see its current state with your changes in it; save again if you still want them."
        | "Dieses Konto hat sich geändert, seit die Seite gezeigt wurde, vielleicht durch einen zweiten Klick von Ihnen. Sie sehen seinen jetzigen Stand mit Ihren Änderungen; speichern Sie noch einmal, wenn Sie sie noch wollen.";
    is_now(value) = "It is {value} now." | "Jetzt ist es {value}.";
    own_account() = "This is your own account: you will be signed out at once and cannot get back into the admin by yourself."
        | "Das ist Ihr eigenes Konto: Sie werden sofort abgemeldet und kommen allein nicht wieder in die Verwaltung.";
    deactivate_heading(name) = "Deactivate {name}?" | "{name} deaktivieren?";
    deactivate_lead() = "They cannot log in until they are activated again, and all their sessions end now."
        | "Das Konto kann sich nicht anmelden, bis es wieder aktiviert ist, und jede seiner Sitzungen endet jetzt.";
    deactivate_submit() = "Deactivate" | "Deaktivieren";
    reason() = "Reason" | "Grund";
    reason_hint() = "For the audit log; the user does not see it. Optional." | "Für das Protokoll; der Benutzer sieht ihn nicht. Darf leer bleiben.";
    make_admin_heading(name) = "Make {name} an administrator?" | "{name} zum Administrator machen?";
    make_admin_lead() = "They can then do everything you can: read, change and delete every account."
        | "Das Konto darf dann alles, was Sie dürfen: jedes Konto lesen, ändern und löschen.";
    make_admin_submit() = "Make administrator" | "Zum Administrator machen";
    revoke_admin_heading(name) = "Remove administrator rights from {name}?" | "{name} die Administratorrechte entziehen?";
    revoke_admin_lead() = "They stay a user, but lose access to these pages at once." | "Das Konto bleibt Benutzer und verlässt diese Seiten sofort.";
    revoke_admin_submit() = "Remove the rights" | "Entziehen";
    password_heading(name) = "Set a password for {name}" | "Ein Passwort für {name} setzen";
    password_lead() = "The old password stops working, and all sessions end. Tell the user the new one in a way that nobody else can read."
        | "Das alte Passwort gilt nicht mehr, und jede Sitzung endet. Sagen Sie dem Benutzer das neue so, dass niemand sonst mitliest.";
    password_submit() = "Set the password" | "Passwort setzen";
    delete_heading(name) = "Delete {name} for good?" | "{name} endgültig löschen?";
    delete_lead() = "The account is gone for good, and nobody can bring it back. What happened to it stays in the audit log."
        | "Das Konto ist endgültig weg, und niemand kann es zurückholen. Was mit ihm geschah, bleibt im Protokoll.";
    delete_type_name() = "Type the username to confirm" | "Tippen Sie den Benutzernamen, um fortzufahren";
    delete_wrong_name() = "That is not the username." | "Das ist nicht der Benutzername.";
    delete_submit() = "Delete the account" | "Konto löschen";
    last_administrator() = "This is the last administrator who can log in. Make somebody else an administrator first."
        | "Das ist der letzte Administrator, der sich anmelden kann. Machen Sie zuerst jemand anderen dazu.";
    add_heading() = "Add a user" | "Benutzer anlegen";
    add_submit() = "Add the user" | "Anlegen";
    add_confirmed() = "The email counts as confirmed" | "Die E-Mail gilt als bestätigt";
    add_active() = "The user may log in" | "Der Benutzer darf sich anmelden";
    add_admin() = "The user is an administrator" | "Der Benutzer ist Administrator";
}
