//! `/admin/users/export.csv` and `.json`: the users of a list as a file.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};

use super::export::{self, Kind, Listing};
use super::guard::Proven;
use super::user_query::UserQuery;
use crate::app::App;
use crate::html::{Form, PageError};
use crate::store::StoreError;
use crate::store::user_list::{self, Listed, Order, Place, Wanted};

/// `GET …/export.csv` and `…/export.json`.
///
/// # Errors
/// If a filter cannot be meant, or the store fails.
pub async fn send(
    app: Data<App>,
    request: HttpRequest,
    admin: Proven,
    kind: Path<Kind>,
) -> Result<HttpResponse, PageError> {
    let query = UserQuery::read(&Form::of_query(request.query_string()));
    let path = query.path(request.path());
    let users = Users { wanted: query.wanted(admin.0.now)?, order: query.order };
    export::send(app, &admin, *kind, users, path).await
}

/// Whom the file has, and in which order.
struct Users {
    wanted: Wanted,
    order: Order,
}

impl Listing for Users {
    type Row = Listed;
    const NAME: &'static str = "users";
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "username",
        "email",
        "is_email_confirmed",
        "is_active",
        "is_admin",
        "created_at",
        "last_login_at",
    ];

    async fn after(&self, app: &App, last: Option<&Listed>, limit: usize) -> Result<Vec<Listed>, StoreError> {
        let (wanted, order) = (self.wanted.clone(), self.order);
        let place = last.map(|user| Place::of(user, &wanted, order.by));
        let read = move |conn: &mut _| user_list::page(conn, &wanted, order, place.as_ref(), limit);
        app.store.read_aside(read).await
    }

    fn cells(user: &Listed) -> Vec<String> {
        let last_login = user.last_login_at().map(|moment| moment.to_rfc3339());
        vec![
            user.id().to_string(),
            user.username.clone(),
            user.email.clone(),
            user.is_email_confirmed.to_string(),
            user.is_active.to_string(),
            user.is_admin.to_string(),
            user.created_at().to_rfc3339(),
            last_login.unwrap_or_default(),
        ]
    }

    fn json(user: &Listed) -> Value {
        json!({
            "id": user.id(),
            "username": user.username,
            "email": user.email,
            "is_email_confirmed": user.is_email_confirmed,
            "is_active": user.is_active,
            "is_admin": user.is_admin,
            "created_at": user.created_at().to_rfc3339(),
            "last_login_at": user.last_login_at().map(|moment| moment.to_rfc3339()),
        })
    }
}
