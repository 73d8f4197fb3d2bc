//! Users and tokens in the output of `manage.py dumpdata`.

use std::collections::HashSet;
use std::io::Read;

use serde_json::Value;

use crate::accounts::imports::error::ImportError;
use crate::accounts::imports::mapping::{GroupMapping, Mapping, TokenMapping};
use crate::accounts::imports::origin_rows::{BadRow, OriginRow, SourceView, TakeToken, TakeUser, key_text};
use crate::accounts::imports::source::dump_facts::DumpFacts;
use crate::accounts::imports::source::dump_objects::{DumpObject, KEY, each_object};
use crate::accounts::imports::source::seen_columns::SeenColumns;
use crate::accounts::imports::source::token_of::token_of;
use crate::store::engine::origin::OriginTable;
use crate::types::Timestamp;

/// What the dump has.
pub(super) fn look(reader: impl Read) -> Result<SourceView, ImportError> {
    let mut models: Vec<(String, SeenColumns, u64)> = Vec::new();
    each_object(reader, |object| {
        let place = match models.iter().position(|(model, ..)| *model == object.model) {
            Some(place) => place,
            None => {
                models.push((object.model, SeenColumns::default(), 0));
                models.len() - 1
            }
        };
        if let Some((_, columns, rows)) = models.get_mut(place) {
            columns.note(&object.fields);
            *rows += 1;
        }
        true
    })?;
    let mut view = SourceView::default();
    for (name, columns, rows) in models {
        view.rows.push((name.clone(), rows));
        view.tables.push(OriginTable { name, columns: columns.into_columns(&[KEY]) });
    }
    Ok(view)
}

/// All users.
pub(super) fn each_user(
    reader: impl Read,
    mapping: &Mapping,
    facts: &DumpFacts,
    take: TakeUser<'_>,
) -> Result<(), ImportError> {
    each_object(reader, |object| {
        if object.model != mapping.users.table {
            return true;
        }
        if object.fields.get(KEY).is_none_or(Value::is_null) {
            let reason =
                "it has no `pk`: make the dump without --natural-primary, since tokens name users by it";
            return take(Err(BadRow { number: object.number, key: None, reason: reason.to_owned() }));
        }
        let groups = match &mapping.groups {
            Some(GroupMapping::Column(column)) => facts.names_of(object.fields.get(column)),
            _ => Vec::new(),
        };
        let emails = facts.emails_of(&object, mapping);
        let DumpObject { number, mut fields, .. } = object;
        fields.retain(|name, _| name != "user_permissions");
        take(Ok(OriginRow { number, fields, groups, emails }))
    })
}

/// The keys of the tokens that are blacklisted.
pub(super) fn blacklisted(reader: impl Read, tokens: &TokenMapping) -> Result<HashSet<String>, ImportError> {
    let mut keys = HashSet::new();
    let Some(model) = &tokens.blacklisted else { return Ok(keys) };
    each_object(reader, |object| {
        if object.model == *model {
            keys.extend(object.fields.get("token").and_then(key_text));
        }
        true
    })?;
    Ok(keys)
}

/// All tokens that have not expired.
pub(super) fn each_token(
    reader: impl Read,
    tokens: &TokenMapping,
    ended: &HashSet<String>,
    now: Timestamp,
    take: TakeToken<'_>,
) -> Result<(), ImportError> {
    each_object(reader, |object| {
        if object.model != tokens.outstanding {
            return true;
        }
        let key = object.key();
        let is_blacklisted = key.as_ref().is_some_and(|key| ended.contains(key));
        let token = token_of(&object.fields, is_blacklisted, now);
        let token = token.map_err(|reason| BadRow { number: object.number, key, reason });
        token.transpose().is_none_or(&mut *take)
    })
}
