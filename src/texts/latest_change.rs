//! Who changed an account, and what came of the form that was sent meanwhile.

texts! {
    latest_email(who, ago, was) = "{who} changed the email address {ago} (was {was})."
        | "{who} hat {ago} die E-Mail-Adresse geändert (vorher: {was}).";
    latest_first_email(who, ago) = "{who} entered an email address {ago}." | "{who} hat {ago} eine E-Mail-Adresse eingetragen.";
    latest_renamed(who, ago, was) = "{who} changed the username {ago} (was {was})."
        | "{who} hat {ago} den Benutzernamen geändert (vorher: {was}).";
    latest_confirmed(who, ago) = "{who} confirmed the email address {ago}." | "{who} hat {ago} die E-Mail-Adresse bestätigt.";
    latest_unconfirmed(who, ago) = "{who} marked the email address as unconfirmed {ago}."
        | "{who} hat {ago} die E-Mail-Adresse als unbestätigt markiert.";
    latest_activated(who, ago) = "{who} activated this account {ago}." | "{who} hat {ago} dieses Konto aktiviert.";
    latest_deactivated(who, ago) = "{who} deactivated this account {ago}." | "{who} hat {ago} dieses Konto deaktiviert.";
    latest_password(who, ago) = "{who} set a new password {ago}." | "{who} hat {ago} ein neues Passwort gesetzt.";
    latest_made_admin(who, ago) = "{who} made this user an administrator {ago}."
        | "{who} hat {ago} diesen Benutzer zum Administrator gemacht.";
    latest_revoked_admin(who, ago) = "{who} removed the administrator rights {ago}."
        | "{who} hat {ago} die Administratorrechte entzogen.";
    latest_deleted(who, name, ago) = "{who} deleted {name} {ago}." | "{who} hat {ago} {name} gelöscht.";
    latest_deleted_unnamed(who, ago) = "{who} deleted this account {ago}." | "{who} hat {ago} dieses Konto gelöscht.";
    latest_other(who, ago, what) = "{who} changed this account {ago}: {what}." | "{who} hat {ago} dieses Konto geändert: {what}.";
    then_not_done() = "Nothing was done. Check the current state and try again."
        | "Es wurde nichts getan. Prüfen Sie den aktuellen Stand und versuchen Sie es erneut.";
    then_not_saved() = "Your changes are not saved yet. The form now shows the current state with your changes. Check it and save again."
        | "Ihre Änderungen sind noch nicht gespeichert. Das Formular zeigt jetzt den aktuellen Stand mit Ihren Änderungen. Prüfen Sie es und speichern Sie erneut.";
    deleted_heading() = "This account was deleted" | "Dieses Konto wurde gelöscht";
    deleted_lead() = "The audit log still has its entries." | "Das Protokoll enthält seine Einträge noch.";
    to_users() = "All users" | "Alle Benutzer";
}
