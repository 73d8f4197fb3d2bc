//! A page of a list that is read by key: what is on it, and whether something is before and after it.

/// A page.
pub(crate) struct Paged<T> {
    /// What is on it, in the order of the list.
    pub rows: Vec<T>,
    has_previous: bool,
    has_next: bool,
}

/// Where a page is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PageStart {
    /// From the beginning of the list.
    Beginning,
    /// From a place on.
    After,
    /// From a place back, in the reverse order.
    Before,
}

impl PageStart {
    /// The way to read that two places in a URL mean, of which the second is for going back.
    pub(crate) fn of<P>(after: Option<&P>, until: Option<&P>) -> Self {
        match (after, until) {
            (_, Some(_)) => Self::Before,
            (Some(_), None) => Self::After,
            (None, None) => Self::Beginning,
        }
    }
}

impl<T> Paged<T> {
    /// The page of `size` rows, of which one more was looked for.
    pub(crate) fn new(mut rows: Vec<T>, size: usize, from: PageStart) -> Self {
        let has_more = rows.len() > size;
        rows.truncate(size);
        let (has_previous, has_next) = match from {
            PageStart::Beginning => (false, has_more),
            PageStart::After => (true, has_more),
            PageStart::Before => (has_more, true),
        };
        if from == PageStart::Before {
            rows.reverse();
        }
        Self { rows, has_previous, has_next }
    }

    /// The row before which the previous page ends, if there is one.
    pub(crate) fn first(&self) -> Option<&T> {
        self.rows.first().filter(|_| self.has_previous)
    }

    /// The row after which the next page begins, if there is one.
    pub(crate) fn last(&self) -> Option<&T> {
        self.rows.last().filter(|_| self.has_next)
    }
}
