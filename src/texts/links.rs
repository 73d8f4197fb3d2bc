//! What the links in mails open.

texts! {
    confirm_title() = "Confirm your email" | "Bestätigen Sie Ihre E-Mail";
    confirm_heading() = "Is this your email?" | "Ist das Ihre E-Mail?";
    confirm_is_to_be() = "is to be the email of the account" | "soll die E-Mail dieses Kontos werden:";
    confirm_not_yours() = "If the account is not yours, close this page, and nothing happens."
        | "Wenn das Konto nicht Ihres ist, schließen Sie diese Seite, und nichts geschieht.";
    confirm_submit() = "Yes, confirm it" | "Ja, bestätigen";
    confirmed_heading() = "Your email is confirmed" | "Ihre E-Mail ist bestätigt";
    confirmed_lead() = "That is all. You can close this page, and go on where you have your account."
        | "Das ist alles. Sie können diese Seite schließen und dort weitermachen, wo Sie Ihr Konto haben.";

    undo_title() = "Take your email back" | "Holen Sie Ihre E-Mail zurück";
    undo_heading() = "Take your email back?" | "E-Mail zurückholen?";
    link_account() = "Account" | "Konto";
    undo_had() = "It had this email, and has another one now:" | "Es hatte diese E-Mail und hat jetzt eine andere:";
    undo_was_you() = "If it was you who changed it, close this page, and nothing happens."
        | "Wenn Sie sie selbst geändert haben, schließen Sie diese Seite, und nichts geschieht.";
    undo_was_not_you() = "If it was not you" | "Wenn Sie es nicht waren";
    undo_lead() = "Somebody else was in your account. With this button," | "Jemand anderes war in Ihrem Konto. Mit diesem Knopf";
    undo_email(email) = "the account has {email} again," | "hat das Konto wieder {email},";
    undo_sessions() = "everybody who is signed in to it is signed out," | "werden alle abgemeldet, die dort angemeldet sind,";
    undo_password() = "and you choose a new password." | "und Sie wählen ein neues Passwort.";
    undo_submit() = "It was not me, take it back" | "Ich war es nicht, zurückholen";
    undo_taken_heading() = "Another account has this email" | "Ein anderes Konto hat diese E-Mail";
    undo_taken_lead() = "Your account could not get its email back, because another account has it by now. Nothing was changed."
        | "Ihr Konto konnte seine E-Mail nicht zurückbekommen, weil inzwischen ein anderes sie hat. Nichts wurde geändert.";
    undo_taken_advice_heading() = "What you can do" | "Was Sie tun können";
    undo_taken_advice() = "If that account is yours, too, give it another email, and open the link again. If it is not, write to whoever runs the site. They can give your account back to you."
        | "Wenn auch jenes Konto Ihres ist, geben Sie ihm eine andere E-Mail und öffnen Sie den Link noch einmal. Wenn nicht, schreiben Sie dem Betreiber der Website. Er kann Ihnen Ihr Konto zurückgeben.";

    reset_heading() = "Choose a new password" | "Wählen Sie ein neues Passwort";
    reset_undone(email) = "Your account has {email} again, and everybody who was signed in to it is signed out. Whoever was in may know your password: so choose another one now."
        | "Ihr Konto hat wieder {email}, und alle, die dort angemeldet waren, sind abgemeldet. Wer darin war, kennt vielleicht Ihr Passwort: Wählen Sie darum jetzt ein anderes.";
    reset_lead() = "Wherever you are signed in to it, you will have to sign in again."
        | "Wo immer Sie dort angemeldet sind, müssen Sie sich neu anmelden.";
    new_password_again() = "New password again" | "Neues Passwort noch einmal";
    reset_submit() = "Set the password" | "Passwort setzen";
    reset_done_heading() = "You have a new password" | "Sie haben ein neues Passwort";
    reset_done_lead() = "Everybody who was signed in to your account is signed out. Sign in with the new password where you have your account."
        | "Alle, die in Ihrem Konto angemeldet waren, sind abgemeldet. Melden Sie sich mit dem neuen Passwort dort an, wo Sie Ihr Konto haben.";

    accept_heading() = "Create your account" | "Legen Sie Ihr Konto an";
    accept_invited_as() = "You were invited as" | "Sie wurden eingeladen als";
    accept_lead() = "That will be the email of your account." | "Das wird die E-Mail Ihres Kontos.";
    accept_submit() = "Create the account" | "Konto anlegen";
    accept_done_heading() = "Your account is ready" | "Ihr Konto ist bereit";
    accept_done_lead() = "Your email is confirmed, too. Sign in with it, or with your username, where you were invited to."
        | "Ihre E-Mail ist auch schon bestätigt. Melden Sie sich mit ihr oder mit Ihrem Benutzernamen dort an, wohin Sie eingeladen wurden.";

    link_gone_heading() = "This link no longer works" | "Dieser Link gilt nicht mehr";
    link_gone_lead() = "A link from a mail works once, for a limited time, and only until a newer one is sent."
        | "Ein Link aus einer Mail gilt einmal, für begrenzte Zeit, und nur bis ein neuerer gesendet wird.";
    link_used() = "If you have used it already" | "Wenn Sie ihn schon benutzt haben";
    link_unused() = "If you have not" | "Wenn nicht";
    link_unused_yours() = "If you have not, and the account is yours" | "Wenn nicht, und das Konto Ihres ist";
    gone_confirm_used() = "Your email is confirmed, and there is nothing left to do."
        | "Ihre E-Mail ist bestätigt, und es bleibt nichts zu tun.";
    gone_confirm_unused() = "Ask for a new mail where you have your account. Of several mails, the latest is the one that works."
        | "Bitten Sie dort, wo Sie Ihr Konto haben, um eine neue Mail. Von mehreren Mails gilt die letzte.";
    gone_undo_used() = "The account has this email again. If you have not set another password yet, do it now: where you have your account, choose that you have forgotten yours."
        | "Das Konto hat wieder diese E-Mail. Wenn Sie noch kein anderes Passwort gesetzt haben, tun Sie es jetzt: Wählen Sie dort, wo Sie Ihr Konto haben, dass Sie Ihres vergessen haben.";
    gone_undo_unused() = "Write to whoever runs the site. They can give it back to you."
        | "Schreiben Sie dem Betreiber der Website. Er kann es Ihnen zurückgeben.";
    gone_reset_used() = "Sign in with the password that you have set." | "Melden Sie sich mit dem Passwort an, das Sie gesetzt haben.";
    gone_reset_unused() = "Ask for a new mail where you have your account. It works for an hour, and of several mails, the latest is the one that works."
        | "Bitten Sie dort, wo Sie Ihr Konto haben, um eine neue Mail. Sie gilt eine Stunde, und von mehreren Mails gilt die letzte.";
    gone_invite_used() = "Your account is there. Sign in with your email and the password that you have chosen."
        | "Ihr Konto ist da. Melden Sie sich mit Ihrer E-Mail und dem Passwort an, das Sie gewählt haben.";
    gone_invite_unused() = "Ask whoever invited you for a new invitation. It works for seven days."
        | "Bitten Sie um eine neue Einladung, wer Sie eingeladen hat. Sie gilt sieben Tage.";
}
