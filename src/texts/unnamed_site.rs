//! Sentences about the site for a site without a name of its own: those that have the name are in the files of their
//! pages.

texts! {
    account_sign_in_lead_unnamed() = "Sign in to your account." | "Melden Sie sich bei Ihrem Konto an.";
    sign_up_lead_unnamed() = "Create an account on this server." | "Erstellen Sie ein Konto auf diesem Server.";
    sign_up_invited_lead_unnamed() = "Accounts are created by invitation. If you have received one, open the link in that email. Otherwise, ask the operator of this server for an invitation."
        | "Konten werden auf Einladung vergeben. Wenn Sie eine erhalten haben, öffnen Sie den Link in dieser E-Mail. Andernfalls bitten Sie den Betreiber dieses Servers um eine Einladung.";
    sign_up_closed_lead_unnamed() = "No new accounts are accepted. If you need one, contact the operator of this server."
        | "Es werden keine neuen Konten angenommen. Wenn Sie eines brauchen, wenden Sie sich an den Betreiber dieses Servers.";
    forgot_without_mail_unnamed() = "This server cannot send emails at the moment. Contact its operator to get a new password."
        | "Dieser Server kann derzeit keine E-Mails senden. Wenden Sie sich an seinen Betreiber, um ein neues Passwort zu bekommen.";
    security_password_fixed_unnamed() = "Your password cannot be changed here. Contact the operator of this server if you need another one."
        | "Ihr Passwort kann hier nicht geändert werden. Wenden Sie sich an den Betreiber dieses Servers, wenn Sie ein anderes brauchen.";
    your_data_lead_unnamed() = "Everything that is stored here about your account: to read, to print or as a file for other programs."
        | "Alles, was hier zu Ihrem Konto gespeichert ist: zum Lesen, zum Drucken oder als Datei für andere Programme.";
    delete_own_lead_unnamed() = "Your account and all data about it are deleted."
        | "Ihr Konto und alle Daten dazu werden gelöscht. Das kann nicht rückgängig gemacht werden.";
    remains_site_unnamed() = "What the site that you sign in to stores about you outside this account: ask its operator."
        | "Was die Website, bei der Sie sich anmelden, außerhalb dieses Kontos über Sie speichert: Wenden Sie sich an deren Betreiber.";
    confirm_not_registered_unnamed() = "Did you not register yourself? Then another person used your email address and knows the password of this account. If you want the account, take it over:"
        | "Haben Sie sich nicht selbst registriert? Dann hat eine andere Person Ihre E-Mail-Adresse verwendet und kennt das Passwort dieses Kontos. Wenn Sie das Konto haben möchten, übernehmen Sie es:";
    confirmed_lead_unnamed() = "You can close this page." | "Sie können diese Seite schließen.";
    undo_taken_advice_unnamed() = "If the other account is yours, too, change its email address and open the link again. If not, contact the operator of this server to get your account back."
        | "Wenn auch das andere Konto Ihnen gehört, ändern Sie dessen E-Mail-Adresse und öffnen Sie den Link erneut. Wenn nicht, wenden Sie sich an den Betreiber dieses Servers, um Ihr Konto zurückzubekommen.";
    reset_done_lead_unnamed() = "All sessions of your account have ended. Sign in with the new password."
        | "Alle Sitzungen Ihres Kontos sind beendet. Melden Sie sich mit dem neuen Passwort an.";
    accept_done_lead_unnamed() = "Your email address is confirmed. Sign in with your email address or username."
        | "Ihre E-Mail-Adresse ist bestätigt. Melden Sie sich mit Ihrer E-Mail-Adresse oder Ihrem Benutzernamen an.";
    continue_to_unnamed() = "Continue to the site" | "Weiter zur Website";
    home_page_lead_unnamed() = "This server signs you in to your account." | "Dieser Server meldet Sie bei Ihrem Konto an.";
    gone_confirm_unused_unnamed() = "Request a new email. Use the link in the latest one."
        | "Fordern Sie eine neue E-Mail an. Verwenden Sie den Link in der neuesten.";
    gone_undo_used_unnamed() = "The account has its previous email address again. If you have not set a new password yet, request a password reset now."
        | "Das Konto hat wieder seine vorherige E-Mail-Adresse. Wenn Sie noch kein neues Passwort gesetzt haben, fordern Sie jetzt das Zurücksetzen des Passworts an.";
    gone_undo_unused_unnamed() = "Contact the operator of this server to get your account back."
        | "Wenden Sie sich an den Betreiber dieses Servers, um Ihr Konto zurückzubekommen.";
    gone_reset_used_unnamed() = "Sign in with the new password." | "Melden Sie sich mit dem neuen Passwort an.";
    gone_reset_unused_unnamed() = "Request a new email. Its link works for 1 hour."
        | "Fordern Sie eine neue E-Mail an. Ihr Link gilt 1 Stunde.";
    gone_not_me_used_unnamed() = "All sessions have ended. If you have not set a new password yet, request a password reset now."
        | "Alle Sitzungen sind beendet. Wenn Sie noch kein neues Passwort gesetzt haben, fordern Sie jetzt das Zurücksetzen des Passworts an.";
    gone_not_me_unused_unnamed() = "If you did not sign in, request a password reset now: a new password ends all sessions."
        | "Wenn Sie sich nicht angemeldet haben, fordern Sie jetzt das Zurücksetzen des Passworts an: Ein neues Passwort beendet alle Sitzungen.";
    gone_invite_used_unnamed() = "Your account exists. Sign in with your email address and the password that you chose."
        | "Ihr Konto besteht bereits. Melden Sie sich mit Ihrer E-Mail-Adresse und dem gewählten Passwort an.";
    gone_invite_unused_unnamed() = "Ask the operator of this server for a new invitation. It works for 7 days."
        | "Bitten Sie den Betreiber dieses Servers um eine neue Einladung. Sie gilt 7 Tage.";
}
