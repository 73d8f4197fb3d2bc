//! What an action did, in a sentence on the next page.

texts! {
    user_added(name) = "{name} was added." | "{name} wurde angelegt.";
    user_saved(name) = "The changes to {name} are saved." | "Die Änderungen an {name} sind gespeichert.";
    user_unchanged(name) = "Nothing was changed: {name} is as before." | "Nichts wurde geändert: {name} ist wie zuvor.";
    user_confirmed(name) = "The email of {name} is now confirmed." | "Die E-Mail von {name} gilt jetzt als bestätigt.";
    user_unconfirmed(name) = "The email of {name} is now unconfirmed." | "Die E-Mail von {name} gilt jetzt als unbestätigt.";
    user_activated(name) = "{name} can log in again." | "{name} kann sich wieder anmelden.";
    user_deactivated(name) = "{name} is deactivated; all sessions ended." | "{name} ist ausgesperrt; jede Sitzung ist beendet.";
    user_made_admin(name) = "{name} is an administrator now." | "{name} ist jetzt Administrator.";
    user_admin_revoked(name) = "{name} is no longer an administrator." | "{name} ist kein Administrator mehr.";
    user_password_set(name) = "{name} has the new password; all sessions ended." | "{name} hat das neue Passwort; jede Sitzung ist beendet.";
    user_deleted(name) = "{name} is deleted." | "{name} ist gelöscht.";
    users_confirmed[n] = "The email of one user is now confirmed.", "The emails of {n} users are now confirmed."
        | "Die E-Mail eines Benutzers gilt jetzt als bestätigt.", "Die E-Mails von {n} Benutzern gelten jetzt als bestätigt.";
    users_activated[n] = "One user can log in again.", "{n} users can log in again."
        | "Ein Benutzer kann sich wieder anmelden.", "{n} Benutzer können sich wieder anmelden.";
    users_deactivated[n] = "One user is deactivated.", "{n} users are deactivated." | "Ein Benutzer ist ausgesperrt.", "{n} Benutzer sind ausgesperrt.";
    users_deleted[n] = "One user is deleted.", "{n} users are deleted." | "Ein Benutzer ist gelöscht.", "{n} Benutzer sind gelöscht.";
    users_saved[n] = "One user was changed.", "{n} users were changed." | "Ein Benutzer wurde geändert.", "{n} Benutzer wurden geändert.";
    user_session_ended(name) = "A session of {name} has ended." | "Eine Sitzung von {name} ist beendet.";
    user_sessions_ended(name) = "All sessions of {name} have ended." | "Jede Sitzung von {name} ist beendet.";
    own_sessions_ended(name) = "All sessions of {name} have ended, except this one." | "Jede Sitzung von {name} ist beendet, außer dieser hier.";
    user_confirmation_sent(name) = "{name} gets a mail to confirm the email." | "{name} bekommt eine Mail zur Bestätigung der E-Mail.";
    user_confirmation_waits(name) = "The mail for {name} to confirm the email waits in the outbox: no SMTP server is set."
        | "Die Mail für {name} zur Bestätigung der E-Mail wartet im Postausgang: Kein SMTP-Server ist eingestellt.";
    user_reset_sent(name) = "{name} gets a mail with a link to set another password." | "{name} bekommt eine Mail mit einem Link, um ein neues Passwort zu setzen.";
    user_reset_waits(name) = "The mail for {name} with a link to set another password waits in the outbox: no SMTP server is set."
        | "Die Mail für {name} mit einem Link für ein neues Passwort wartet im Postausgang: Kein SMTP-Server ist eingestellt.";
    user_invited(name) = "{name} is invited." | "{name} ist eingeladen.";
    user_invite_waits(name) = "The invitation to {name} waits in the outbox: no SMTP server is set."
        | "Die Einladung an {name} wartet im Postausgang: Kein SMTP-Server ist eingestellt.";
    user_invite_withdrawn(name) = "The invitation to {name} is withdrawn; its link no longer works."
        | "Die Einladung an {name} ist zurückgezogen; ihr Link gilt nicht mehr.";
    users_sessions_ended[n] = "All sessions of one user have ended.", "All sessions of {n} users have ended."
        | "Jede Sitzung eines Benutzers ist beendet.", "Jede Sitzung von {n} Benutzern ist beendet.";
    users_confirmation_sent[n] = "One user gets a mail to confirm the email.", "{n} users get a mail to confirm the email."
        | "Ein Benutzer bekommt eine Mail zur Bestätigung der E-Mail.", "{n} Benutzer bekommen eine Mail zur Bestätigung der E-Mail.";
    users_confirmation_waits[n] = "One mail to confirm an email waits in the outbox: no SMTP server is set.", "{n} mails to confirm an email wait in the outbox: no SMTP server is set."
        | "Eine Mail zur Bestätigung wartet im Postausgang: Kein SMTP-Server ist eingestellt.", "{n} Mails zur Bestätigung warten im Postausgang: Kein SMTP-Server ist eingestellt.";
    users_invited[n] = "One invitation is on its way.", "{n} invitations are on their way." | "Eine Einladung ist unterwegs.", "{n} Einladungen sind unterwegs.";
    users_invite_waits[n] = "One invitation waits in the outbox: no SMTP server is set.", "{n} invitations wait in the outbox: no SMTP server is set."
        | "Eine Einladung wartet im Postausgang: Kein SMTP-Server ist eingestellt.", "{n} Einladungen warten im Postausgang: Kein SMTP-Server ist eingestellt.";
    left_alone[n] = "One was not affected.", "{n} were not affected." | "Einer blieb, wie er war.", "{n} blieben, wie sie waren.";
    changed_meanwhile() = "This account has changed since the page was shown, perhaps because you clicked twice. Nothing was done now: look again and decide anew."
        | "Dieses Konto hat sich geändert, seit die Seite gezeigt wurde, vielleicht durch einen zweiten Klick von Ihnen. Jetzt wurde nichts getan: Sehen Sie noch einmal nach und entscheiden Sie neu.";
    nobody_left() = "There was nothing left to do: it would change none of the users you selected. If you clicked twice, the first click did it."
        | "Es war nichts mehr zu tun: Von den Ausgewählten würde es niemanden mehr ändern. Falls Sie zweimal geklickt haben, hat es der erste Klick getan.";
    not_sent_confirmed() = "The email is already confirmed. No mail was sent." | "Die E-Mail ist schon bestätigt. Es ging keine Mail hinaus.";
    not_sent_inactive() = "A link would not work for an inactive account. No mail was sent; activate it first."
        | "Ein inaktives Konto kann mit einem Link nichts anfangen. Es ging keine Mail hinaus; aktivieren Sie es zuerst.";
    not_kept_password() = "Your password was right, but nothing is saved yet: the new password was not kept meanwhile. Type it once more."
        | "Ihr Passwort war richtig, aber noch ist nichts gespeichert: Das neue Passwort wird unterwegs nicht aufgehoben. Geben Sie es noch einmal ein.";
    not_done_session_over() = "Your session had ended: what you sent was not done, and nothing was saved. Please send it once more."
        | "Ihre Sitzung war beendet: Was Sie gesendet haben, wurde nicht ausgeführt und nichts gespeichert. Bitte senden Sie es noch einmal.";
    session_gone() = "That session had already ended." | "Diese Sitzung war schon beendet.";
    invite_gone() = "That invitation was no longer open." | "Diese Einladung war nicht mehr offen.";
    invite_registered() = "Whoever has this address already has an account. No invitation was sent."
        | "Zu dieser Adresse gibt es schon ein Konto. Es ging keine Einladung hinaus.";
}
