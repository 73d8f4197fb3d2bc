//! A write transaction that may be refused and yet commits: what it wrote about the attempt stays.

use crate::app::App;
use crate::store::{StoreError, Tx};

/// Why a write transaction did not do what was requested.
#[derive(Debug)]
pub(crate) enum Refusal<E> {
    /// The transaction commits: the counted attempt and the audit entry stay.
    Committed(E),
    /// The transaction is rolled back.
    RolledBack(E),
}

impl<E: From<StoreError>> From<StoreError> for Refusal<E> {
    fn from(error: StoreError) -> Self {
        Self::RolledBack(error.into())
    }
}

impl<E> Refusal<E> {
    /// Maps the error, and keeps whether the transaction is committed.
    pub(crate) fn map<F>(self, into: impl FnOnce(E) -> F) -> Refusal<F> {
        match self {
            Self::Committed(error) => Refusal::Committed(into(error)),
            Self::RolledBack(error) => Refusal::RolledBack(into(error)),
        }
    }
}

/// [`Store::write`](crate::store::Store::write) for work that may be refused and yet commits.
pub(crate) async fn write<T, E>(
    app: &App,
    work: impl FnOnce(&mut Tx<'_>) -> Result<T, Refusal<E>> + Send + 'static,
) -> Result<T, E>
where
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
{
    let commit_or_roll_back = |tx: &mut Tx<'_>| match work(tx) {
        Ok(value) => Ok(Ok(value)),
        Err(Refusal::Committed(error)) => Ok(Err(error)),
        Err(Refusal::RolledBack(error)) => Err(error),
    };
    app.store.write(commit_or_roll_back).await?
}
