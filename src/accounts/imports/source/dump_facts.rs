//! What a dump says about users elsewhere than in their own objects: the names of groups, and addresses. Collected
//! in one pass; small also for a million users.

use std::collections::HashMap;
use std::io::Read;

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::accounts::imports::error::ImportError;
use crate::accounts::imports::mapping::{EmailMapping, GroupMapping, Mapping};
use crate::accounts::imports::origin_rows::{OriginEmail, key_text};
use crate::accounts::imports::source::dump_objects::{DumpObject, each_object};
use crate::accounts::imports::values::boolean;

/// The end of the name of Django's own model of groups, `auth.group`.
const GROUP_MODEL: &str = ".group";

/// The facts.
#[derive(Default)]
pub(super) struct DumpFacts {
    groups: HashMap<String, String>,
    /// The users with their own addresses, as digests, and whether each is a verified primary one: of nearly every user
    /// it is.
    own: HashMap<[u8; 16], bool>,
    /// All other addresses. `dumpdata` writes users before what refers to them; were it the other way around, all would
    /// be here.
    others: HashMap<String, Vec<OriginEmail>>,
    /// All addresses whose user is named by a natural key, which is the username: with `dumpdata --natural-foreign`.
    named: HashMap<String, Vec<OriginEmail>>,
}

impl DumpFacts {
    /// Reads the facts that the mapping needs.
    pub(super) fn read(reader: impl Read, mapping: &Mapping) -> Result<Self, ImportError> {
        let mut facts = Self::default();
        let needs_groups = matches!(mapping.groups, Some(GroupMapping::Column(_)));
        if !needs_groups && mapping.emails.is_none() {
            return Ok(facts);
        }
        each_object(reader, |object| {
            if mapping.emails.is_some() && object.model == mapping.users.table {
                facts.note_user(&object, mapping);
            } else if needs_groups && object.model.ends_with(GROUP_MODEL) {
                let name = object.fields.get("name").and_then(Value::as_str);
                facts.groups.extend(object.key().zip(name.map(str::to_owned)));
            } else if let Some(emails) = &mapping.emails {
                facts.note_email(&object, emails);
            }
            true
        })?;
        Ok(facts)
    }

    fn note_user(&mut self, user: &DumpObject, mapping: &Mapping) {
        if let Some((key, own)) = user.key().zip(own_address(user, mapping)) {
            self.own.entry(digest(&key, own)).or_insert(false);
        }
    }

    fn note_email(&mut self, object: &DumpObject, emails: &EmailMapping) {
        let EmailMapping::Table { table, user, email, verified, primary } = emails else { return };
        if object.model != *table {
            return;
        }
        let is = |column: &str| object.fields.get(column).and_then(boolean).unwrap_or(false);
        let Some(address) = object.fields.get(email).and_then(Value::as_str) else { return };
        let as_other =
            || OriginEmail { email: address.to_owned(), is_verified: is(verified), is_primary: is(primary) };
        let user = object.fields.get(user);
        if let Some(name) = user.and_then(natural_key) {
            self.named.entry(name.to_owned()).or_default().push(as_other());
            return;
        }
        let Some(user) = user.and_then(key_text) else { return };
        let is_expected = is(primary) && is(verified);
        match self.own.get_mut(&digest(&user, address)).filter(|_| is_expected) {
            Some(is_verified) => *is_verified = true,
            None => self.others.entry(user).or_default().push(as_other()),
        }
    }

    /// The names in a list of groups: of keys, of names, or of natural keys, which are lists with one name.
    pub(super) fn names_of(&self, groups: Option<&Value>) -> Vec<String> {
        let Some(Value::Array(groups)) = groups else { return Vec::new() };
        let name = |group: &Value| match natural_key(group) {
            Some(name) => Some(name.to_owned()),
            None => {
                let key = key_text(group)?;
                Some(self.groups.get(&key).cloned().unwrap_or(key))
            }
        };
        groups.iter().filter_map(name).collect()
    }

    /// The addresses of a user.
    pub(super) fn emails_of(&self, user: &DumpObject, mapping: &Mapping) -> Vec<OriginEmail> {
        if mapping.emails.is_none() {
            return Vec::new();
        }
        let Some(key) = user.key() else { return Vec::new() };
        let own = own_address(user, mapping);
        let own = own.filter(|own| self.own.get(&digest(&key, own)) == Some(&true));
        let own = own.map(|own| OriginEmail { email: own.to_owned(), is_verified: true, is_primary: true });
        let name = user.fields.get(&mapping.users.username).and_then(Value::as_str);
        let named = name.and_then(|name| self.named.get(name)).into_iter().flatten();
        let others = self.others.get(&key).into_iter().flatten();
        own.into_iter().chain(others.chain(named).cloned()).collect()
    }
}

/// The name in a natural key of one part, such as that of a group or a user.
fn natural_key(value: &Value) -> Option<&str> {
    match value.as_array()?.as_slice() {
        [name] => name.as_str(),
        _ => None,
    }
}

fn own_address<'a>(user: &'a DumpObject, mapping: &Mapping) -> Option<&'a str> {
    user.fields.get(mapping.users.email.as_ref()?)?.as_str()
}

/// Without the letter case, as allauth compares addresses.
fn digest(user: &str, address: &str) -> [u8; 16] {
    let digest = Sha256::digest(format!("{user}\0{}", address.to_lowercase()));
    let mut first = [0; 16];
    first.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
    first
}
