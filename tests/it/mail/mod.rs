//! Mails: from the transaction that inserts them to the server that accepts them.

mod language;
mod new_place;
mod outbox;
pub(crate) mod real;
mod refusals;
mod replicas;
mod worker;

use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use diesel::RunQueryDsl as _;
use diesel::sql_types::{BigInt, Binary};
use doorward::testing::accounts::run_mail_worker;
use doorward::testing::app::App;
use doorward::testing::app::Config;
use doorward::testing::app::SystemClock;
use doorward::testing::mail::{MailCause, Message, NewMail};
use doorward::testing::store::StoreError;
use doorward::testing::store::mails;
use doorward::testing::store::mails::Mail;
use doorward::testing::types::{Email, MailId, OneTimeKey, Username};
use tokio::sync::{oneshot, watch};

use crate::cli::Place;
use crate::server::TestServer;
use crate::smtp;

/// A server without a worker, with an SMTP server on this port in its settings.
pub(crate) fn sending_to(port: u16, more: &[(&str, &str)]) -> TestServer {
    let settings = smtp::settings(port);
    let mut all: Vec<(&str, &str)> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
    all.extend_from_slice(more);
    TestServer::with(&all)
}

/// A mail with a key.
pub(crate) fn reset_mail() -> NewMail {
    let message = Message::ResetPassword {
        username: name("alice"),
        key: OneTimeKey::random(),
        cause: MailCause::Owner,
    };
    NewMail {
        user: None,
        to: Email::parse("alice@example.com").unwrap(),
        message,
        is_confirmed: true,
        language: None,
    }
}

/// A mail without a key.
pub(crate) fn notice(to: &str) -> NewMail {
    let message = Message::PasswordChanged { username: name("alice") };
    NewMail { user: None, to: Email::parse(to).unwrap(), message, is_confirmed: true, language: None }
}

fn name(name: &str) -> Username {
    Username::parse(name).unwrap()
}

/// Inserts these mails and wakes the worker.
pub(crate) fn queue(server: &TestServer, outgoing: Vec<NewMail>) {
    queue_in(&server.app, outgoing);
}

/// Inserts these mails without a server. The key of a [`reset_mail`] is valid for an hour.
pub(crate) fn queue_in(app: &App, outgoing: Vec<NewMail>) {
    let now = app.clock.now();
    wait(app.store.write(move |tx| {
        for mail in &outgoing {
            mails::insert(tx, mail, now)?;
            if let Some(key) = mail.message.key() {
                let insert = "INSERT INTO one_time_keys (key_hash, purpose, created_at, expires_at) \
                              VALUES ($1, 'reset-password', $2, $3)";
                diesel::sql_query(insert)
                    .bind::<Binary, _>(key.hash().to_vec())
                    .bind::<BigInt, _>(now.micros())
                    .bind::<BigInt, _>(now.plus(Duration::from_secs(3600)).micros())
                    .execute(&mut **tx)?;
            }
        }
        Ok::<_, StoreError>(())
    }))
    .unwrap();
    app.mailer.wake();
}

/// Every mail of the outbox.
pub(crate) fn outbox(server: &TestServer) -> Vec<Mail> {
    outbox_of(&server.app)
}

/// Every mail of the outbox, without a server.
pub(crate) fn outbox_of(app: &App) -> Vec<Mail> {
    wait(app.store.read(|conn| mails::page(conn, None, MailId::new(0), 10_000))).unwrap()
}

fn wait<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

/// The application on the database of a place.
pub(crate) fn app_at(place: &Place) -> App {
    let file = format!("sqlite:{}", place.path().join("doorward.db").display());
    let settings = [("database_url", place.database_url().unwrap_or(&file)), ("password.cost", "4")];
    App::open(Config::from_settings(&settings).unwrap(), Arc::new(SystemClock)).unwrap()
}

/// The only mail of the outbox.
pub(crate) fn only(server: &TestServer) -> Mail {
    let mut all = outbox(server);
    assert_eq!(all.len(), 1);
    all.remove(0)
}

/// A worker on a thread of its own.
pub(crate) struct Working {
    tell: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Working {
    pub(crate) fn start(server: &TestServer) -> Self {
        let app: App = server.app.clone();
        let (tell, told) = oneshot::channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let (stop, stopped) = watch::channel(false);
                let worker = tokio::spawn(run_mail_worker(app, stopped));
                // Without the message the thread ends at once, in the middle of its work.
                if told.await.is_ok() {
                    stop.send_replace(true);
                    worker.await.unwrap();
                }
            });
        });
        Self { tell: Some(tell), thread: Some(thread) }
    }

    /// Stops it after the current mail.
    pub(crate) fn finish(mut self) {
        self.tell.take().unwrap().send(()).unwrap();
    }

    /// Ends it in the middle of its work.
    pub(crate) fn kill(self) {
        drop(self);
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        drop(self.tell.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
