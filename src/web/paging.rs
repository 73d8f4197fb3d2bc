//! A page of a list that is read by key (keyset pagination): its rows, and whether there is a previous and a
//! next page.

/// A page.
pub(crate) struct Paged<T> {
    /// In the order of the list.
    pub rows: Vec<T>,
    has_previous: bool,
    has_next: bool,
}

/// From where the rows of a page are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PageStart {
    /// The beginning of the list.
    Beginning,
    /// A row, forwards.
    After,
    /// A row, backwards: the rows are read in reverse order.
    Before,
}

impl PageStart {
    /// The start that the two parameters of a URL mean; `until` is the end of the previous page.
    pub(crate) fn of<P>(after: Option<&P>, until: Option<&P>) -> Self {
        match (after, until) {
            (_, Some(_)) => Self::Before,
            (Some(_), None) => Self::After,
            (None, None) => Self::Beginning,
        }
    }
}

impl<T> Paged<T> {
    /// The page of up to `size` rows, read with a limit of one more.
    pub(crate) fn new(mut rows: Vec<T>, size: usize, start: PageStart) -> Self {
        let has_more = rows.len() > size;
        rows.truncate(size);
        let (has_previous, has_next) = match start {
            PageStart::Beginning => (false, has_more),
            PageStart::After => (true, has_more),
            PageStart::Before => (has_more, true),
        };
        if start == PageStart::Before {
            rows.reverse();
        }
        Self { rows, has_previous, has_next }
    }

    /// The row before which the previous page ends; `None` on the first page.
    pub(crate) fn previous_end(&self) -> Option<&T> {
        self.rows.first().filter(|_| self.has_previous)
    }

    /// The row after which the next page begins; `None` on the last page.
    pub(crate) fn next_start(&self) -> Option<&T> {
        self.rows.last().filter(|_| self.has_next)
    }
}
