//! What doorward puts into emails besides their texts, which are files in `templates/mail/`.

use crate::texts::Lang;
use crate::types::Timestamp;

texts! {
    mail_button_hint() = "If the button does not work, open this link:"
        | "Wenn die Schaltfläche nicht funktioniert, öffnen Sie diesen Link:";
    mail_moment(date, time) = "{date} at {time} UTC" | "{date} um {time} UTC";
}

impl Lang {
    /// A moment in an email, such as "31 January 2026 at 12:00 UTC".
    #[must_use]
    pub fn mail_when(self, moment: Timestamp) -> String {
        let seconds = moment.seconds();
        let (hour, minute) = (seconds.div_euclid(3600).rem_euclid(24), seconds.div_euclid(60).rem_euclid(60));
        self.mail_moment(self.date(moment), format!("{hour:02}:{minute:02}"))
    }

    /// A lifetime of full hours in an email, such as "3 days".
    #[must_use]
    pub fn mail_lifetime(self, hours: u64) -> String {
        match (hours / 24, hours % 24) {
            (days, 0) if days > 0 => self.days(days),
            _ => self.hours(hours),
        }
    }
}
