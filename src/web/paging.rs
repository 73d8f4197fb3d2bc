//! A page of a list that is read by key (keyset pagination): its rows, and whether there is a previous and a
//! next page.

/// The sizes of a page that readers choose from; the first is the default.
pub(crate) const PAGE_SIZES: [usize; 3] = [50, 100, 200];

/// How many rows a page has: one of [`PAGE_SIZES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PageSize(usize);

impl Default for PageSize {
    fn default() -> Self {
        Self(PAGE_SIZES[0])
    }
}

impl PageSize {
    /// Reads the parameter `size`. Any other number means the default.
    pub(crate) fn read(text: &str) -> Self {
        let size = text.parse().ok().filter(|size| PAGE_SIZES.contains(size));
        size.map_or_else(Self::default, Self)
    }

    pub(crate) const fn rows(self) -> usize {
        self.0
    }

    /// The parameter; `None` for the default.
    pub(crate) fn field(self) -> Option<(&'static str, String)> {
        (self != Self::default()).then(|| ("size", self.0.to_string()))
    }
}

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
    /// The end of the list, backwards.
    End,
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
            PageStart::End => (has_more, false),
        };
        if matches!(start, PageStart::Before | PageStart::End) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_in_the_order_of_the_list_and_knows_its_neighbours() {
        for (start, rows, expected, previous, next) in [
            (PageStart::Beginning, vec![1, 2, 3], vec![1, 2], None, Some(2)),
            (PageStart::After, vec![3, 4], vec![3, 4], Some(3), None),
            (PageStart::Before, vec![4, 3, 2], vec![3, 4], Some(3), Some(4)),
            (PageStart::End, vec![9, 8, 7], vec![8, 9], Some(8), None),
            (PageStart::End, vec![9], vec![9], None, None),
        ] {
            let page = Paged::new(rows, 2, start);
            assert_eq!(page.rows, expected, "{start:?}");
            assert_eq!(
                (page.previous_end().copied(), page.next_start().copied()),
                (previous, next),
                "{start:?}"
            );
        }
    }

    #[test]
    fn a_page_has_one_of_three_sizes() {
        assert_eq!(
            ["", "51", "100", "x", "200"].map(|text| PageSize::read(text).rows()),
            [50, 50, 100, 50, 200]
        );
        assert_eq!(PageSize::read("50").field(), None);
        assert_eq!(PageSize::read("100").field(), Some(("size", "100".to_owned())));
    }
}
