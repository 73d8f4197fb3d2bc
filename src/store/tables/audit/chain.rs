//! The hash chain of the audit log: how a row is sealed, and how a seal is checked. Without the database:
//! `seal` writes seals, `verify` reads them.
//!
//! A seal is a hash of the seal before it, the row's number in the chain, the action, and two salted digests:
//! of the subject (name and detail) and of the client (address and user agent). When an account is deleted,
//! those texts and the salts are removed. The digests stay, reveal nothing without the salt, and keep the
//! chain intact.

use std::fmt;
use std::str::FromStr;

use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Binary, Nullable, Text};
use thiserror::Error;

use crate::store::engine::canonical::Canonical;
use crate::store::engine::stored_text::{NullableText, StoredText};

/// The first value of every hash. A later format would begin with another one.
const FORMAT: &str = "doorward audit 1";

/// The length of a salt in bytes: too long to be guessed.
pub(crate) const SALT_LENGTH: usize = 16;

/// A row with all columns of the chain.
#[derive(Clone, Debug, QueryableByName)]
pub(crate) struct ChainLink {
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    #[diesel(sql_type = BigInt)]
    pub at: i64,
    #[diesel(sql_type = Text, deserialize_as = StoredText)]
    pub action: String,
    #[diesel(sql_type = Text, deserialize_as = StoredText)]
    pub actor: String,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub actor_id: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub subject_id: Option<i64>,
    #[diesel(sql_type = Nullable<Text>, deserialize_as = NullableText)]
    pub subject: Option<String>,
    #[diesel(sql_type = Nullable<Text>, deserialize_as = NullableText)]
    pub detail: Option<String>,
    #[diesel(sql_type = Nullable<Text>, deserialize_as = NullableText)]
    pub address: Option<String>,
    #[diesel(sql_type = Nullable<Text>, deserialize_as = NullableText)]
    pub user_agent: Option<String>,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub seal_number: Option<i64>,
    #[diesel(sql_type = Nullable<Binary>)]
    pub seal: Option<Vec<u8>>,
    #[diesel(sql_type = Nullable<Binary>)]
    pub subject_salt: Option<Vec<u8>>,
    #[diesel(sql_type = Nullable<Binary>)]
    pub subject_digest: Option<Vec<u8>>,
    #[diesel(sql_type = Nullable<Binary>)]
    pub client_salt: Option<Vec<u8>>,
    #[diesel(sql_type = Nullable<Binary>)]
    pub client_digest: Option<Vec<u8>>,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub bulk_id: Option<i64>,
}

/// The columns of a [`ChainLink`].
pub(crate) const COLUMNS: &str = "id, at, action, actor, actor_id, subject_id, subject, detail, address, \
     user_agent, seal_number, seal, subject_salt, subject_digest, client_salt, client_digest, bulk_id";

impl ChainLink {
    /// Seals the row as the one after the seal `previous`. There is no salt where there is no text.
    pub(crate) fn seal(
        &mut self,
        number: i64,
        previous: Option<&[u8]>,
        subject_salt: [u8; SALT_LENGTH],
        client_salt: [u8; SALT_LENGTH],
    ) {
        self.subject_digest = digest(&subject_salt, &self.subject_texts());
        self.client_digest = digest(&client_salt, &self.client_texts());
        self.subject_salt = self.subject_digest.as_ref().map(|_| subject_salt.to_vec());
        self.client_salt = self.client_digest.as_ref().map(|_| client_salt.to_vec());
        self.seal = Some(self.seal_after(number, previous));
        self.seal_number = Some(number);
    }

    fn subject_texts(&self) -> [Option<&str>; 2] {
        [self.subject.as_deref(), self.detail.as_deref()]
    }

    /// Whether the row is about an address and no user. When an account with this address is deleted, the
    /// address is removed, though the row has no `subject_id`.
    fn is_about_address(&self) -> bool {
        self.subject_id.is_none() && ["invited", "invite-withdrawn"].contains(&self.action.as_str())
    }

    fn client_texts(&self) -> [Option<&str>; 2] {
        [self.address.as_deref(), self.user_agent.as_deref()]
    }

    fn seal_after(&self, number: i64, previous: Option<&[u8]>) -> Vec<u8> {
        let mut hash = Canonical::default();
        hash.text(FORMAT);
        hash.some_bytes(previous);
        hash.number(number);
        hash.number(self.id);
        hash.number(self.at);
        hash.text(&self.action);
        hash.text(&self.actor);
        hash.some_number(self.actor_id);
        hash.some_number(self.subject_id);
        hash.some_bytes(self.subject_digest.as_deref());
        hash.some_bytes(self.client_digest.as_deref());
        // Only where there is one: rows of earlier versions keep their seals.
        if let Some(bulk) = self.bulk_id {
            hash.text("bulk");
            hash.number(bulk);
        }
        hash.finish().to_vec()
    }
}

/// The digest of two texts; `None` if there is neither.
fn digest(salt: &[u8], texts: &[Option<&str>; 2]) -> Option<Vec<u8>> {
    if *texts == [None, None] {
        return None;
    }
    let mut hash = Canonical::default();
    hash.text(FORMAT);
    hash.bytes(salt);
    texts.iter().for_each(|text| hash.some_text(*text));
    Some(hash.finish().to_vec())
}

/// The result of comparing texts with their digest.
#[derive(PartialEq, Eq)]
enum DigestMatch {
    /// The texts match.
    Same,
    /// The texts and the salt were removed.
    Removed,
    /// The texts do not match.
    Different,
}

fn compare(texts: &[Option<&str>; 2], salt: Option<&[u8]>, stored: Option<&[u8]>) -> DigestMatch {
    match (stored, salt) {
        (Some(stored), Some(salt)) if digest(salt, texts).as_deref() == Some(stored) => DigestMatch::Same,
        (None, None) if *texts == [None, None] => DigestMatch::Same,
        (Some(_), None) if *texts == [None, None] => DigestMatch::Removed,
        _ => DigestMatch::Different,
    }
}

/// What is wrong at a position of the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChainProblem {
    /// Rows are missing from this number up to before the row, which cannot be checked without them.
    Missing(i64),
    /// There are two rows with this number.
    Duplicate,
    /// The seal does not match: the row was altered, moved or inserted.
    Altered,
    /// The name or the detail was altered.
    SubjectAltered,
    /// The address or the user agent was altered.
    ClientAltered,
    /// The name and the detail were removed, though the account was not deleted.
    SubjectRemoved,
    /// The address and the user agent were removed, though no account in the row was deleted.
    ClientRemoved,
    /// The row has another seal than an expected anchor.
    AnchorMismatch,
    /// The chain ends before an expected anchor.
    Truncated,
    /// The chain does not end at the stored head.
    HeadMismatch,
    /// Rows have lost the seals that they had.
    Stripped,
}

impl ChainProblem {
    /// The word in JSON.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Missing(_) => "missing",
            Self::Duplicate => "twice",
            Self::Altered => "altered",
            Self::SubjectAltered => "subject_altered",
            Self::ClientAltered => "address_altered",
            Self::SubjectRemoved => "subject_removed",
            Self::ClientRemoved => "address_removed",
            Self::AnchorMismatch => "not_as_noted",
            Self::Truncated => "cut",
            Self::HeadMismatch => "ends_elsewhere",
            Self::Stripped => "unsealed",
        }
    }
}

/// Checks a chain row by row, from its beginning or from the last row that was let go. Has the number and the seal of the last row.
#[derive(Default)]
pub(crate) struct ChainVerifier {
    pub number: i64,
    pub seal: Option<Vec<u8>>,
}

impl ChainVerifier {
    /// For the rows after an anchor.
    pub(crate) fn after(anchor: Option<&ChainAnchor>) -> Self {
        anchor.map_or_else(Self::default, |anchor| Self {
            number: anchor.number,
            seal: Some(anchor.seal.clone()),
        })
    }

    /// Checks the next row. It is compared with the stored seal before it, right or wrong, so that one change
    /// is one problem.
    pub(crate) fn check(
        &mut self,
        row: &ChainLink,
        subject_is_gone: bool,
        actor_is_gone: bool,
    ) -> Vec<ChainProblem> {
        let number = row.seal_number.unwrap_or(0);
        if number <= self.number {
            return vec![ChainProblem::Duplicate];
        }
        let mut problems = Vec::new();
        if number > self.number + 1 {
            problems.push(ChainProblem::Missing(self.number + 1));
        } else if row.seal != Some(row.seal_after(number, self.seal.as_deref())) {
            problems.push(ChainProblem::Altered);
        }
        match compare(&row.subject_texts(), row.subject_salt.as_deref(), row.subject_digest.as_deref()) {
            DigestMatch::Different => problems.push(ChainProblem::SubjectAltered),
            DigestMatch::Removed if !subject_is_gone && !row.is_about_address() => {
                problems.push(ChainProblem::SubjectRemoved)
            }
            DigestMatch::Same | DigestMatch::Removed => {}
        }
        match compare(&row.client_texts(), row.client_salt.as_deref(), row.client_digest.as_deref()) {
            DigestMatch::Different => problems.push(ChainProblem::ClientAltered),
            DigestMatch::Removed if !subject_is_gone && !actor_is_gone => {
                problems.push(ChainProblem::ClientRemoved)
            }
            DigestMatch::Same | DigestMatch::Removed => {}
        }
        (self.number, self.seal) = (number, row.seal.clone());
        problems
    }
}

/// A position of the chain with its seal, for storing outside of the database: `12:` and 64 hexadecimal
/// digits. A chain that was computed anew does not match it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainAnchor {
    /// The number in the chain.
    pub number: i64,
    /// The seal.
    pub seal: Vec<u8>,
}

impl ChainAnchor {
    /// The seal in hexadecimal.
    #[must_use]
    pub fn seal_digits(&self) -> String {
        hex::encode(&self.seal)
    }
}

impl fmt::Display for ChainAnchor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.number, self.seal_digits())
    }
}

/// The text is no [`ChainAnchor`].
#[derive(Debug, Error, PartialEq, Eq)]
#[error("a number, a colon and a seal of 64 hexadecimal digits, as `doorward audit verify` prints them")]
pub struct ChainAnchorError;

impl FromStr for ChainAnchor {
    type Err = ChainAnchorError;

    fn from_str(text: &str) -> Result<Self, ChainAnchorError> {
        let (number, digits) = text.trim().split_once(':').ok_or(ChainAnchorError)?;
        let number = number.parse().ok().filter(|number| *number > 0).ok_or(ChainAnchorError)?;
        let seal = hex::decode(digits).ok().filter(|seal| seal.len() == 32).ok_or(ChainAnchorError)?;
        Ok(Self { number, seal })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::Index;

    use super::*;

    type Texts = [Option<String>; 4];

    fn link(id: i64, (at, actor_id, subject_id): (i64, Option<i64>, Option<i64>), texts: Texts) -> ChainLink {
        let [subject, detail, address, user_agent] = texts;
        ChainLink {
            id,
            at,
            action: "logged-in".to_owned(),
            actor: "user".to_owned(),
            actor_id,
            subject_id,
            subject,
            detail,
            address,
            user_agent,
            seal_number: None,
            seal: None,
            subject_salt: None,
            subject_digest: None,
            client_salt: None,
            client_digest: None,
            bulk_id: None,
        }
    }

    /// Sealed rows of the users 1 to 4.
    fn chains() -> impl Strategy<Value = Vec<ChainLink>> {
        let user = || proptest::option::of(1_i64..5);
        let text = || proptest::option::of("[ab]{0,2}");
        let row = ((0_i64..9, user(), user()), [text(), text(), text(), text()]);
        proptest::collection::vec(row, 1..12).prop_map(|rows| {
            let mut links: Vec<ChainLink> =
                rows.into_iter().zip(1..).map(|((numbers, texts), id)| link(id, numbers, texts)).collect();
            let mut previous = None;
            for (row, number) in links.iter_mut().zip(1_u8..) {
                row.seal(
                    number.into(),
                    previous.as_deref(),
                    [number; SALT_LENGTH],
                    [number + 100; SALT_LENGTH],
                );
                previous.clone_from(&row.seal);
            }
            links
        })
    }

    fn problems(links: &[ChainLink], gone: &[i64]) -> Vec<(i64, ChainProblem)> {
        let mut verifier = ChainVerifier::default();
        let is_gone = |user: Option<i64>| user.is_some_and(|user| gone.contains(&user));
        let each = links.iter().flat_map(|row| {
            let problems = verifier.check(row, is_gone(row.subject_id), is_gone(row.actor_id));
            problems.into_iter().map(|problem| (row.id, problem))
        });
        each.collect()
    }

    fn remove_subject(row: &mut ChainLink) {
        (row.subject, row.detail, row.subject_salt) = (None, None, None);
    }

    fn remove_client(row: &mut ChainLink) {
        (row.address, row.user_agent, row.client_salt) = (None, None, None);
    }

    /// As `store::audit::anonymise` does.
    fn anonymise(links: &mut [ChainLink], user: i64) {
        for row in links {
            if row.subject_id == Some(user) {
                remove_subject(row);
                remove_client(row);
            }
            if row.actor_id == Some(user) {
                remove_client(row);
            }
        }
    }

    /// The ways to alter a row.
    fn alter(row: &mut ChainLink, way: usize) {
        let other = |text: &mut Option<String>| *text = Some(text.take().map_or("x".into(), |old| old + "x"));
        match way {
            0 => row.id += 100,
            1 => row.at += 1,
            2 => row.action = "logged-out".to_owned(),
            3 => row.actor.clear(),
            4 => row.actor_id = row.actor_id.map_or(Some(9), |_| None),
            5 => row.subject_id = Some(row.subject_id.unwrap_or(7) + 1),
            6 => other(&mut row.subject),
            7 => other(&mut row.detail),
            8 => other(&mut row.address),
            9 => other(&mut row.user_agent),
            10 => row.seal.as_mut().unwrap()[5] ^= 1,
            11 => row.seal = None,
            12 => row.subject_salt = Some(vec![0; SALT_LENGTH]),
            13 => row.client_salt = Some(vec![0; SALT_LENGTH]),
            16 => row.bulk_id = row.bulk_id.map_or(Some(1), |_| None),
            14 => row.subject_digest = row.subject_digest.take().map_or(Some(vec![0; 32]), |_| None),
            _ => row.client_digest = row.client_digest.take().map_or(Some(vec![0; 32]), |_| None),
        }
    }

    #[test]
    fn a_gap_is_reported_with_the_number_that_is_missing_first() {
        let mut links = [1, 2, 3, 6].map(|number| link(number, (0, None, None), [None, None, None, None]));
        for row in &mut links {
            row.seal(row.id, None, [1; SALT_LENGTH], [2; SALT_LENGTH]);
        }
        let mut verifier = ChainVerifier { number: 2, seal: None };
        assert_eq!(verifier.check(&links[3], false, false), [ChainProblem::Missing(3)]);
    }

    #[test]
    fn the_address_of_an_invitation_may_be_gone_and_that_of_no_other_row() {
        for (action, problem) in
            [("invited", None), ("invite-withdrawn", None), ("logged-in", Some(ChainProblem::SubjectRemoved))]
        {
            let mut row = link(1, (0, Some(1), None), [Some("a@example.com".into()), None, None, None]);
            row.action = action.to_owned();
            row.seal(1, None, [1; SALT_LENGTH], [2; SALT_LENGTH]);
            remove_subject(&mut row);
            let problems = ChainVerifier::default().check(&row, false, false);
            assert_eq!(problems, problem.into_iter().collect::<Vec<_>>(), "{action}");
        }
    }

    proptest! {
        #[test]
        fn a_chain_is_intact_after_deletions_of_users(mut links in chains(), gone in proptest::collection::vec(1_i64..5, 0..4)) {
            gone.iter().for_each(|user| anonymise(&mut links, *user));
            prop_assert_eq!(problems(&links, &gone), []);
        }

        #[test]
        fn every_alteration_is_reported(links in chains(), at: Index, way in 0_usize..17, gone in proptest::option::of(1_i64..5)) {
            let mut links = links;
            let gone: Vec<i64> = gone.into_iter().collect();
            gone.iter().for_each(|user| anonymise(&mut links, *user));
            let row = at.index(links.len());
            alter(&mut links[row], way);
            let reported = problems(&links, &gone);
            prop_assert!(!reported.is_empty());
            let near = [links[row].id, links.get(row + 1).map_or(0, |next| next.id)];
            prop_assert!(reported.iter().all(|(id, _)| near.contains(id)), "{:?}", reported);
        }

        #[test]
        fn removed_inserted_and_moved_rows_are_reported(links in chains(), at: Index, other: Index) {
            let (at, other) = (at.index(links.len()), other.index(links.len()));
            let mut shorter = links.clone();
            shorter.remove(at);
            prop_assert_eq!(problems(&shorter, &[]).is_empty(), at == links.len() - 1, "except for the last one");

            let mut longer = links.clone();
            let mut put = links[at].clone();
            put.id = 100;
            longer.insert(at, put);
            prop_assert!(!problems(&longer, &[]).is_empty());

            let mut swapped = links.clone();
            let numbers = (links[at].seal_number, links[other].seal_number);
            (swapped[at].seal_number, swapped[other].seal_number) = (numbers.1, numbers.0);
            swapped.sort_by_key(|row| row.seal_number);
            prop_assert_eq!(problems(&swapped, &[]).is_empty(), at == other);
        }

        #[test]
        fn removing_the_texts_of_an_existing_user_is_reported(links in chains(), at: Index) {
            let row = at.index(links.len());
            let (mut no_subject, mut no_client) = (links.clone(), links.clone());
            remove_subject(&mut no_subject[row]);
            remove_client(&mut no_client[row]);
            let id = links[row].id;
            let expected = |digest: &Option<Vec<u8>>, problem| digest.iter().map(|_| (id, problem)).next();
            prop_assert_eq!(problems(&no_subject, &[]), Vec::from_iter(expected(&links[row].subject_digest, ChainProblem::SubjectRemoved)));
            prop_assert_eq!(problems(&no_client, &[]), Vec::from_iter(expected(&links[row].client_digest, ChainProblem::ClientRemoved)));
        }
    }

    #[test]
    fn an_anchor_is_parsed_as_it_is_displayed() {
        let anchor = ChainAnchor { number: 12, seal: (0..32).collect() };
        assert_eq!(anchor.to_string().parse(), Ok(anchor.clone()));
        assert_eq!(format!(" 12:{} ", anchor.seal_digits().to_uppercase()).parse(), Ok(anchor.clone()));
        let digits = anchor.seal_digits();
        for bad in ["", "12", ":", "12:", "x:00", &digits, &format!("0:{digits}"), &format!("1:{digits}0")] {
            assert_eq!(bad.parse::<ChainAnchor>(), Err(ChainAnchorError), "{bad}");
        }
        assert!(format!("1:+{}", &digits[1..]).parse::<ChainAnchor>().is_err());
    }

    /// Another encoding would break every existing chain.
    #[test]
    fn the_seal_of_a_row_never_changes() {
        let texts = ["alice", "", "127.0.0.1", "curl"].map(|text| Some(text.to_owned()));
        let mut row = link(7, (5, None, Some(3)), texts);
        row.seal(2, Some(&[1; 32]), [2; SALT_LENGTH], [3; SALT_LENGTH]);
        let seal = "8eea166b05ea285a825492f29fbaee2ad0991d915b69f7562d9f65da189335a5";
        assert_eq!(hex::encode(row.seal.unwrap()), seal);
    }
}
