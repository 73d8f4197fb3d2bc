//! The ticked rows of a list. They are in the address of the list, so that they survive paging, sorting and opening
//! a row. The checkboxes of a page are fields called `id`; the address has all ids in `sel`.

use crate::web::PageForm;

/// The most ids in an address. Proxies accept requests of 8 KB (nginx, `large_client_header_buffers`), and the
/// address is part of others.
const MAX_SELECTED: usize = 200;

/// The value of `sel` for all rows that the filter matches.
const ALL: &str = "all";

/// The ticked rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Selection {
    /// The rows with these ids.
    Rows(Vec<i64>),
    /// All rows that the filter matches.
    All,
}

impl Default for Selection {
    fn default() -> Self {
        Self::Rows(Vec::new())
    }
}

impl Selection {
    /// Reads the ids in the address, and those of the checkboxes.
    pub(crate) fn read(fields: &PageForm) -> Self {
        if fields.get("sel") == ALL || fields.get("all") == "1" {
            return Self::All;
        }
        Self::default().with(fields.get("sel").split('.').chain(fields.all("id")))
    }

    /// The selection and these ids.
    pub(crate) fn with<'a>(self, ids: impl Iterator<Item = &'a str>) -> Self {
        let Self::Rows(mut rows) = self else { return self };
        for id in ids.filter_map(|id| id.parse().ok()) {
            if !rows.contains(&id) {
                rows.push(id);
            }
        }
        Self::Rows(rows)
    }

    /// Whether a row is ticked.
    pub(crate) fn has(&self, id: i64) -> bool {
        match self {
            Self::Rows(rows) => rows.contains(&id),
            Self::All => true,
        }
    }

    pub(crate) const fn is_all(&self) -> bool {
        matches!(self, Self::All)
    }

    /// The ids; none for [`Self::All`].
    pub(crate) fn rows(&self) -> &[i64] {
        match self {
            Self::Rows(rows) => rows,
            Self::All => &[],
        }
    }

    /// Whether the address cannot have all ids.
    pub(crate) fn is_too_long(&self) -> bool {
        self.rows().len() > MAX_SELECTED
    }

    /// The parameter of the address, with the first [`MAX_SELECTED`] ids.
    pub(crate) fn field(&self) -> Option<(&'static str, String)> {
        let value = match self {
            Self::All => ALL.to_owned(),
            Self::Rows(rows) => {
                rows.iter().take(MAX_SELECTED).map(i64::to_string).collect::<Vec<_>>().join(".")
            }
        };
        (!value.is_empty()).then_some(("sel", value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> Selection {
        Selection::read(&PageForm::of_query(query))
    }

    #[test]
    fn the_ticks_of_the_page_join_those_in_the_address() {
        let selection = read("sel=3.1.x.&id=7&id=3&id=-");
        assert_eq!(selection.rows(), [3, 1, 7]);
        assert_eq!(selection.field(), Some(("sel", "3.1.7".to_owned())));
        assert!(selection.has(7) && !selection.has(2) && !selection.is_all());
        assert_eq!(read("").field(), None);
    }

    #[test]
    fn all_matching_rows_are_one_word() {
        for query in ["sel=all&id=7", "all=1"] {
            assert!(read(query).is_all() && read(query).has(9), "{query}");
        }
        assert_eq!(read("sel=all").field(), Some(("sel", "all".to_owned())));
        assert!(!read("all=0").is_all());
    }

    #[test]
    fn an_address_has_a_bounded_number_of_ids() {
        let ids = |count: usize| (1..=count).map(|id| format!("id={id}")).collect::<Vec<_>>().join("&");
        assert!(!read(&ids(MAX_SELECTED)).is_too_long());
        let selection = read(&ids(MAX_SELECTED + 1));
        assert!(selection.is_too_long());
        assert_eq!(selection.field().unwrap().1.split('.').count(), MAX_SELECTED);
    }
}
