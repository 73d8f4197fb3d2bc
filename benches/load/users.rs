//! Users in a store that no server has opened yet. They share one password and one hash, so that a
//! million of them need one hash computation.

use std::path::Path;
use std::time::Duration;

use doorward::testing::app::Config;
use doorward::testing::app::store_settings;
use doorward::testing::app::{Clock as _, SystemClock};
use doorward::testing::passwords::{EngineOptions, Passwords, Requester};
use doorward::testing::store::users;
use doorward::testing::store::users::NewUser;
use doorward::testing::store::{Store, StoreError};
use doorward::testing::types::{Email, NewIds, Password, PasswordHash, UserId, Username};

/// The password of all users.
pub(crate) const PASSWORD: &str = "correct-horse-7";

/// The name of the `number`th user, counted from 0. All names are equally long.
pub(crate) fn name(number: usize) -> String {
    format!("user{number:08}")
}

/// The id of the `number`th user, if [`fill`] created all users.
pub(crate) fn id(number: usize) -> UserId {
    UserId::new(number as i64 + 1)
}

/// Creates the database in `folder` with `count` active users.
pub(crate) fn fill(folder: &Path, cost: u32, count: usize) {
    fill_at(&file_in(folder), cost, count);
}

/// Creates the database of any URL with `count` active users.
pub(crate) fn fill_at(url: &str, cost: u32, count: usize) {
    let hash = hash(cost);
    add_at(url, move |number| (number < count).then(|| user(&name(number), &hash, true)));
}

/// The URL of the database in `folder`.
pub(crate) fn file_in(folder: &Path) -> String {
    format!("sqlite:{}", folder.join("doorward.db").display())
}

/// Adds, in one transaction, the users that `nth` returns for 0, 1, 2, … until it returns none.
pub(crate) fn add(folder: &Path, nth: impl Fn(usize) -> Option<NewUser> + Send + 'static) {
    add_at(&file_in(folder), nth);
}

fn add_at(url: &str, nth: impl Fn(usize) -> Option<NewUser> + Send + 'static) {
    let config = Config::from_settings(&[("database_url", url)]).unwrap();
    let store = Store::open(&config.database_url, store_settings(&config)).unwrap();
    let now = SystemClock.now();
    let added = store.write(move |tx| {
        let all = (0..).map_while(nth);
        all.map(|new| users::insert(tx, &new, now)).try_for_each(|added| added.map(drop))
    });
    runtime().block_on(added).map_err(|error: StoreError| error).unwrap();
}

pub(crate) fn user(name: &str, hash: &PasswordHash, is_active: bool) -> NewUser {
    NewUser {
        username: Username::parse(name).unwrap(),
        email: Email::parse(&format!("{name}@example.com")).unwrap(),
        password_hash: hash.clone(),
        is_email_confirmed: false,
        is_active,
        is_admin: false,
        ids: NewIds::Integer,
    }
}

/// The hash of [`PASSWORD`].
pub(crate) fn hash(cost: u32) -> PasswordHash {
    let passwords = Passwords::start(EngineOptions {
        cost,
        threads: 1,
        queue: 1,
        max_wait: Duration::from_secs(60),
        foreign_memory: 0,
    })
    .unwrap();
    runtime()
        .block_on(passwords.hash(Requester::default(), &Password::new(PASSWORD.to_owned()).into()))
        .unwrap()
}

pub(crate) fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap()
}
