//! The rules for names, addresses and passwords. In English they are Django's own words, which
//! the types bring along; here are the other languages.

use super::Lang;
use crate::types::{Email, EmailRule, Username, UsernameRule};

texts! {
    username() = "Username" | "Benutzername";
    email() = "Email" | "E-Mail";
    password_again() = "Password again" | "Passwort noch einmal";
    new_password() = "New password" | "Neues Passwort";
    username_hint() = "Letters, digits and @ . + - _" | "Buchstaben, Ziffern und @ . + - _";
    email_hint() = "Either of the two works for logging in." | "Zum Anmelden taugt jedes von beiden.";
    password_hint() = "At least 8 characters, not only digits, and nothing that others would try first."
        | "Mindestens 8 Zeichen, nicht nur Ziffern, und nichts, was andere zuerst probieren würden.";
    field_blank() = "This field may not be blank." | "Dieses Feld darf nicht leer sein.";
    field_null() = "Null characters are not allowed." | "Nullzeichen sind nicht erlaubt.";
    field_too_long(max) = "Ensure this field has no more than {max} characters."
        | "Dieses Feld darf höchstens {max} Zeichen haben.";
    username_characters() = "Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters."
        | "Geben Sie einen gültigen Benutzernamen ein: nur Buchstaben, Ziffern und @ . + - _";
    email_invalid() = "Enter a valid email address." | "Geben Sie eine gültige E-Mail-Adresse ein.";
    passwords_differ() = "The two password fields didn’t match." | "Die beiden Passwörter stimmen nicht überein.";
    username_taken() = "A user with that username already exists." | "Einen Benutzer mit diesem Namen gibt es schon.";
    email_taken() = "A user with that email already exists." | "Einen Benutzer mit dieser E-Mail gibt es schon.";
    username_ambiguous() = "This username is another user’s email. At login it would mean both."
        | "Dieser Name ist die E-Mail eines anderen Benutzers. Beim Anmelden wären beide gemeint.";
    email_ambiguous() = "This email is another user’s username. At login it would mean both."
        | "Diese E-Mail ist der Name eines anderen Benutzers. Beim Anmelden wären beide gemeint.";
    password_similar_username() = "The password is too similar to the login."
        | "Das Passwort ist dem Benutzernamen zu ähnlich.";
    password_similar_email() = "The password is too similar to the email." | "Das Passwort ist der E-Mail zu ähnlich.";
    password_short() = "This password is too short. It must contain at least 8 characters."
        | "Dieses Passwort ist zu kurz. Es muss mindestens 8 Zeichen haben.";
    password_common() = "This password is too common." | "Dieses Passwort ist zu verbreitet.";
    password_numeric() = "This password is entirely numeric." | "Dieses Passwort besteht nur aus Ziffern.";
}

impl Lang {
    /// Why a name is none.
    #[must_use]
    pub fn username_rule(self, rule: UsernameRule) -> String {
        match rule {
            UsernameRule::Blank => self.field_blank().to_owned(),
            UsernameRule::Characters => self.username_characters().to_owned(),
            UsernameRule::TooLong => self.field_too_long(Username::MAX_CHARS),
            UsernameRule::NullCharacter => self.field_null().to_owned(),
        }
    }

    /// Why an address is none.
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
