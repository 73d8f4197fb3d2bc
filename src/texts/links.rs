//! The pages that links in emails open.

texts! {
    confirm_title() = "Confirm your email address" | "Bestätigen Sie Ihre E-Mail-Adresse";
    confirm_heading() = "Confirm your email address" | "Bestätigen Sie Ihre E-Mail-Adresse";
    confirm_begin() = "Confirm" | "Bestätigen Sie";
    confirm_address_of() = "as the email address of your account" | "als E-Mail-Adresse Ihres Kontos";
    confirm_not_yours() = "If this is not your account, close this page. Nothing will be changed."
        | "Wenn dies nicht Ihr Konto ist, schließen Sie diese Seite. Es wird nichts geändert.";
    confirm_submit() = "Confirm email address" | "E-Mail-Adresse bestätigen";
    confirm_not_registered(site) = "Did you not register at {site} yourself? Then another person used your email address and knows the password of this account. If you want the account, take it over:"
        | "Haben Sie sich nicht selbst bei {site} registriert? Dann hat eine andere Person Ihre E-Mail-Adresse verwendet und kennt das Passwort dieses Kontos. Wenn Sie das Konto haben möchten, übernehmen Sie es:";
    confirm_choose_password() = "Confirm and choose a new password" | "Bestätigen und ein neues Passwort wählen";
    confirmed_heading() = "Email address confirmed" | "E-Mail-Adresse bestätigt";
    confirmed_lead(site) = "You can close this page and return to {site}."
        | "Sie können diese Seite schließen und zu {site} zurückkehren.";

    undo_title() = "Undo the email address change" | "Änderung der E-Mail-Adresse rückgängig machen";
    undo_heading() = "Undo the email address change?" | "Änderung der E-Mail-Adresse rückgängig machen?";
    link_account() = "Account" | "Konto";
    undo_account() = "The email address of your account" | "Die E-Mail-Adresse Ihres Kontos";
    undo_from() = "was changed from" | "wurde von";
    undo_to() = "to" | "in";
    undo_changed() = "." | " geändert.";
    undo_was_you() = "If you made this change, close this page. Nothing will be changed."
        | "Wenn Sie diese Änderung vorgenommen haben, schließen Sie diese Seite. Es wird nichts geändert.";
    undo_was_not_you() = "If you did not make this change" | "Wenn Sie diese Änderung nicht vorgenommen haben";
    undo_lead() = "Another person may have access to your account. Restore the old address and choose a new password. All sessions of the account end."
        | "Möglicherweise hat eine andere Person Zugang zu Ihrem Konto. Stellen Sie die alte Adresse wieder her und wählen Sie ein neues Passwort. Alle Sitzungen des Kontos enden.";
    undo_submit(email) = "Restore {email}" | "{email} wiederherstellen";
    undo_taken_heading() = "Another account has this email address" | "Ein anderes Konto hat diese E-Mail-Adresse";
    undo_taken_lead() = "The change could not be undone, because another account has your previous email address now. Nothing was changed."
        | "Die Änderung konnte nicht rückgängig gemacht werden, weil jetzt ein anderes Konto Ihre vorherige E-Mail-Adresse hat. Es wurde nichts geändert.";
    undo_taken_advice_heading() = "What to do" | "Was Sie tun können";
    undo_taken_advice(site) = "If the other account is yours, too, change its email address and open the link again. If not, contact {site} to get your account back."
        | "Wenn auch das andere Konto Ihnen gehört, ändern Sie dessen E-Mail-Adresse und öffnen Sie den Link erneut. Wenn nicht, wenden Sie sich an {site}, um Ihr Konto zurückzubekommen.";

    reset_heading() = "Choose a new password" | "Neues Passwort wählen";
    reset_undone(email) = "The email address of your account is {email} again, and all sessions have ended. Choose a new password now: the current one may be known to another person."
        | "Die E-Mail-Adresse Ihres Kontos ist wieder {email}, und alle Sitzungen sind beendet. Wählen Sie jetzt ein neues Passwort: Das bisherige ist möglicherweise einer anderen Person bekannt.";
    reset_lead() = "A new password signs you out on all devices."
        | "Ein neues Passwort meldet Sie auf allen Geräten ab.";
    reset_restores(present, earlier) = "The email address {present} was never confirmed. With the new password, {earlier} is the address of the account again."
        | "Die E-Mail-Adresse {present} wurde nie bestätigt. Mit dem neuen Passwort ist wieder {earlier} die Adresse des Kontos.";
    new_password_again() = "Confirm new password" | "Neues Passwort bestätigen";
    reset_submit() = "Set password" | "Passwort setzen";
    reset_done_heading() = "Password changed" | "Passwort geändert";
    reset_done_lead(site) = "All sessions of your account have ended. Sign in to {site} with the new password."
        | "Alle Sitzungen Ihres Kontos sind beendet. Melden Sie sich bei {site} mit dem neuen Passwort an.";

    accept_heading() = "Create your account" | "Konto erstellen";
    accept_invited_as() = "You were invited as" | "Sie wurden eingeladen als";
    accept_lead() = "This will be the email address of your account." | "Das wird die E-Mail-Adresse Ihres Kontos.";
    accept_submit() = "Create account" | "Konto erstellen";
    accept_done_heading() = "Account created" | "Konto erstellt";
    accept_done_lead(site) = "Your email address is confirmed. Sign in to {site} with your email address or username."
        | "Ihre E-Mail-Adresse ist bestätigt. Melden Sie sich bei {site} mit Ihrer E-Mail-Adresse oder Ihrem Benutzernamen an.";

    continue_to(site) = "Continue to {site}" | "Weiter zu {site}";
    home_page_title() = "Accounts" | "Konten";
    home_page_lead(site) = "This server signs you in to {site}." | "Dieser Server meldet Sie bei {site} an.";
    home_page_admin() = "Administration" | "Verwaltung";
    to_start() = "Go to the start page" | "Zur Startseite";
    link_gone_heading() = "This link no longer works" | "Dieser Link ist nicht mehr gültig";
    link_gone_lead() = "A link in an email works once and for a limited time. Newer emails and changes of the account can end it earlier."
        | "Ein Link in einer E-Mail gilt einmal und für begrenzte Zeit. Neuere E-Mails und Änderungen des Kontos können ihn früher beenden.";
    link_used() = "If you have already used it" | "Wenn Sie ihn bereits benutzt haben";
    link_unused() = "If you have not used it" | "Wenn Sie ihn noch nicht benutzt haben";
    link_unused_yours() = "If you have not used it and the account is yours" | "Wenn Sie ihn noch nicht benutzt haben und das Konto Ihnen gehört";
    gone_confirm_used() = "Your email address is confirmed. You can close this page."
        | "Ihre E-Mail-Adresse ist bestätigt. Sie können diese Seite schließen.";
    gone_request_confirmation() = "Sign in to request a new confirmation email" | "Anmelden und eine neue Bestätigungs-E-Mail anfordern";
    gone_request_reset() = "Request a password reset" | "Passwort zurücksetzen";
    gone_confirm_unused(site) = "Request a new email at {site}. Use the link in the latest email."
        | "Fordern Sie bei {site} eine neue E-Mail an. Verwenden Sie den Link in der neuesten E-Mail.";
    gone_undo_used(site) = "The account has its previous email address again. If you have not set a new password yet, request a password reset at {site} now."
        | "Das Konto hat wieder seine vorherige E-Mail-Adresse. Wenn Sie noch kein neues Passwort gesetzt haben, fordern Sie jetzt bei {site} das Zurücksetzen des Passworts an.";
    gone_undo_unused(site) = "Contact {site} to get your account back."
        | "Wenden Sie sich an {site}, um Ihr Konto zurückzubekommen.";
    gone_reset_used(site) = "Sign in to {site} with the new password." | "Melden Sie sich bei {site} mit dem neuen Passwort an.";
    gone_reset_unused(site) = "Request a new email at {site}. Its link works for 1 hour."
        | "Fordern Sie bei {site} eine neue E-Mail an. Ihr Link gilt 1 Stunde.";
    gone_invite_used(site) = "Your account exists. Sign in to {site} with your email address and the password that you chose."
        | "Ihr Konto besteht bereits. Melden Sie sich bei {site} mit Ihrer E-Mail-Adresse und dem gewählten Passwort an.";
    gone_invite_unused(site) = "Ask {site} for a new invitation. It works for 7 days."
        | "Bitten Sie {site} um eine neue Einladung. Sie gilt 7 Tage.";
}
