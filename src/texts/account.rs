//! The rules for usernames, email addresses and passwords. The English texts are Django's own and come
//! from the types; the other languages are here.

use super::Lang;
use crate::types::{Email, EmailRule, Username, UsernameRule};

texts! {
    username() = "Username" | "Benutzername";
    email() = "Email address" | "E-Mail-Adresse";
    password_again() = "Confirm password" | "Passwort bestätigen";
    new_password() = "New password" | "Neues Passwort";
    username_hint() = "Letters, digits and @ . + - _" | "Buchstaben, Ziffern und @ . + - _";
    email_hint() = "You can log in with the username or the email address." | "Sie können sich mit Benutzername oder E-Mail-Adresse anmelden.";
    password_hint(n) = "At least {n} characters, not all numbers, not a common password."
        | "Mindestens {n} Zeichen, nicht nur Ziffern, kein verbreitetes Passwort.";
    show_password() = "Show password" | "Passwort anzeigen";
    strength_short() = "Too short, or only digits" | "Zu kurz oder nur Ziffern";
    strength_weak() = "Weak: longer is better" | "Schwach: länger ist besser";
    strength_fair() = "Fair" | "Mittel";
    strength_good() = "Good, if you use it nowhere else" | "Gut, wenn Sie es nirgends sonst verwenden";
    field_blank() = "This field may not be blank." | "Dieses Feld darf nicht leer sein.";
    field_null() = "Null characters are not allowed." | "Nullzeichen sind nicht erlaubt.";
    field_too_long(max) = "Ensure this field has no more than {max} characters."
        | "Dieses Feld darf höchstens {max} Zeichen haben.";
    username_characters() = "Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters."
        | "Geben Sie einen gültigen Benutzernamen ein: nur Buchstaben, Ziffern und @ . + - _";
    email_invalid() = "Enter a valid email address." | "Geben Sie eine gültige E-Mail-Adresse ein.";
    passwords_differ() = "The two password fields didn’t match." | "Die beiden Passwörter stimmen nicht überein.";
    username_taken() = "A user with that username already exists." | "Es gibt bereits einen Benutzer mit diesem Benutzernamen.";
    email_taken() = "A user with that email already exists." | "Es gibt bereits einen Benutzer mit dieser E-Mail-Adresse.";
    username_ambiguous() = "This username is another user’s email address, so a login with it would be ambiguous."
        | "Dieser Benutzername ist die E-Mail-Adresse eines anderen Benutzers; eine Anmeldung damit wäre nicht eindeutig.";
    email_ambiguous() = "This email address is another user’s username, so a login with it would be ambiguous."
        | "Diese E-Mail-Adresse ist der Benutzername eines anderen Benutzers; eine Anmeldung damit wäre nicht eindeutig.";
    password_similar_username() = "The password is too similar to the login."
        | "Das Passwort ist dem Benutzernamen zu ähnlich.";
    password_similar_email() = "The password is too similar to the email." | "Das Passwort ist der E-Mail-Adresse zu ähnlich.";
    password_short(n) = "This password is too short. It must contain at least {n} characters."
        | "Dieses Passwort ist zu kurz. Es muss mindestens {n} Zeichen haben.";
    password_common() = "This password is too common." | "Dieses Passwort ist zu verbreitet.";
    password_breached() = "This password is known from a data breach." | "Dieses Passwort ist aus einem Datenleck bekannt.";
    password_numeric() = "This password is entirely numeric." | "Dieses Passwort besteht nur aus Ziffern.";
}

impl Lang {
    /// Why a username is invalid.
    #[must_use]
    pub fn username_rule(self, rule: UsernameRule) -> String {
        match rule {
            UsernameRule::Blank => self.field_blank().to_owned(),
            UsernameRule::Characters => self.username_characters().to_owned(),
            UsernameRule::TooLong => self.field_too_long(Username::MAX_CHARS),
            UsernameRule::NullCharacter => self.field_null().to_owned(),
        }
    }

    /// Why an email address is invalid.
    #[must_use]
    pub fn email_rule(self, rule: EmailRule) -> String {
        match rule {
            EmailRule::Blank => self.field_blank().to_owned(),
            EmailRule::TooLong => self.field_too_long(Email::MAX_CHARS),
            EmailRule::NullCharacter => self.field_null().to_owned(),
            EmailRule::Invalid => self.email_invalid().to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_english_the_rules_are_said_in_djangos_words() {
        for rule in [
            UsernameRule::Blank,
            UsernameRule::Characters,
            UsernameRule::TooLong,
            UsernameRule::NullCharacter,
        ] {
            assert_eq!(Lang::English.username_rule(rule), rule.to_string());
        }
        for rule in [EmailRule::Blank, EmailRule::TooLong, EmailRule::NullCharacter, EmailRule::Invalid] {
            assert_eq!(Lang::English.email_rule(rule), rule.to_string());
        }
    }
}
