//! The background tasks of a running server: started here, each with a name, and ended in order.

use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::accounts;
use crate::app::App;

/// The tasks that run beside the server.
#[must_use]
pub struct BackgroundTasks(Vec<BackgroundTask>);

/// One task.
struct BackgroundTask {
    name: &'static str,
    stop: watch::Sender<bool>,
    handle: JoinHandle<()>,
}

impl BackgroundTasks {
    /// Starts all tasks. Their order is the order in which they end: the last one seals the audit rows that
    /// the others write.
    pub fn start(app: &App) -> Self {
        let mail = spawn("mail worker", app, accounts::run_mail_worker);
        let mut tasks = Self::start_without_mail(app);
        tasks.0.insert(0, mail);
        tasks
    }

    /// Starts all tasks except the mail worker, for tests that start it themselves.
    pub fn start_without_mail(app: &App) -> Self {
        Self(vec![spawn("housekeeping", app, housekeeping), spawn("audit sealing", app, audit_sealing)])
    }

    /// Ends one task after the other. Each may take as long as `patience` to finish what it is doing.
    pub async fn finish(self, patience: Duration) {
        for BackgroundTask { name, stop, handle } in self.0 {
            stop.send_replace(true);
            if tokio::time::timeout(patience, handle).await.is_err() {
                tracing::warn!(task = name, "a background task did not end in time");
            }
        }
    }
}

/// Runs a task until it ends, and logs a panic.
fn spawn<T>(name: &'static str, app: &App, task: fn(App, watch::Receiver<bool>) -> T) -> BackgroundTask
where
    T: Future<Output = ()> + Send + 'static,
{
    let (stop, stopped) = watch::channel(false);
    let running = tokio::spawn(task(app.clone(), stopped));
    tracing::debug!(task = name, "background task started");
    let handle = tokio::spawn(async move {
        match running.await {
            Err(error) if error.is_panic() => tracing::error!(task = name, "a background task panicked"),
            _ => tracing::debug!(task = name, "background task ended"),
        }
    });
    BackgroundTask { name, stop, handle }
}

/// When it is stopped, it stores which sessions were used last.
async fn housekeeping(app: App, mut stopped: watch::Receiver<bool>) {
    tokio::select! {
        () = accounts::run_housekeeping(app.clone()) => {}
        _ = stopped.wait_for(|stop| *stop) => {}
    }
    if *stopped.borrow() {
        // A failure loses a few seconds of when sessions were last used.
        let _ = accounts::record_last_seen(&app).await;
    }
}

/// When it is stopped, it seals the rows that are left.
async fn audit_sealing(app: App, mut stopped: watch::Receiver<bool>) {
    tokio::select! {
        () = accounts::run_audit_sealing(app.clone()) => {}
        _ = stopped.wait_for(|stop| *stop) => {}
    }
    if *stopped.borrow() {
        // Rows that are not sealed now are sealed after the next start.
        let _ = accounts::seal_audit(&app).await;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;
    use crate::clock::SystemClock;
    use crate::config::Config;

    static HAS_ENDED: AtomicBool = AtomicBool::new(false);

    async fn orderly(_: App, mut stopped: watch::Receiver<bool>) {
        let _ = stopped.wait_for(|stop| *stop).await;
        HAS_ENDED.store(true, Ordering::SeqCst);
    }

    async fn panicking(_: App, _: watch::Receiver<bool>) {
        panic!("a bug");
    }

    async fn endless(_: App, _: watch::Receiver<bool>) {
        std::future::pending().await
    }

    #[tokio::test]
    async fn a_task_ends_when_it_is_stopped_and_others_cannot_prevent_it() {
        // SQLite may still remove its own files while this folder is removed.
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("tasks.db").display());
        let config = Config::from_settings(&[("database_url", &url), ("password.cost", "4")]).unwrap();
        let app = App::open(config, Arc::new(SystemClock)).unwrap();
        let tasks = vec![
            spawn("panicking", &app, panicking),
            spawn("endless", &app, endless),
            spawn("orderly", &app, orderly),
        ];
        assert!(!HAS_ENDED.load(Ordering::SeqCst));
        BackgroundTasks(tasks).finish(Duration::from_millis(50)).await;
        assert!(HAS_ENDED.load(Ordering::SeqCst));
        BackgroundTasks::start(&app).finish(Duration::from_secs(30)).await;
    }
}
