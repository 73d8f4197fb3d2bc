//! The arithmetic of the chain: what a row's seal is, and what is wrong with a row that has another.
//! Touches no database. `seal` makes seals, `verify` checks them.
//!
//! A seal is a hash over the seal before it, the row's number in the chain, what happened, and two
//! digests: of what tells who it happened to, and of what tells from where. The digests are salted.
//! Of an account that goes, those texts and the salts are taken away; the digests stay, tell
//! nothing any more, and keep the chain whole.

use std::fmt;
use std::str::FromStr;

use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Binary, Nullable, Text};
use thiserror::Error;

use crate::store::engine::canonical::{Canonical, hex};

/// What a hash is of begins with this: another way to make seals would begin with another word.
const KIND: &str = "doorward audit 1";

/// How long a salt is, in bytes: too long to be guessed.
pub(crate) const SALT: usize = 16;

/// A row as the chain sees it.
#[derive(Clone, Debug, QueryableByName)]
pub(crate) struct ChainLink {
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    #[diesel(sql_type = BigInt)]
    pub at: i64,
    #[diesel(sql_type = Text)]
    pub action: String,
    #[diesel(sql_type = Text)]
    pub actor: String,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub actor_id: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub subject_id: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    pub subject: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub detail: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub address: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
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
}

/// The columns of a [`ChainLink`].
pub(crate) const COLUMNS: &str = "id, at, action, actor, actor_id, subject_id, subject, detail, address, \
     user_agent, seal_number, seal, subject_salt, subject_digest, client_salt, client_digest";

impl ChainLink {
    /// Chains it to the row before it; salts nothing that is not there.
    pub(crate) fn close(&mut self, number: i64, before: Option<&[u8]>, who: [u8; SALT], place: [u8; SALT]) {
        self.subject_digest = digest(&who, &self.who());
        self.client_digest = digest(&place, &self.place());
        self.subject_salt = self.subject_digest.as_ref().map(|_| who.to_vec());
        self.client_salt = self.client_digest.as_ref().map(|_| place.to_vec());
        self.seal = Some(self.seal_after(number, before));
        self.seal_number = Some(number);
    }

    fn who(&self) -> [Option<&str>; 2] {
        [self.subject.as_deref(), self.detail.as_deref()]
    }

    /// Whether it concerns an address and no account: that address is taken out when an account of it
    /// goes, of which the row has no number.
    fn is_of_an_address(&self) -> bool {
        self.subject_id.is_none() && ["invited", "invite-withdrawn"].contains(&self.action.as_str())
    }

    fn place(&self) -> [Option<&str>; 2] {
        [self.address.as_deref(), self.user_agent.as_deref()]
    }

    fn seal_after(&self, number: i64, before: Option<&[u8]>) -> Vec<u8> {
        let mut hash = Canonical::default();
        hash.text(KIND);
        hash.some_bytes(before);
        hash.number(number);
        hash.number(self.id);
        hash.number(self.at);
        hash.text(&self.action);
        hash.text(&self.actor);
        hash.some_number(self.actor_id);
        hash.some_number(self.subject_id);
        hash.some_bytes(self.subject_digest.as_deref());
        hash.some_bytes(self.client_digest.as_deref());
        hash.finish().to_vec()
    }
}

/// `None` of nothing.
fn digest(salt: &[u8], texts: &[Option<&str>; 2]) -> Option<Vec<u8>> {
    if *texts == [None, None] {
        return None;
    }
    let mut hash = Canonical::default();
    hash.text(KIND);
    hash.bytes(salt);
    texts.iter().for_each(|text| hash.some_text(*text));
    Some(hash.finish().to_vec())
}

/// How texts stand to their digest.
#[derive(PartialEq, Eq)]
enum SealMatch {
    /// They are what they were.
    Same,
    /// They are gone, with their salt.
    Taken,
    /// They are something else.
    Other,
}

fn fit(texts: &[Option<&str>; 2], salt: Option<&[u8]>, stored: Option<&[u8]>) -> SealMatch {
    match (stored, salt) {
        (Some(stored), Some(salt)) if digest(salt, texts).as_deref() == Some(stored) => SealMatch::Same,
        (None, None) if *texts == [None, None] => SealMatch::Same,
        (Some(_), None) if *texts == [None, None] => SealMatch::Taken,
        _ => SealMatch::Other,
    }
}

/// What is wrong at a place of the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChainProblem {
    /// There are no rows of the numbers from there up to before this one, which cannot be checked
    /// without them.
    Missing(i64),
    /// There are two rows of this number.
    Twice,
    /// The row and its seal do not fit: something in it is not as it was, or it stood elsewhere.
    Unfit,
    /// The name or the detail is not as it was.
    WhoAltered,
    /// The address or the client is not as it was.
    PlaceAltered,
    /// Name and detail are gone, though the user is there.
    WhoTaken,
    /// Address and client are gone, though the users are there.
    PlaceTaken,
    /// The row has another seal than the one that was noted.
    NotAsNoted,
    /// The chain ends before the row that was noted.
    Cut,
    /// The chain does not end where it did when something was put to it last.
    Ends,
}

impl ChainProblem {
    /// A word for programs.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Missing(_) => "missing",
            Self::Twice => "twice",
            Self::Unfit => "altered",
            Self::WhoAltered => "subject_altered",
            Self::PlaceAltered => "address_altered",
            Self::WhoTaken => "subject_removed",
            Self::PlaceTaken => "address_removed",
            Self::NotAsNoted => "not_as_noted",
            Self::Cut => "cut",
            Self::Ends => "ends_elsewhere",
        }
    }
}

/// A walk along the chain from its beginning: knows the number and the seal of the last row.
#[derive(Default)]
pub(crate) struct ChainWalk {
    pub number: i64,
    pub seal: Option<Vec<u8>>,
}

impl ChainWalk {
    /// Goes on to the next row, and answers what is wrong with it. Every row is held against the seal
    /// that stands before it, right or wrong, so that one change is one finding.
    pub(crate) fn step(
        &mut self,
        row: &ChainLink,
        subject_is_gone: bool,
        actor_is_gone: bool,
    ) -> Vec<ChainProblem> {
        let number = row.seal_number.unwrap_or(0);
        if number <= self.number {
            return vec![ChainProblem::Twice];
        }
        let mut found = Vec::new();
        if number > self.number + 1 {
            found.push(ChainProblem::Missing(self.number + 1));
        } else if row.seal != Some(row.seal_after(number, self.seal.as_deref())) {
            found.push(ChainProblem::Unfit);
        }
        match fit(&row.who(), row.subject_salt.as_deref(), row.subject_digest.as_deref()) {
            SealMatch::Other => found.push(ChainProblem::WhoAltered),
            SealMatch::Taken if !subject_is_gone && !row.is_of_an_address() => {
                found.push(ChainProblem::WhoTaken)
            }
            SealMatch::Same | SealMatch::Taken => {}
        }
        match fit(&row.place(), row.client_salt.as_deref(), row.client_digest.as_deref()) {
            SealMatch::Other => found.push(ChainProblem::PlaceAltered),
            SealMatch::Taken if !subject_is_gone && !actor_is_gone => found.push(ChainProblem::PlaceTaken),
            SealMatch::Same | SealMatch::Taken => {}
        }
        (self.number, self.seal) = (number, row.seal.clone());
        found
    }
}

/// A place of the chain with its seal, as somebody notes it down: `12:` and 64 hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainMark {
    /// The number in the chain.
    pub number: i64,
    /// The seal.
    pub seal: Vec<u8>,
}

impl ChainMark {
    /// The seal in hexadecimal digits.
    #[must_use]
    pub fn seal_digits(&self) -> String {
        hex(&self.seal)
    }
}

impl fmt::Display for ChainMark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.number, self.seal_digits())
    }
}

/// A text that is no [`ChainMark`].
#[derive(Debug, Error, PartialEq, Eq)]
#[error("a number, a colon and a seal of 64 hexadecimal digits, as `doorward audit verify` prints them")]
pub struct ChainMarkError;

impl FromStr for ChainMark {
    type Err = ChainMarkError;

    fn from_str(text: &str) -> Result<Self, ChainMarkError> {
        let (number, digits) = text.trim().split_once(':').ok_or(ChainMarkError)?;
        let number = number.parse().ok().filter(|number| *number > 0).ok_or(ChainMarkError)?;
        if digits.len() != 64 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(ChainMarkError);
        }
        let byte = |at| digits.get(at..at + 2).and_then(|two| u8::from_str_radix(two, 16).ok());
        let seal = (0..64).step_by(2).map(byte).collect::<Option<Vec<u8>>>().ok_or(ChainMarkError)?;
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
        }
    }

    /// Rows of the users 1 to 4, chained.
    fn chains() -> impl Strategy<Value = Vec<ChainLink>> {
        let user = || proptest::option::of(1_i64..5);
        let text = || proptest::option::of("[ab]{0,2}");
        let row = ((0_i64..9, user(), user()), [text(), text(), text(), text()]);
        proptest::collection::vec(row, 1..12).prop_map(|rows| {
            let mut links: Vec<ChainLink> =
                rows.into_iter().zip(1..).map(|((numbers, texts), id)| link(id, numbers, texts)).collect();
            let mut before = None;
            for (row, number) in links.iter_mut().zip(1_u8..) {
                row.close(number.into(), before.as_deref(), [number; SALT], [number + 100; SALT]);
                before.clone_from(&row.seal);
            }
            links
        })
    }

    fn walk(links: &[ChainLink], gone: &[i64]) -> Vec<(i64, ChainProblem)> {
        let mut walk = ChainWalk::default();
        let is_gone = |user: Option<i64>| user.is_some_and(|user| gone.contains(&user));
        let each = links.iter().flat_map(|row| {
            let found = walk.step(row, is_gone(row.subject_id), is_gone(row.actor_id));
            found.into_iter().map(|problem| (row.id, problem))
        });
        each.collect()
    }

    fn take_who(row: &mut ChainLink) {
        (row.subject, row.detail, row.subject_salt) = (None, None, None);
    }

    fn take_place(row: &mut ChainLink) {
        (row.address, row.user_agent, row.client_salt) = (None, None, None);
    }

    /// As `store::audit::anonymise` does.
    fn anonymise(links: &mut [ChainLink], user: i64) {
        for row in links {
            if row.subject_id == Some(user) {
                take_who(row);
                take_place(row);
            }
            if row.actor_id == Some(user) {
                take_place(row);
            }
        }
    }

    /// Every way to change one row so that it is another one.
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
            12 => row.subject_salt = Some(vec![0; SALT]),
            13 => row.client_salt = Some(vec![0; SALT]),
            14 => row.subject_digest = row.subject_digest.take().map_or(Some(vec![0; 32]), |_| None),
            _ => row.client_digest = row.client_digest.take().map_or(Some(vec![0; 32]), |_| None),
        }
    }

    proptest! {
        #[test]
        fn a_chain_is_whole_whoever_leaves(mut links in chains(), gone in proptest::collection::vec(1_i64..5, 0..4)) {
            gone.iter().for_each(|user| anonymise(&mut links, *user));
            prop_assert_eq!(walk(&links, &gone), []);
        }

        #[test]
        fn whatever_is_altered_is_found(links in chains(), at: Index, way in 0_usize..16, gone in proptest::option::of(1_i64..5)) {
            let mut links = links;
            let gone: Vec<i64> = gone.into_iter().collect();
            gone.iter().for_each(|user| anonymise(&mut links, *user));
            let row = at.index(links.len());
            alter(&mut links[row], way);
            let found = walk(&links, &gone);
            prop_assert!(!found.is_empty());
            let near = [links[row].id, links.get(row + 1).map_or(0, |next| next.id)];
            prop_assert!(found.iter().all(|(id, _)| near.contains(id)), "{:?}", found);
        }

        #[test]
        fn whatever_is_taken_put_in_or_moved_is_found(links in chains(), at: Index, other: Index) {
            let (at, other) = (at.index(links.len()), other.index(links.len()));
            let mut shorter = links.clone();
            shorter.remove(at);
            prop_assert_eq!(walk(&shorter, &[]).is_empty(), at == links.len() - 1, "but for the last one");

            let mut longer = links.clone();
            let mut put = links[at].clone();
            put.id = 100;
            longer.insert(at, put);
            prop_assert!(!walk(&longer, &[]).is_empty());

            let mut swapped = links.clone();
            let numbers = (links[at].seal_number, links[other].seal_number);
            (swapped[at].seal_number, swapped[other].seal_number) = (numbers.1, numbers.0);
            swapped.sort_by_key(|row| row.seal_number);
            prop_assert_eq!(walk(&swapped, &[]).is_empty(), at == other);
        }

        #[test]
        fn a_person_who_is_there_cannot_be_taken_out(links in chains(), at: Index) {
            let row = at.index(links.len());
            let (mut who, mut place) = (links.clone(), links.clone());
            take_who(&mut who[row]);
            take_place(&mut place[row]);
            let id = links[row].id;
            let expected = |digest: &Option<Vec<u8>>, problem| digest.iter().map(|_| (id, problem)).next();
            prop_assert_eq!(walk(&who, &[]), Vec::from_iter(expected(&links[row].subject_digest, ChainProblem::WhoTaken)));
            prop_assert_eq!(walk(&place, &[]), Vec::from_iter(expected(&links[row].client_digest, ChainProblem::PlaceTaken)));
        }
    }

    #[test]
    fn a_mark_is_read_as_it_is_written_and_nothing_else_is() {
        let mark = ChainMark { number: 12, seal: (0..32).collect() };
        assert_eq!(mark.to_string().parse(), Ok(mark.clone()));
        assert_eq!(format!(" 12:{} ", mark.seal_digits().to_uppercase()).parse(), Ok(mark.clone()));
        let digits = mark.seal_digits();
        for bad in ["", "12", ":", "12:", "x:00", &digits, &format!("0:{digits}"), &format!("1:{digits}0")] {
            assert_eq!(bad.parse::<ChainMark>(), Err(ChainMarkError), "{bad}");
        }
        assert!(format!("1:+{}", &digits[1..]).parse::<ChainMark>().is_err());
    }

    /// Another encoding would break every chain there is.
    #[test]
    fn a_seal_stays_what_it_was() {
        let texts = ["alice", "", "127.0.0.1", "curl"].map(|text| Some(text.to_owned()));
        let mut row = link(7, (5, None, Some(3)), texts);
        row.close(2, Some(&[1; 32]), [2; SALT], [3; SALT]);
        let seal = "8eea166b05ea285a825492f29fbaee2ad0991d915b69f7562d9f65da189335a5";
        assert_eq!(hex(&row.seal.unwrap()), seal);
    }
}
