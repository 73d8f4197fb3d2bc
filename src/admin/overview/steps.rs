//! The set-up list: what a new server still lacks, each step with its form or command. A step is gone once it is
//! done, or dismissed.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use serde::Deserialize;

use crate::accounts;
use crate::admin::flash::{Done, Flash};
use crate::admin::navigation::PATHS;
use crate::admin::session::{Administrator, Post};
use crate::app::App;
use crate::config::ConfigWarning;
use crate::store::tables::dismissed_steps;
use crate::texts::Lang;
use crate::types::Timestamp;
use crate::web::PageError;
use crate::web::layout::see_other;

/// What a step sets up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum SetupStep {
    SecondAdministrator,
    Mail,
    PublicAddress,
    Backup,
}

/// How far the server is set up.
pub(super) struct SetupProgress {
    /// How many administrators can log in.
    pub administrators: usize,
    /// Whether there is an active user who is no administrator.
    pub has_candidates: bool,
    pub last_backup: Option<Timestamp>,
}

/// An open step for display.
pub(crate) struct OpenStep {
    pub word: &'static str,
    pub text: &'static str,
    pub reason: String,
    /// The form: path and label.
    pub link: Option<(&'static str, &'static str)>,
    pub command: Option<&'static str>,
}

impl SetupStep {
    const ALL: [Self; 4] = [Self::SecondAdministrator, Self::Mail, Self::PublicAddress, Self::Backup];

    /// The word in URLs and in the database.
    const fn as_str(self) -> &'static str {
        match self {
            Self::SecondAdministrator => "second-administrator",
            Self::Mail => "mail",
            Self::PublicAddress => "public-address",
            Self::Backup => "backup",
        }
    }

    const fn text(self, t: Lang) -> &'static str {
        match self {
            Self::SecondAdministrator => t.step_second_admin(),
            Self::Mail => t.step_mail(),
            Self::PublicAddress => t.step_address(),
            Self::Backup => t.step_backup(),
        }
    }

    fn is_done(self, app: &App, progress: &SetupProgress) -> bool {
        match self {
            Self::SecondAdministrator => progress.administrators >= 2,
            Self::Mail => app.current().mail.is_sent(),
            Self::PublicAddress => {
                let leads_nowhere =
                    |warning: &ConfigWarning| matches!(warning, ConfigWarning::LinksNowhere(_));
                app.config.sets_public_url() && !app.config.warnings().iter().any(leads_nowhere)
            }
            Self::Backup => progress.last_backup.is_some(),
        }
    }

    fn open(self, t: Lang, progress: &SetupProgress) -> OpenStep {
        let (reason, link, command) = match self {
            Self::SecondAdministrator => (
                format!("{} {}", t.warn_one_admin(), t.step_second_admin_why()),
                // Without a user who could be chosen, the list of them would be empty.
                Some(match progress.has_candidates {
                    true => ("/admin/users/?active=yes&admin=no", t.see_users()),
                    false => ("/admin/users/add?admin=1", t.step_second_admin_do()),
                }),
                None,
            ),
            Self::Mail => {
                (t.step_mail_why().to_owned(), Some(("/admin/settings/mail", t.settings_change_mail())), None)
            }
            Self::PublicAddress => {
                (t.step_address_why().to_owned(), None, Some("public_url = \"https://accounts.example.com\""))
            }
            Self::Backup => (t.step_backup_why().to_owned(), None, Some("doorward backup copy.db")),
        };
        OpenStep { word: self.as_str(), text: self.text(t), reason, link, command }
    }
}

/// The open steps.
pub(super) async fn open_steps(
    app: &App,
    t: Lang,
    progress: SetupProgress,
) -> Result<Vec<OpenStep>, PageError> {
    let dismissed = app.store.read(dismissed_steps::all).await?;
    let is_open = |step: &SetupStep| {
        !dismissed.iter().any(|word| word == step.as_str()) && !step.is_done(app, &progress)
    };
    Ok(SetupStep::ALL.into_iter().filter(is_open).map(|step| step.open(t, &progress)).collect())
}

/// `GET /admin/dismiss-step/{step}`, to which signing in leads back.
pub(crate) async fn to_home(_: Administrator) -> HttpResponse {
    see_other(PATHS.root).finish()
}

/// `POST /admin/dismiss-step/{step}`: dismisses a step for all administrators.
pub(crate) async fn dismiss(
    app: Data<App>,
    post: Post,
    step: Path<SetupStep>,
) -> Result<HttpResponse, PageError> {
    let admin = post.sender;
    accounts::dismiss_step(&app, step.as_str(), &admin.actor).await?;
    let flash = Flash::One(Done::StepDismissed, step.text(admin.t).to_owned());
    Ok(admin.redirect(PATHS.root, &flash))
}
