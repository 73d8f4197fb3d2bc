//! A database as a source: users in the order of their keys, and what refers to them by ranges of keys.

use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::accounts::imports::error::ImportError;
use crate::accounts::imports::mapping::{ConfirmedBy, EmailMapping, GroupMapping, Mapping};
use crate::accounts::imports::origin_rows::{
    BadRow, OriginEmail, OriginRow, SourceView, TakeToken, TakeUser,
};
use crate::accounts::imports::source::token_of::{outstanding_columns, token_of};
use crate::accounts::imports::source::user_source::UserSource;
use crate::accounts::imports::values::{as_declared, boolean};
use crate::store::StoreError;
use crate::store::engine::origin::{KeyRange, MemberQuery, OriginDatabase, OriginRecord, PageQuery};
use crate::types::{DatabaseUrl, Timestamp};

/// A database of another program.
pub(crate) struct DatabaseSource {
    database: OriginDatabase,
    view: SourceView,
}

impl DatabaseSource {
    /// Opens it for reading.
    pub(super) fn open(url: &DatabaseUrl) -> Result<Self, ImportError> {
        let database = OriginDatabase::open(url).map_err(unreadable)?;
        Ok(Self { database, view: SourceView::default() })
    }

    fn kind_of(&self, table: &str, column: &str) -> String {
        let column = self.view.table(table).and_then(|table| table.column(column));
        column.map(|column| column.kind.clone()).unwrap_or_default()
    }

    fn query(&self, table: &str, key: &str, columns: Vec<String>) -> PageQuery {
        let key_kind = self.kind_of(table, key);
        PageQuery { table: table.to_owned(), key: key.to_owned(), key_kind, columns }
    }

    fn users_query(&self, mapping: &Mapping) -> PageQuery {
        let users = &mapping.users;
        let mut columns = vec![users.id.clone(), users.username.clone()];
        let optional =
            [&users.email, &users.password, &users.active, &users.admin, &users.joined, &users.last_login];
        columns.extend(optional.into_iter().flatten().cloned());
        columns.extend(users.attributes.iter().cloned());
        if let ConfirmedBy::Column(column) = &users.confirmed {
            columns.push(column.clone());
        }
        columns.sort_unstable();
        columns.dedup();
        self.query(&users.table, &users.id, columns)
    }

    fn member_query(&self, mapping: &Mapping) -> Option<MemberQuery> {
        let Some(GroupMapping::Tables { members, user, group, groups, id, name }) = &mapping.groups else {
            return None;
        };
        Some(MemberQuery {
            table: members.clone(),
            key: user.clone(),
            key_kind: self.kind_of(members, user),
            group: group.clone(),
            groups: groups.clone(),
            groups_key: id.clone(),
            name: name.clone(),
        })
    }

    fn email_query(&self, mapping: &Mapping) -> Option<PageQuery> {
        let Some(EmailMapping::Table { table, user, email, verified, primary }) = &mapping.emails else {
            return None;
        };
        Some(self.query(table, user, vec![email.clone(), verified.clone(), primary.clone()]))
    }

    fn emails(
        &mut self,
        query: &PageQuery,
        keys: &KeyRange,
    ) -> Result<HashMap<String, Vec<OriginEmail>>, ImportError> {
        let mut emails: HashMap<String, Vec<OriginEmail>> = HashMap::new();
        for record in self.database.referring(query, keys).map_err(unreadable)? {
            let value = |index: usize| query.columns.get(index).and_then(|name| record.fields.get(name));
            let is = |index: usize| value(index).and_then(boolean).unwrap_or(false);
            let Some(email) = value(0).and_then(Value::as_str) else { continue };
            let email = OriginEmail { email: email.to_owned(), is_verified: is(1), is_primary: is(2) };
            emails.entry(record.key).or_default().push(email);
        }
        Ok(emails)
    }
}

/// The first and the last key of a page.
fn range(page: &[OriginRecord]) -> Option<KeyRange> {
    let (first, last) = (page.first()?, page.last()?);
    Some(KeyRange { first: first.key.clone(), last: last.key.clone() })
}

fn unreadable(error: StoreError) -> ImportError {
    ImportError::Source(error.to_string())
}

impl UserSource for DatabaseSource {
    fn look(&mut self) -> Result<SourceView, ImportError> {
        let tables = self.database.tables().map_err(unreadable)?;
        let mut rows = Vec::new();
        for table in tables.iter().filter(|table| table.has("password") || table.has("jti")) {
            rows.push((table.name.clone(), self.database.count(&table.name).map_err(unreadable)?));
        }
        self.view = SourceView { tables, rows, settings: Map::new() };
        Ok(self.view.clone())
    }

    fn each_user(&mut self, mapping: &Mapping, take: TakeUser<'_>) -> Result<(), ImportError> {
        let users = self.users_query(mapping);
        let (members, addresses) = (self.member_query(mapping), self.email_query(mapping));
        let table = &mapping.users.table;
        let attributes = mapping.users.attributes.iter();
        let kinds: Vec<(&String, String)> =
            attributes.map(|name| (name, self.kind_of(table, name))).collect();
        let (mut number, mut after) = (0, None);
        loop {
            let page = self.database.page(&users, after.as_deref()).map_err(unreadable)?;
            let Some(keys) = range(&page) else { return Ok(()) };
            let mut groups: HashMap<String, Vec<String>> = HashMap::new();
            if let Some(members) = &members {
                for (key, name) in self.database.members(members, &keys).map_err(unreadable)? {
                    groups.entry(key).or_default().push(name);
                }
            }
            let mut emails = match &addresses {
                Some(query) => self.emails(query, &keys)?,
                None => HashMap::new(),
            };
            for mut record in page {
                number += 1;
                for (name, kind) in &kinds {
                    if let Some(value) = record.fields.get_mut(*name) {
                        *value = as_declared(value.take(), kind);
                    }
                }
                let row = OriginRow {
                    number,
                    groups: groups.remove(&record.key).unwrap_or_default(),
                    emails: emails.remove(&record.key).unwrap_or_default(),
                    fields: record.fields,
                };
                if !take(Ok(row)) {
                    return Ok(());
                }
            }
            after = Some(keys.last);
        }
    }

    fn each_token(
        &mut self,
        mapping: &Mapping,
        now: Timestamp,
        take: TakeToken<'_>,
    ) -> Result<(), ImportError> {
        let Some(tokens) = &mapping.tokens else { return Ok(()) };
        let Some(table) = self.view.table(&tokens.outstanding) else { return Ok(()) };
        let columns = outstanding_columns(table);
        let query = self.query(&tokens.outstanding, "id", columns);
        let ended = tokens
            .blacklisted
            .as_ref()
            .map(|table| self.query(table, "token_id", vec!["token_id".to_owned()]));
        let (mut number, mut after) = (0, None);
        loop {
            let page = self.database.page(&query, after.as_deref()).map_err(unreadable)?;
            let Some(keys) = range(&page) else { return Ok(()) };
            let ended: std::collections::HashSet<String> = match &ended {
                Some(query) => {
                    let ended = self.database.referring(query, &keys).map_err(unreadable)?;
                    ended.into_iter().map(|record| record.key).collect()
                }
                None => std::collections::HashSet::new(),
            };
            for OriginRecord { key, fields } in page {
                number += 1;
                let token = token_of(&fields, ended.contains(&key), now);
                let token = token.map_err(|reason| BadRow { number, key: Some(key), reason });
                if !token.transpose().is_none_or(&mut *take) {
                    return Ok(());
                }
            }
            after = Some(keys.last);
        }
    }
}
