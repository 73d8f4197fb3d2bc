//! `GET /admin/search?q=`. `static/search.js` leads here from every page, by `/` or Ctrl K.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::admin::invitations::list::LIST as INVITATIONS;
use crate::admin::search::invitations;
use crate::admin::search::places;
use crate::admin::search::places::Place;
use crate::admin::session::Administrator;
use crate::admin::users::query::{LIST, UserQuery};
use crate::app::App;
use crate::store::queries::user_list;
use crate::store::queries::user_list::{ListedUser, SortKey, SortOrder};
use crate::store::tables::one_time_keys::Invitation;
use crate::store::{Conn, StoreError};
use crate::texts::Lang;
use crate::types::{PublicId, Timestamp, UserId, trim_for_search};
use crate::web::abbreviate;
use crate::web::filters::with_query;
use crate::web::layout::Layout;
use crate::web::lists::SearchTerms;
use crate::web::{Page, PageError, PageForm};

/// How many results of a kind the page has.
const MOST: usize = 8;

/// Up to so many matching users are counted.
const MAX_COUNTED: usize = 1_000;

/// The field with the kind of which it has all results.
const WHOLE: &str = "all";

#[derive(Template)]
#[template(path = "admin/search/page.html")]
struct SearchPage {
    layout: Layout,
    typed: String,
    groups: Vec<Group>,
}

/// The results of one kind.
struct Group {
    id: &'static str,
    heading: &'static str,
    places: Vec<Place>,
    /// The label and the path of the list of all of them.
    more: Option<(String, String)>,
}

/// `GET /admin/search`.
pub(crate) async fn page(
    app: Data<App>,
    request: HttpRequest,
    admin: Administrator,
) -> Result<HttpResponse, PageError> {
    let query = PageForm::of_query(request.query_string());
    let typed = trim_for_search(query.get("q")).to_owned();
    let whole = query.get(WHOLE);
    let terms = SearchTerms::parse(&typed);
    let t = admin.t;
    let mut groups = Vec::new();
    if !terms.is_empty() {
        let (words, now) = (terms.clone(), admin.now);
        let results = app.store.read_aside(move |conn| load(conn, &words, now)).await?;
        let SearchResults { users, named_whole, number, invitations } = results;
        groups.push(user_group(t, &typed, users, &named_whole, number));
        groups.push(invitation_group(t, invitations));
        let kinds = [
            (t.search_pages(), "pages", places::pages(t, &terms)),
            (t.settings_heading(), "settings", places::settings(&app, t, &terms)),
            (t.search_actions(), "actions", places::actions(t, &terms)),
        ];
        groups.extend(kinds.map(|(heading, id, places)| {
            let mut group = Group { id, heading, places, more: None };
            if id != whole {
                group.cut(t, &typed);
            }
            group
        }));
        groups.retain(|group| !group.places.is_empty());
    }
    Ok(admin.render(Page::new(SearchPage { layout: admin.layout(), typed, groups })))
}

/// What the database has.
struct SearchResults {
    /// The first users, one more than the page has.
    users: Vec<ListedUser>,
    /// The ids of the first of them, which the search names whole.
    named_whole: Vec<UserId>,
    /// How many users match, if the page has not all of them and they can be counted quickly.
    number: Option<usize>,
    /// The open invitations.
    invitations: Vec<Invitation>,
}

fn load(conn: &mut Conn, terms: &SearchTerms, now: Timestamp) -> Result<SearchResults, StoreError> {
    let filter = user_list::resolve(conn, terms.user_filter())?;
    let order = SortOrder { by: SortKey::Match, descending: false };
    let order = user_list::order_of_page(conn, &filter, order)?;
    let mut users = user_list::named_whole(conn, &filter)?;
    let mut named_whole: Vec<UserId> = users.iter().map(ListedUser::id).collect();
    let others = user_list::page(conn, &filter, order, None, MOST + 1)?;
    users.extend(others.into_iter().filter(|user| !named_whole.contains(&user.id())));
    // Without a word left, the id is that of `#42`, or of the user with the whole address.
    named_whole.extend(filter.id);
    let number = if users.len() > MOST {
        let totals = user_list::totals(conn, &filter, MAX_COUNTED)?;
        totals.is_exact.then_some(totals.all)
    } else {
        None
    };
    Ok(SearchResults { users, named_whole, number, invitations: invitations::matching(conn, terms, now)? })
}

fn user_group(
    t: Lang,
    typed: &str,
    users: Vec<ListedUser>,
    named_whole: &[UserId],
    number: Option<usize>,
) -> Group {
    let all = UserQuery { term: typed.to_owned(), ..UserQuery::default() }.path(LIST);
    let label = || number.map_or_else(|| t.search_all_users().to_owned(), |n| t.search_all_users_of(n));
    let more = (users.len() > MOST).then(|| (label(), all));
    let place = |user: ListedUser| Place {
        label: abbreviate::name(&user.username),
        description: match named_whole.contains(&user.id()) {
            true => format!("{} · {}", about(&user), t.search_whole()),
            false => about(&user),
        },
        path: format!("/admin/users/{}", user.id()),
    };
    let places = users.into_iter().take(MOST).map(place).collect();
    Group { id: "users", heading: t.users_heading(), places, more }
}

/// The address and the id; a number as a search field finds it.
fn about(user: &ListedUser) -> String {
    let id = match user.public_id() {
        PublicId::Integer(id) => format!("#{id}"),
        PublicId::Text(text) => abbreviate::name(&text),
    };
    let email = (!user.email().is_blank()).then(|| abbreviate::email(&user.email));
    email.into_iter().chain([id]).collect::<Vec<_>>().join(" · ")
}

fn invitation_group(t: Lang, open: Vec<Invitation>) -> Group {
    let more = (open.len() > MOST).then(|| (t.invitations_heading().to_owned(), INVITATIONS.to_owned()));
    let place = |invitation: Invitation| Place {
        label: abbreviate::email(invitation.email.as_str()),
        description: String::new(),
        path: INVITATIONS.to_owned(),
    };
    let places = open.into_iter().take(MOST).map(place).collect();
    Group { id: "invitations", heading: t.invitations_heading(), places, more }
}

impl Group {
    /// Leaves the first results, with a link to all of them.
    fn cut(&mut self, t: Lang, typed: &str) {
        if self.places.len() > MOST {
            let path = with_query("/admin/search", &[("q", typed.to_owned()), (WHOLE, self.id.to_owned())]);
            self.more = Some((t.search_all_of(self.places.len()), path));
            self.places.truncate(MOST);
        }
    }
}
