//! The built-in words of mails, in every language: the files `templates/mail/LANGUAGE/TEXT.txt`.

use crate::mail::templates::TemplateError;
use crate::mail::text_parts::split_subject;
use crate::mail::words::MailWords;
use crate::texts::Lang;
use crate::types::{MailText, MailTextSource};

macro_rules! files {
    ($($text:ident: $name:literal;)*) => {
        /// The file with the words of a text.
        const fn file(text: MailText, lang: Lang) -> &'static str {
            match (lang, text) {
                $(
                    (Lang::English, MailText::$text) => {
                        include_str!(concat!("../../templates/mail/en/", $name, ".txt"))
                    }
                    (Lang::German, MailText::$text) => {
                        include_str!(concat!("../../templates/mail/de/", $name, ".txt"))
                    }
                )*
            }
        }
    };
}

files! {
    ConfirmEmail: "confirm_email";
    ConfirmEmailByAdministrator: "confirm_email_by_administrator";
    EmailChanged: "email_changed";
    EmailChangedByAdministrator: "email_changed_by_administrator";
    ResetPassword: "reset_password";
    ResetPasswordByAdministrator: "reset_password_by_administrator";
    PasswordChanged: "password_changed";
    PasswordSet: "password_set";
    ResetLinkMade: "reset_link_made";
    AdminGranted: "admin_granted";
    AdminRevoked: "admin_revoked";
    AccountDeleted: "account_deleted";
    AccountDeletedByAdministrator: "account_deleted_by_administrator";
    DeletionRequested: "deletion_requested";
    DeletionRequestedByAdministrator: "deletion_requested_by_administrator";
    DeletionCancelled: "deletion_cancelled";
    AlreadyRegistered: "already_registered";
    NewPlace: "new_place";
    Invite: "invite";
    Test: "test";
}

/// The original of one text in one language.
struct Original {
    source: MailTextSource,
    words: MailWords,
}

/// All of them, in the order of [`MailText::ALL`], each in the order of [`Lang::ALL`].
pub(crate) struct Originals(Vec<[Original; Lang::ALL.len()]>);

impl Originals {
    /// Parses all of them.
    pub(crate) fn load() -> Result<Self, TemplateError> {
        let texts = MailText::ALL.iter().map(|text| {
            let [english, german] = Lang::ALL;
            Ok([load(*text, english)?, load(*text, german)?])
        });
        Ok(Self(texts.collect::<Result<_, TemplateError>>()?))
    }

    pub(crate) fn source(&self, text: MailText, lang: Lang) -> &MailTextSource {
        &self.of(text, lang).source
    }

    pub(crate) fn words(&self, text: MailText, lang: Lang) -> &MailWords {
        &self.of(text, lang).words
    }

    fn of(&self, text: MailText, lang: Lang) -> &Original {
        &self.0[text as usize][lang as usize]
    }
}

fn load(text: MailText, lang: Lang) -> Result<Original, TemplateError> {
    let name = format!("{}/{}.txt", lang.tag(), text.as_str());
    let (subject, body) = split_subject(file(text, lang)).ok_or(TemplateError::NoSubject(name.clone()))?;
    let source = MailTextSource { subject, body };
    let words = MailWords::parse(text, &source).map_err(|errors| TemplateError::words(name, &errors))?;
    Ok(Original { source, words })
}
