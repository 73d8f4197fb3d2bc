//! What an action did, in a sentence on the next page.

texts! {
    user_added(name) = "{name} was added." | "{name} wurde angelegt.";
    user_saved(name) = "The changes to {name} are saved." | "Die Änderungen an {name} sind gespeichert.";
    user_confirmed(name) = "The email of {name} counts as confirmed now." | "Die E-Mail von {name} gilt jetzt als bestätigt.";
    user_unconfirmed(name) = "The email of {name} counts as unconfirmed now." | "Die E-Mail von {name} gilt jetzt als unbestätigt.";
    user_activated(name) = "{name} can log in again." | "{name} kann sich wieder anmelden.";
    user_deactivated(name) = "{name} is shut out; every session ended." | "{name} ist ausgesperrt; jede Sitzung ist beendet.";
    user_made_admin(name) = "{name} is an administrator now." | "{name} ist jetzt Administrator.";
    user_admin_revoked(name) = "{name} is no administrator any more." | "{name} ist kein Administrator mehr.";
    user_password_set(name) = "{name} has the new password; every session ended." | "{name} hat das neue Passwort; jede Sitzung ist beendet.";
    user_deleted(name) = "{name} is deleted." | "{name} ist gelöscht.";
    users_confirmed[n] = "The email of one user counts as confirmed now.", "The emails of {n} users count as confirmed now."
        | "Die E-Mail eines Benutzers gilt jetzt als bestätigt.", "Die E-Mails von {n} Benutzern gelten jetzt als bestätigt.";
    users_activated[n] = "One user can log in again.", "{n} users can log in again."
        | "Ein Benutzer kann sich wieder anmelden.", "{n} Benutzer können sich wieder anmelden.";
    users_deactivated[n] = "One user is shut out.", "{n} users are shut out." | "Ein Benutzer ist ausgesperrt.", "{n} Benutzer sind ausgesperrt.";
    users_deleted[n] = "One user is deleted.", "{n} users are deleted." | "Ein Benutzer ist gelöscht.", "{n} Benutzer sind gelöscht.";
    users_saved[n] = "One user was changed.", "{n} users were changed." | "Ein Benutzer wurde geändert.", "{n} Benutzer wurden geändert.";
}
