//! `/api/admin/users/`: the list of users with the filters of the admin, and creating one.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};

use crate::accounts::{self, NewAccount};
use crate::api::admin::cursor;
use crate::api::admin::cursor::CursorPlace;
use crate::api::admin::query::{CURSOR, PAGE_SIZE, Query};
use crate::api::admin::user::answer;
use crate::api::admin::user_fields::{CREATE, MANAGED_USER, ManagedUser, known_names};
use crate::api::drf::body::FieldErrors;
use crate::api::drf::error::ApiError;
use crate::api::drf::machine::Machine;
use crate::api::drf::request_body::RequestBody;
use crate::api::drf::response;
use crate::api::openapi::description::{
    Answer, BodyShape, Component, Description, Property, PropertyKind, QueryKind, QueryParameter,
};
use crate::app::App;
use crate::store::queries::user_list;
use crate::store::queries::user_list::{LastLogin, ListedUser, SortKey, SortOrder, UserCursor, UserFilter};
use crate::store::tables::users::groups;
use crate::store::{Conn, StoreError};
use crate::types::{OneTimeKey, Password, UserId};
use crate::web::lists::SearchTerms;
use crate::web::paging::{PageStart, Paged};

/// The path of the list.
const PATH: &str = "/api/admin/users/";

/// The orders by the values of `ordering`.
const ORDERS: [(&str, SortKey, bool); 8] = [
    ("username", SortKey::Username, false),
    ("-username", SortKey::Username, true),
    ("email", SortKey::Email, false),
    ("-email", SortKey::Email, true),
    ("date_joined", SortKey::Created, false),
    ("-date_joined", SortKey::Created, true),
    ("last_login", SortKey::LastLogin, false),
    ("-last_login", SortKey::LastLogin, true),
];

const ORDER_WORDS: [&str; 8] =
    ["username", "-username", "email", "-email", "date_joined", "-date_joined", "last_login", "-last_login"];

/// The parameters of the list.
const QUERY: &[QueryParameter] = &[
    CURSOR,
    PAGE_SIZE,
    QueryParameter::new(
        "search",
        QueryKind::Text,
        "Words of the user name or email, or the id, as in the admin.",
    ),
    QueryParameter::new(
        "ordering",
        QueryKind::OneOf(&ORDER_WORDS),
        "The order, by user name by default, or how well the search matches.",
    ),
    QueryParameter::new("is_active", QueryKind::Boolean, "Whether the user may log in."),
    QueryParameter::new("is_staff", QueryKind::Boolean, "Whether the user may enter the admin."),
    QueryParameter::new("is_email_confirmed", QueryKind::Boolean, "Whether the email is confirmed."),
    QueryParameter::new(
        "is_to_be_deleted",
        QueryKind::Boolean,
        "Whether the deletion of the account was requested.",
    ),
    QueryParameter::new("group", QueryKind::Text, "The exact name of a group that the user is in."),
    QueryParameter::new(
        "joined_since",
        QueryKind::Day,
        "The account was created on this day in UTC or later.",
    ),
    QueryParameter::new("never_logged_in", QueryKind::Boolean, "True for users who never logged in."),
    QueryParameter::new(
        "last_login_before",
        QueryKind::Day,
        "The last login was before this day in UTC, or there was none.",
    ),
];

/// The answers of the list.
pub(crate) const LIST_DOCS: Description = Description::new(
    "Lists users, a page at a time.",
    Answer::new(200, "A page of users.", BodyShape::Object(&PAGE)),
)
.refusing(&[Answer::detail(404, "The cursor is of no link.")])
.reading(QUERY);

const PAGE: Component = Component::new(
    "PaginatedManagedUserList",
    &[
        Property::new(
            "next",
            PropertyKind::NullableText("https://accounts.example.com/api/admin/users/?cursor=W2Zh"),
        ),
        Property::new(
            "previous",
            PropertyKind::NullableText("https://accounts.example.com/api/admin/users/?cursor=W3Ry"),
        ),
        Property::new("results", PropertyKind::Objects(&MANAGED_USER)),
    ],
);

/// The answers of `POST`.
pub(crate) const CREATE_DOCS: Description = Description::new(
    "Creates a user. Without a password, the user sets one by a link.",
    Answer::new(201, "The user was created.", BodyShape::Object(&MANAGED_USER)),
);

/// Answers a page of the list.
///
/// # Errors
/// 400 for parameters that are unknown or not valid, 404 for a cursor that is of no link.
pub(crate) async fn list(app: Data<App>, _: Machine, request: HttpRequest) -> Result<HttpResponse, ApiError> {
    let mut query = Query::of(&request, QUERY);
    let (filter, order, rows) = (filter(&mut query), order(&mut query), query.rows());
    let group = query.text("group");
    query.check()?;
    let place = cursor::place::<UserCursor>(&query)?;
    let read = move |conn: &mut Conn| {
        let filter = match group {
            // No group has the number 0.
            Some(name) => UserFilter { group: Some(groups::number_of(conn, &name)?.unwrap_or(0)), ..filter },
            None => filter,
        };
        read(conn, filter, order, &place, rows)
    };
    let page = app.store.read_aside(read).await?;
    let at_row = |user: &ListedUser| UserCursor::at_user(user, &page.filter, page.order.by);
    let none = Vec::new();
    let answer =
        |user: &ListedUser| json!(ManagedUser::listed(user, page.groups.get(&user.id()).unwrap_or(&none)));
    let body: Value = cursor::body(&app, &query, PATH, &page.users, (at_row, answer));
    Ok(response::json(StatusCode::OK, &body))
}

fn filter(query: &mut Query) -> UserFilter {
    let never = query.boolean("never_logged_in");
    let before = query.day("last_login_before");
    UserFilter {
        active: query.boolean("is_active"),
        admin: query.boolean("is_staff"),
        confirmed: query.boolean("is_email_confirmed"),
        to_be_deleted: query.boolean("is_to_be_deleted"),
        // The filter is for moments after this one.
        added_after: query.day("joined_since").map(|day| day.minus(std::time::Duration::from_micros(1))),
        last_login: match (never, before) {
            (Some(true), _) => LastLogin::Never,
            (_, Some(day)) => LastLogin::Before(day),
            (_, None) => LastLogin::Any,
        },
        ..SearchTerms::parse(&query.text("search").unwrap_or_default()).user_filter()
    }
}

fn order(query: &mut Query) -> SortOrder {
    let choices = ORDERS.map(|(word, by, descending)| (word, SortOrder { by, descending }));
    query.choice("ordering", &choices).unwrap_or_else(|| {
        let has_words = query.text("search").is_some_and(|text| !SearchTerms::parse(&text).words.is_empty());
        SortOrder { by: if has_words { SortKey::Match } else { SortKey::Username }, descending: false }
    })
}

/// A page of the list, and the groups of its users.
struct UserPage {
    users: Paged<ListedUser>,
    groups: std::collections::BTreeMap<UserId, Vec<String>>,
    filter: UserFilter,
    order: SortOrder,
}

fn read(
    conn: &mut Conn,
    filter: UserFilter,
    order: SortOrder,
    place: &CursorPlace<UserCursor>,
    rows: usize,
) -> Result<UserPage, StoreError> {
    let filter = user_list::resolve(conn, filter)?;
    let order = user_list::order_of_page(conn, &filter, order)?;
    let direction = if place.start == PageStart::Before { order.reversed() } else { order };
    let users = user_list::page(conn, &filter, direction, place.position.as_ref(), rows + 1)?;
    let users = Paged::new(users, rows, place.start);
    let ids: Vec<UserId> = users.rows.iter().map(ListedUser::id).collect();
    Ok(UserPage { groups: groups::of_users(conn, &ids)?, users, filter, order })
}

/// Creates a user.
///
/// # Errors
/// 400 with everything that is wrong.
pub(crate) async fn create(
    app: Data<App>,
    machine: Machine,
    body: RequestBody,
) -> Result<HttpResponse, ApiError> {
    let ((username, email, password), (is_active, is_staff, is_email_confirmed, groups)) =
        body.fields(&CREATE).await?;
    let found =
        accounts::find_create_errors(&app, Some(username.clone()), Some(email.clone()), password.clone())
            .await?;
    let mut errors = FieldErrors::default();
    for error in found {
        match ApiError::from(error) {
            ApiError::Fields(more) => errors.extend(more),
            other => return Err(other),
        }
    }
    errors.into_result()?;
    let account = NewAccount {
        username,
        email,
        // One that is not known to anybody: a link sets another.
        password: password.unwrap_or_else(|| Password::new(OneTimeKey::random().expose().to_owned())),
        is_email_confirmed,
        is_active: is_active.unwrap_or(true),
        is_admin: is_staff,
    };
    let groups = groups.unwrap_or_default();
    let names = app.store.read(move |conn| known_names(conn, &groups)).await?;
    let id = accounts::create_user_in_groups(&app, account, names, &machine.actor).await?;
    answer(&app, id, StatusCode::CREATED).await
}
