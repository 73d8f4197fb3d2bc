//! The pages of users about their own account, and the view of administrators on them.

texts! {
    nav_account() = "Account" | "Konto";
    nav_security() = "Security" | "Sicherheit";
    nav_sessions() = "Sessions" | "Sitzungen";
    nav_activity() = "Activity" | "Verlauf";

    account_sign_in_lead(site) = "Sign in to your account at {site}." | "Melden Sie sich bei Ihrem Konto bei {site} an.";
    account_sign_in_switch(name) = "You are signed in as {name} in this browser. If you sign in here as another user, {name} is signed out."
        | "Sie sind in diesem Browser als {name} angemeldet. Wenn Sie sich hier als anderer Benutzer anmelden, wird {name} abgemeldet.";
    sign_in_forgot() = "Forgot your password?" | "Passwort vergessen?";
    sign_in_no_account() = "No account yet?" | "Noch kein Konto?";
    sign_in_register() = "Create account" | "Konto erstellen";
    sign_in_instead() = "Sign in instead" | "Stattdessen anmelden";

    sign_up_heading() = "Create your account" | "Konto erstellen";
    sign_up_submit() = "Create account" | "Konto erstellen";
    sign_up_lead(site) = "Create an account at {site}." | "Erstellen Sie ein Konto bei {site}.";
    sign_up_have_account() = "Already have an account?" | "Haben Sie bereits ein Konto?";
    sign_up_invited_heading() = "You need an invitation" | "Sie brauchen eine Einladung";
    sign_up_invited_lead(site) = "{site} creates accounts by invitation. If you have received one, open the link in that email. Otherwise, ask {site} for an invitation."
        | "{site} vergibt Konten auf Einladung. Wenn Sie eine erhalten haben, öffnen Sie den Link in dieser E-Mail. Andernfalls bitten Sie {site} um eine Einladung.";
    sign_up_closed_heading() = "Registration is closed" | "Die Registrierung ist geschlossen";
    sign_up_closed_lead(site) = "{site} accepts no new accounts. If you need one, contact {site}."
        | "{site} nimmt keine neuen Konten an. Wenn Sie eines brauchen, wenden Sie sich an {site}.";
    sign_up_throttled(wait) = "Too many accounts were created. Try again in {wait}."
        | "Es wurden zu viele Konten erstellt. Wartezeit bis zum nächsten Versuch: {wait}.";
    sign_up_done_heading() = "Check your email" | "Sehen Sie in Ihr Postfach";
    sign_up_done_lead() = "We have sent you an email with a link that confirms your email address. Open it, then sign in."
        | "Wir haben Ihnen eine E-Mail mit einem Link geschickt, der Ihre E-Mail-Adresse bestätigt. Öffnen Sie ihn und melden Sie sich dann an.";
    sign_up_done_without_mail() = "Sign in with your username and password. This server cannot send emails at the moment, so your email address is not confirmed yet."
        | "Melden Sie sich mit Benutzername und Passwort an. Dieser Server kann derzeit keine E-Mails senden. Ihre E-Mail-Adresse ist daher noch nicht bestätigt.";
    sign_up_done_advice() = "If no email arrives within a few minutes, look in the spam folder."
        | "Wenn in einigen Minuten keine E-Mail ankommt, sehen Sie im Spam-Ordner nach.";

    forgot_heading() = "Forgot your password?" | "Passwort vergessen?";
    forgot_lead() = "Enter the email address of your account. We will send you a link to choose a new password."
        | "Geben Sie die E-Mail-Adresse Ihres Kontos ein. Wir senden Ihnen einen Link, mit dem Sie ein neues Passwort wählen.";
    forgot_submit() = "Send link" | "Link senden";
    forgot_throttled(wait) = "Too many emails were requested. Try again in {wait}."
        | "Es wurden zu viele E-Mails angefordert. Wartezeit bis zum nächsten Versuch: {wait}.";
    forgot_done_heading() = "Check your email" | "Sehen Sie in Ihr Postfach";
    forgot_done_lead() = "If there is an account with this email address, an email with a link to choose a new password is on its way. The link works for 1 hour."
        | "Wenn es ein Konto mit dieser E-Mail-Adresse gibt, ist eine E-Mail mit einem Link unterwegs, mit dem Sie ein neues Passwort wählen. Der Link gilt 1 Stunde.";
    forgot_without_mail(site) = "This server cannot send emails at the moment. Contact {site} to get a new password."
        | "Dieser Server kann derzeit keine E-Mails senden. Wenden Sie sich an {site}, um ein neues Passwort zu bekommen.";
    back_to_sign_in() = "Back to sign-in" | "Zurück zur Anmeldung";

    account_heading() = "Your account" | "Ihr Konto";
    account_name() = "Username" | "Benutzername";
    account_email_confirmed() = "confirmed" | "bestätigt";
    account_email_unconfirmed() = "not confirmed" | "nicht bestätigt";
    account_recovery() = "Password reset goes to" | "Passwort-Reset geht an";
    account_since() = "Account created" | "Konto erstellt";
    account_last_sign_in() = "Last sign-in" | "Letzte Anmeldung";
    account_change() = "Change" | "Ändern";
    account_change_name() = "Change username" | "Benutzername ändern";
    account_change_email() = "Change email address" | "E-Mail-Adresse ändern";
    account_confirm_lead() = "Your email address is not confirmed yet. Open the link in the confirmation email."
        | "Ihre E-Mail-Adresse ist noch nicht bestätigt. Öffnen Sie den Link in der Bestätigungs-E-Mail.";
    account_resend() = "Send confirmation email" | "Bestätigungs-E-Mail senden";
    account_save() = "Save" | "Speichern";
    account_new_name() = "New username" | "Neuer Benutzername";
    account_new_email() = "New email address" | "Neue E-Mail-Adresse";
    account_confirm_without_mail() = "Your email address is not confirmed yet. This server cannot send emails at the moment."
        | "Ihre E-Mail-Adresse ist noch nicht bestätigt. Dieser Server kann derzeit keine E-Mails senden.";
    account_email_without_mail() = "This server cannot send emails at the moment. The new address stays unconfirmed until it can."
        | "Dieser Server kann derzeit keine E-Mails senden. Bis dahin bleibt die neue Adresse unbestätigt.";
    account_email_lead() = "We will send an email to the new address, with a link to confirm it, and one to the current address, with a link to undo the change."
        | "Wir senden eine E-Mail an die neue Adresse, mit einem Link, der sie bestätigt, und eine an die bisherige, mit einem Link, der die Änderung rückgängig macht.";
    account_current_password() = "Current password" | "Aktuelles Passwort";
    account_change_throttled(wait) = "Too many changes. Try again in {wait}."
        | "Zu viele Änderungen. Wartezeit bis zum nächsten Versuch: {wait}.";
    account_name_changed() = "Username changed." | "Benutzername geändert.";
    account_email_changed() = "Email address changed. Open the link in the email that we sent to the new address."
        | "E-Mail-Adresse geändert. Öffnen Sie den Link in der E-Mail, die wir an die neue Adresse gesendet haben.";
    account_unchanged() = "Nothing was changed." | "Es wurde nichts geändert.";
    account_confirmation_sent() = "Email sent. Open the link in it to confirm your email address."
        | "E-Mail gesendet. Öffnen Sie den Link darin, um Ihre E-Mail-Adresse zu bestätigen.";
    account_confirmed_already() = "Your email address is already confirmed." | "Ihre E-Mail-Adresse ist bereits bestätigt.";

    security_heading() = "Security" | "Sicherheit";
    security_password() = "Password" | "Passwort";
    security_password_lead() = "A new password signs you out everywhere but in this browser."
        | "Ein neues Passwort meldet Sie überall ab, außer in diesem Browser.";
    security_password_fixed(site) = "Your password cannot be changed here. Contact {site} if you need another one."
        | "Ihr Passwort kann hier nicht geändert werden. Wenden Sie sich an {site}, wenn Sie ein anderes brauchen.";
    security_change() = "Change password" | "Passwort ändern";
    security_retype() = "For security, enter the passwords again." | "Geben Sie die Passwörter zur Sicherheit erneut ein.";
    security_changed() = "Password changed. You have been signed out everywhere else."
        | "Passwort geändert. Sie wurden überall sonst abgemeldet.";
    security_last_changed() = "Last changed" | "Zuletzt geändert";

    own_sessions_heading() = "Sessions" | "Sitzungen";
    own_sessions_lead() = "Where you are signed in. End what you do not recognise, and change your password."
        | "Wo Sie angemeldet sind. Beenden Sie, was Sie nicht kennen, und ändern Sie Ihr Passwort.";
    own_sessions_end_others() = "End all other sessions" | "Alle anderen Sitzungen beenden";
    own_session_ended() = "Session ended." | "Sitzung beendet.";
    own_other_sessions_ended() = "All other sessions have ended." | "Alle anderen Sitzungen sind beendet.";
    own_session_gone() = "This session had already ended." | "Diese Sitzung war bereits beendet.";
    own_sessions_more(n) = "The {n} sessions that were used last are displayed." | "Es werden die {n} zuletzt verwendeten Sitzungen angezeigt.";

    activity_heading() = "Activity" | "Verlauf";
    activity_lead() = "What happened to your account, newest first." | "Was mit Ihrem Konto geschah, das Neueste zuerst.";
    activity_none() = "Nothing is recorded about your account." | "Zu Ihrem Konto ist nichts aufgezeichnet.";
    by_you() = "you" | "Sie";
    by_an_administrator() = "an administrator" | "ein Administrator";
    by_other() = "another person" | "eine andere Person";

    view_banner(name) = "You are viewing the account of {name}. You can change nothing here."
        | "Sie sehen das Konto von {name}. Sie können hier nichts ändern.";
    view_stop() = "Stop" | "Beenden";
    view_as() = "View as this user" | "Als dieser Benutzer ansehen";
    view_read_only() = "This view is read-only" | "Diese Ansicht ist schreibgeschützt";
    view_back() = "Back to the view" | "Zurück zur Ansicht";
    view_read_only_advice() = "You are viewing the account of a user. Nothing was changed. Stop the view to go on."
        | "Sie sehen das Konto eines Benutzers. Es wurde nichts geändert. Beenden Sie die Ansicht, um fortzufahren.";
    view_without_password() = "Not available in a view: changing the password."
        | "In einer Ansicht nicht verfügbar: das Ändern des Passworts.";
    view_without_sessions() = "Not available in a view: ending sessions."
        | "In einer Ansicht nicht verfügbar: das Beenden von Sitzungen.";
    view_without_data() = "Not available in a view: reading and downloading the data. The page of the user in the admin has both."
        | "In einer Ansicht nicht verfügbar: das Lesen und Herunterladen der Daten. Beides hat die Seite des Benutzers in der Verwaltung.";
    view_without_deletion() = "Not available in a view: deleting the account."
        | "In einer Ansicht nicht verfügbar: das Löschen des Kontos.";
    view_without_changes() = "Not available in a view: changing these details."
        | "In einer Ansicht nicht verfügbar: das Ändern dieser Angaben.";
    sign_out_heading() = "Sign out?" | "Abmelden?";
    sign_out_lead() = "Only this browser is signed out. The sessions page ends the others." | "Nur dieser Browser wird abgemeldet. Die anderen Sitzungen beenden Sie auf der Seite der Sitzungen.";
    to_account() = "Go to your account" | "Zu Ihrem Konto";
}
