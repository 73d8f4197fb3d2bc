//! The page behind the link of the email about a sign-in from a new place.

texts! {
    not_me_heading() = "Did another person sign in?" | "Hat sich eine andere Person angemeldet?";
    not_me_lead() = "If you did not sign in, another person knows your password. If you continue:"
        | "Wenn Sie sich nicht angemeldet haben, kennt eine andere Person Ihr Passwort. Wenn Sie fortfahren:";
    not_me_sessions() = "All sessions of the account end." | "Alle Sitzungen des Kontos enden.";
    not_me_password() = "You choose a new password." | "Sie wählen ein neues Passwort.";
    not_me_submit() = "This was not me: end all sessions" | "Das war ich nicht: alle Sitzungen beenden";
    not_me_was_you() = "If it was you, close this page. Nothing will be changed."
        | "Wenn Sie es waren, schließen Sie diese Seite. Es wird nichts geändert.";
    reset_not_me() = "All sessions of your account have ended. Choose a new password now: the current one may be known to another person."
        | "Alle Sitzungen Ihres Kontos sind beendet. Wählen Sie jetzt ein neues Passwort: Das bisherige ist möglicherweise einer anderen Person bekannt.";
    gone_not_me_used(site) = "All sessions have ended. If you have not set a new password yet, request a password reset at {site} now."
        | "Alle Sitzungen sind beendet. Wenn Sie noch kein neues Passwort gesetzt haben, fordern Sie jetzt bei {site} das Zurücksetzen des Passworts an.";
    gone_not_me_unused(site) = "If you did not sign in, request a password reset at {site} now: a new password ends all sessions."
        | "Wenn Sie sich nicht angemeldet haben, fordern Sie jetzt bei {site} das Zurücksetzen des Passworts an: Ein neues Passwort beendet alle Sitzungen.";
}
