//! A server for one test, on its own port and database, and its clients.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use crate::database::Database;
use crate::http::{Reply, Request, send};
use actix_web::dev::ServerHandle;
use doorward::testing::accounts::create_user;
use doorward::testing::accounts::{Actor, NewAccount, Rules, prepare_keys};
use doorward::testing::app::App;
use doorward::testing::app::Config;
use doorward::testing::app::ShiftedClock;
use doorward::testing::types::{Email, Password, PasswordHash, User, UserId, Username};
use serde_json::{Value, json};

/// The key of every test server.
pub(crate) const SIGNING_KEY: &str = "a-signing-key-of-the-tests-0123456789-abcdef";

/// A running server. Dropping it stops it and deletes its database.
pub(crate) struct TestServer {
    pub address: SocketAddr,
    pub app: App,
    clock: ShiftedClock,
    handle: ServerHandle,
    thread: Option<JoinHandle<()>>,
    database: Arc<Database>,
}

/// A client of the server.
pub(crate) struct Client {
    pub address: SocketAddr,
    /// The access token that requests send as `Authorization: Bearer`.
    pub token: Option<String>,
}

impl TestServer {
    /// With the default settings, but a hash that takes a millisecond.
    pub(crate) fn start() -> Self {
        Self::with(&[])
    }

    /// With these settings on top.
    pub(crate) fn with(settings: &[(&str, &str)]) -> Self {
        Self::on(Database::fresh(), settings)
    }

    /// On this database.
    pub(crate) fn on(database: Database, settings: &[(&str, &str)]) -> Self {
        Self::share(Arc::new(database), settings)
    }

    /// A replica: on the database of `other`.
    pub(crate) fn beside(other: &Self, settings: &[(&str, &str)]) -> Self {
        Self::share(Arc::clone(&other.database), settings)
    }

    fn share(database: Arc<Database>, settings: &[(&str, &str)]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let mut all = vec![
            ("database_url", database.url()),
            ("signing_key", SIGNING_KEY),
            ("password.cost", "4"),
            ("server.workers", "2"),
        ];
        all.extend_from_slice(settings);
        let clock = ShiftedClock::default();
        let config = Config::from_settings(&all).unwrap().listening_at(address);
        let app = App::open(config, Arc::new(clock.clone())).unwrap();
        wait(prepare_keys(&app)).unwrap();
        let (sender, receiver) = std::sync::mpsc::channel();
        let serving = app.clone();
        let thread = std::thread::spawn(move || {
            actix_web::rt::System::new()
                .block_on(async move {
                    let server = doorward::testing::http_server(&serving, listener).unwrap();
                    let _tasks = doorward::testing::BackgroundTasks::start_without_mail(&serving);
                    sender.send(server.handle()).unwrap();
                    server.await
                })
                .unwrap();
        });
        let handle = receiver.recv().unwrap();
        Self { address, app, clock, handle, thread: Some(thread), database }
    }

    /// A client without a token.
    pub(crate) fn anon(&self) -> Client {
        Client { address: self.address, token: None }
    }

    /// The user with this name, logged in. Creates the user if there is none.
    pub(crate) fn user(&self, name: &str) -> Client {
        if self.find(name).is_none() {
            self.add(name, |_| ());
        }
        self.log_in(name)
    }

    /// An administrator, logged in.
    pub(crate) fn admin(&self) -> Client {
        if self.find("admin").is_none() {
            self.add("admin", |account| account.is_admin = true);
        }
        self.log_in("admin")
    }

    /// Creates a user with [`email_of`] and [`password_of`] the name, after `change`.
    pub(crate) fn add(&self, name: &str, change: impl FnOnce(&mut NewAccount)) -> UserId {
        self.add_as(name, &email_of(name), change)
    }

    /// Creates a user with this email.
    pub(crate) fn add_as(&self, name: &str, email: &str, change: impl FnOnce(&mut NewAccount)) -> UserId {
        let mut account = NewAccount {
            username: Username::parse(name).unwrap(),
            email: Email::parse(email).unwrap(),
            password: Password::new(password_of(name)),
            is_email_confirmed: false,
            is_active: true,
            is_admin: false,
        };
        change(&mut account);
        self.wait(create_user(&self.app, account, Rules::Waived, &Actor::command_line())).unwrap()
    }

    /// The user with this name in the store.
    pub(crate) fn find(&self, name: &str) -> Option<User> {
        let identifier = doorward::testing::types::Identifier::new(name);
        let read = self
            .app
            .store
            .read(move |conn| doorward::testing::store::users::find_by_identifier(conn, &identifier));
        self.wait(read).unwrap().into_iter().next()
    }

    /// The password hash of the user of that name, as stored.
    pub(crate) fn hash_of(&self, name: &str) -> String {
        let identifier = doorward::testing::types::Identifier::new(name);
        let read = self
            .app
            .store
            .read(move |conn| doorward::testing::store::users::with_hash_by_identifier(conn, &identifier));
        self.wait(read).unwrap().remove(0).password_hash.as_stored().to_owned()
    }

    /// Logs an existing user in over the API.
    pub(crate) fn log_in(&self, name: &str) -> Client {
        let reply = self.anon().log_in(name, &password_of(name));
        assert_eq!(reply.status, 200, "{}", reply.text());
        Client { address: self.address, token: reply.cookie("access_token").map(|cookie| cookie.value) }
    }

    /// Advances the clock of the server.
    pub(crate) fn advance(&self, span: Duration) {
        self.clock.advance(span);
    }

    /// The actions in the audit log about a user, newest first.
    pub(crate) fn audit(&self, user: UserId) -> Vec<String> {
        let read =
            self.app.store.read(move |conn| doorward::testing::store::user_activity::about(conn, user, 100));
        self.wait(read).unwrap().into_iter().map(|row| row.action).collect()
    }

    /// Stores an encoded password, as an import would.
    pub(crate) fn overwrite_hash(&self, user: UserId, encoding: &str) {
        let hash = PasswordHash::from_stored(encoding.to_owned());
        let write =
            self.app.store.write(move |tx| doorward::testing::store::users::replace_hash(tx, user, &hash));
        self.wait(write).unwrap();
    }

    /// The database of the server.
    pub(crate) fn database(&self) -> &Database {
        &self.database
    }

    /// Runs a use case to its end.
    pub(crate) fn wait<T>(&self, work: impl Future<Output = T>) -> T {
        wait(work)
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        self.wait(self.handle.stop(false));
        if let Some(thread) = self.thread.take() {
            let ended = thread.join();
            if !std::thread::panicking() {
                ended.unwrap();
            }
        }
    }
}

impl Client {
    /// Sends a request with the token, if the client has one.
    pub(crate) fn send(&self, request: Request) -> Reply {
        let request = match &self.token {
            Some(token) => request.header("Authorization", format!("Bearer {token}")),
            None => request,
        };
        send(self.address, &request).unwrap()
    }

    /// `GET`.
    pub(crate) fn get(&self, path: &str) -> Reply {
        self.send(Request::get(path))
    }

    /// `POST` of JSON.
    pub(crate) fn post(&self, path: &str, body: &Value) -> Reply {
        self.send(Request::post(path).json(body))
    }

    /// `POST /api/login/` as JSON.
    pub(crate) fn log_in(&self, identifier: &str, password: &str) -> Reply {
        self.post("/api/login/", &json!({"username": identifier, "password": password}))
    }
}

fn wait<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

/// The email of a user of the tests.
pub(crate) fn email_of(name: &str) -> String {
    format!("{name}@example.com")
}

/// The password of a user of the tests.
pub(crate) fn password_of(name: &str) -> String {
    format!("the-secret-of-{name}-7")
}
