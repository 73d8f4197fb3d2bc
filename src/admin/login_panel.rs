//! What login help says about one user, with the remedies beside each cause. On the user's page and on the page for
//! typed names.

use crate::accounts::{LoginExplanation, LoginFinding};
use crate::admin::users::user_form;
use crate::texts::Lang;
use crate::types::{Timestamp, User};

/// Where the limits of an identifier are cleared.
pub(crate) const UNBLOCK: &str = "/admin/login-help/unblock";

/// The field of [`UNBLOCK`] with what to clear.
pub(crate) const WHO: &str = "who";

/// The field of [`UNBLOCK`] with the id of the user whose page comes next.
pub(crate) const FROM_USER: &str = "user";

/// The answer.
pub(crate) struct LoginPanel {
    pub is_hopeless: bool,
    pub verdict: &'static str,
    pub checks: Vec<LoginCheck>,
}

/// A finding.
pub(crate) struct LoginCheck {
    pub is_obstacle: bool,
    pub text: String,
    pub remedies: Vec<Remedy>,
}

/// A button beside a finding.
pub(crate) struct Remedy {
    pub label: &'static str,
    /// Where its form goes.
    pub action: String,
    /// Names and values of its fields.
    pub fields: Vec<(&'static str, String)>,
}

impl LoginPanel {
    /// The answer for what was typed, `identifier`. Remedies for the account are there if it is about one.
    pub(crate) fn new(
        explanation: &LoginExplanation,
        t: Lang,
        now: Timestamp,
        identifier: &str,
        on_page_of: Option<&User>,
    ) -> Self {
        let user = match &explanation.users[..] {
            [user] => Some(user),
            _ => None,
        };
        let is_told = |finding: &&LoginFinding| {
            // The user's page says so in its head.
            on_page_of.is_none() || !matches!(finding, LoginFinding::ByName(_) | LoginFinding::ByEmail(_))
        };
        let checks = explanation.findings.iter().filter(is_told).map(|finding| LoginCheck {
            is_obstacle: finding.is_obstacle(),
            text: finding.text(t, now),
            remedies: remedies(finding, t, identifier, user, on_page_of),
        });
        Self {
            is_hopeless: explanation.is_hopeless(),
            verdict: explanation.verdict(t),
            checks: checks.collect(),
        }
    }
}

fn remedies(
    finding: &LoginFinding,
    t: Lang,
    identifier: &str,
    user: Option<&User>,
    on_page_of: Option<&User>,
) -> Vec<Remedy> {
    let path = |user: &User, action: &str| format!("{}/{action}", user_form::path_of(user.id));
    let about_email = |user: &User, label, action| Remedy {
        label,
        action: path(user, action),
        fields: vec![("address", user.email.to_string())],
    };
    let active = user.filter(|user| user.is_active);
    match finding {
        limit if limit.is_rate_limit() => vec![unblock(t, identifier, on_page_of)],
        LoginFinding::AddressThrottled(address, _) => vec![unblock(t, &address.to_string(), on_page_of)],
        LoginFinding::Inactive(..) => {
            let user = user.filter(|user| user.deletion_due_at.is_none());
            let activate = |user| Remedy {
                label: t.act_activate(),
                action: path(user, "activate"),
                fields: vec![(user_form::VERSION, user_form::version(user))],
            };
            user.map(activate).into_iter().collect()
        }
        LoginFinding::ToBeDeleted(..) => {
            let restore = |user| Remedy {
                label: t.act_cancel_deletion(),
                action: path(user, "restore"),
                fields: vec![(user_form::VERSION, user_form::version(user))],
            };
            user.map(restore).into_iter().collect()
        }
        LoginFinding::Unconfirmed(_) => {
            let remedies = |user: &User| {
                let send = (!user.email.is_blank())
                    .then(|| about_email(user, t.act_send_confirmation(), "send-confirmation"));
                send.into_iter().chain([about_email(user, t.act_confirm(), "confirm")]).collect()
            };
            active.map(remedies).unwrap_or_default()
        }
        LoginFinding::BadHash(_) => {
            let active = active.filter(|user| !user.recovery_address().is_blank());
            active.map(|user| about_email(user, t.act_send_reset(), "send-reset")).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

fn unblock(t: Lang, who: &str, on_page_of: Option<&User>) -> Remedy {
    let back = on_page_of.map(|user| (FROM_USER, user.id.to_string()));
    let fields = [Some((WHO, who.to_owned())), back].into_iter().flatten().collect();
    Remedy { label: t.unblock_submit(), action: UNBLOCK.to_owned(), fields }
}
