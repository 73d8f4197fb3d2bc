//! Which of the due rows of a queue of deliveries is leased.

/// Which row's turn it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    /// The one that has been due for the longest time.
    Oldest,
    /// The oldest of the recent ones to a receiver that a row was delivered to before.
    Known,
    /// The newest of those that were not tried yet.
    Newest,
}

/// How many of the rows that became due last [`Turn::Known`] and [`Turn::Newest`] look at.
const RECENT: i64 = 1000;

impl Turn {
    /// This turn, and those that follow if no row is there for it.
    pub(super) const fn and_others(self) -> &'static [Self] {
        match self {
            Self::Known => &[Self::Known, Self::Newest, Self::Oldest],
            Self::Newest => &[Self::Newest, Self::Oldest],
            Self::Oldest => &[Self::Oldest],
        }
    }

    /// The query for the id of the row, which is locked. `$1` is now.
    pub(super) fn query(self, table: &str, receiver: &str, skip_locked: &str) -> String {
        let recent = format!(
            "(SELECT id, due_at, attempts, refused_at, {receiver} FROM {table} \
             WHERE due_at <= $1 ORDER BY due_at DESC, id DESC LIMIT {RECENT}) AS recent"
        );
        let one = |choice: String| format!("SELECT id FROM {table} WHERE id = ({choice}) {skip_locked}");
        match self {
            Self::Oldest => {
                format!("SELECT id FROM {table} WHERE due_at <= $1 ORDER BY due_at, id LIMIT 1 {skip_locked}")
            }
            Self::Known => one(format!(
                "SELECT id FROM {recent} WHERE EXISTS (SELECT 1 FROM {table} AS delivered \
                 WHERE delivered.{receiver} = recent.{receiver} AND delivered.state = 'sent') \
                 ORDER BY due_at, id LIMIT 1"
            )),
            Self::Newest => one(format!(
                "SELECT id FROM {recent} WHERE attempts = 0 AND refused_at IS NULL \
                 ORDER BY due_at DESC, id DESC LIMIT 1"
            )),
        }
    }
}
