//! The URL of a bulk action: which action, and the users that it is requested for.

use crate::accounts::BulkAction;
use crate::admin::bulk::plan::BulkPlan;
use crate::admin::session::Administrator;
use crate::admin::users::query::UserQuery;
use crate::app::App;
use crate::store::queries::user_list;
use crate::types::UserId;
use crate::web::filters::with_query;
use crate::web::{PageError, PageForm};

/// The path of the page.
const PATH: &str = "/admin/users/chosen";

/// The most users of one bulk action.
pub(super) const MAX_USERS: usize = 100_000;

/// An action, and the users it is requested for.
pub(super) struct BulkRequest {
    pub action: BulkAction,
    pub query: UserQuery,
    /// Whether all users who match the query are selected, and not only those in `ids`.
    pub is_all: bool,
    ids: Vec<UserId>,
}

impl BulkRequest {
    /// Reads the parameters. [`PageError::NotFound`] without a known action.
    pub(super) fn read(form: &PageForm) -> Result<Self, PageError> {
        let action = BulkAction::named(form.get("do")).ok_or(PageError::NotFound)?;
        let ids = form.all("id").filter_map(|id| id.parse().ok()).map(UserId::new).take(MAX_USERS).collect();
        let is_all = match form.all("all").last() {
            None => false,
            Some("1") => true,
            // Any other value, such as "0", must not select all users.
            Some(_) => return Err(PageError::BadFilter),
        };
        Ok(Self { action, query: UserQuery::read(form), is_all, ids })
    }

    /// Loads the users.
    pub(super) async fn plan(&self, app: &App, admin: &Administrator) -> Result<BulkPlan, PageError> {
        let (is_all, filter, ids) = (self.is_all, self.query.filter(admin.now)?, self.ids.clone());
        let mut plan = BulkPlan::new(self.action, admin.t, admin.user.id);
        let planned = app.store.read_aside(move |conn| {
            match is_all {
                true => {
                    let filter = user_list::resolve(conn, filter)?;
                    user_list::visit(conn, &filter, MAX_USERS, |user| plan.add(&user))?;
                }
                false => user_list::by_ids(conn, &ids)?.iter().for_each(|user| plan.add(user)),
            }
            plan.compare_with_all(conn)?;
            Ok(plan)
        });
        Ok(planned.await?)
    }

    /// The list of the affected users among those who match: the filter for [`BulkAction::skip_reason`], except that
    /// it does not leave out the administrator's own account.
    pub(super) fn affected_query(&self) -> UserQuery {
        let mut query = self.query.clone();
        let required = self.action.required_state();
        let filters = [
            (&mut query.confirmed, required.is_email_confirmed),
            (&mut query.active, required.is_active),
            (&mut query.deletion, required.is_to_be_deleted),
        ];
        for (filter, required) in filters {
            if let Some(required) = required {
                (if required { "yes" } else { "no" }).clone_into(filter);
            }
        }
        query
    }

    /// The path of the page about this request.
    pub(super) fn path(&self) -> String {
        let mut fields = self.query.fields_with_position();
        fields.push(("do", self.action.word().to_owned()));
        if self.is_all {
            fields.push(("all", "1".to_owned()));
        } else {
            fields.extend(self.ids.iter().map(|id| ("id", id.to_string())));
        }
        with_query(PATH, &fields)
    }
}
