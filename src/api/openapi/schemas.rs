//! The components of the document: a JSON Schema for each object of a body.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::api::drf::body::fields::{FieldKind, FieldSpec};
use crate::api::openapi::description::{Component, Direction, Property, PropertyKind, SerializerField};
use crate::api::openapi::examples;

/// The components that the document has so far, by name.
pub(super) struct Schemas {
    by_name: BTreeMap<String, Value>,
    /// Whether a refresh answers with a new refresh token.
    rotates: bool,
}

impl Schemas {
    pub(super) const fn new(rotates: bool) -> Self {
        Self { by_name: BTreeMap::new(), rotates }
    }

    /// All components, sorted by name, as drf-spectacular has them.
    pub(super) fn into_value(self) -> Value {
        Value::Object(self.by_name.into_iter().collect())
    }

    /// Adds a component and answers the reference to it. Another one with the name gets a number.
    fn add(&mut self, name: &str, schema: Value) -> Value {
        let numbered = (2..).map(|number| format!("{name}{number}"));
        let free = std::iter::once(name.to_owned())
            .chain(numbered)
            .find(|name| self.by_name.get(name).is_none_or(|other| *other == schema))
            .unwrap_or_default();
        let reference = json!({"$ref": format!("#/components/schemas/{free}")});
        self.by_name.insert(free, schema);
        reference
    }

    /// A named object.
    pub(super) fn component(&mut self, component: &Component) -> Value {
        let mut properties = Map::new();
        for Property { name, kind, .. } in component.properties {
            let schema = self.property(kind);
            properties.insert((*name).to_owned(), schema);
        }
        let required = component.properties.iter().filter(|property| property.is_required);
        let schema = object(properties, required.map(|property| property.name));
        self.add(component.name, schema)
    }

    fn property(&mut self, kind: &PropertyKind) -> Value {
        match kind {
            PropertyKind::Text(example) => json!({"type": "string", "examples": [example]}),
            PropertyKind::NullableText(example) => json!({"type": ["string", "null"], "examples": [example]}),
            PropertyKind::Moment(example) => {
                json!({"type": "string", "format": "date-time", "examples": [example]})
            }
            PropertyKind::NullableMoment(example) => {
                json!({"type": ["string", "null"], "format": "date-time", "examples": [example]})
            }
            PropertyKind::Boolean(_) => json!({"type": "boolean"}),
            PropertyKind::Integer(example) => json!({"type": "integer", "examples": [example]}),
            PropertyKind::NullableInteger => json!({"type": ["integer", "null"]}),
            PropertyKind::NullableUserId => json!({"type": ["integer", "string", "null"], "examples": [1]}),
            PropertyKind::Texts(example) => {
                json!({"type": "array", "items": {"type": "string"}, "examples": [[example]]})
            }
            PropertyKind::UserId => json!({"type": ["integer", "string"], "examples": [1]}),
            PropertyKind::Object(component) => self.component(component),
            PropertyKind::Objects(component) => {
                let items = self.component(component);
                json!({"type": "array", "items": items})
            }
        }
    }

    /// The body of a request.
    pub(super) fn request(&mut self, name: &str, fields: &[FieldSpec]) -> Value {
        let properties = fields.iter().map(|field| (field.name.to_owned(), of_field(field))).collect();
        let required = fields.iter().filter(|field| field.is_required).map(|field| field.name);
        let schema = object(properties, required);
        self.add(name, schema)
    }

    /// A serializer of Simple JWT as drf-spectacular describes it
    /// (`drf_spectacular/contrib/rest_framework_simplejwt.py`): no more, since a generator would write more code.
    pub(super) fn serializer(&mut self, name: &str, fields: &[SerializerField]) -> Value {
        let property = |field: &SerializerField| {
            let schema = match field.direction {
                Direction::Answer => json!({"type": "string", "readOnly": true}),
                Direction::RequestAndAnswer => json!({"type": "string"}),
                Direction::RequestAndRotation if self.rotates => json!({"type": "string"}),
                Direction::Request | Direction::RequestAndRotation => {
                    json!({"type": "string", "writeOnly": true})
                }
            };
            (field.name.to_owned(), schema)
        };
        let schema = object(fields.iter().map(property).collect(), fields.iter().map(|field| field.name));
        self.add(name, schema)
    }

    /// The messages about parameters of the query: a list under the name of each.
    pub(super) fn query_errors(&mut self) -> Value {
        let messages = json!({"type": "array", "items": {"type": "string"}});
        self.add("QueryErrors", json!({"type": "object", "additionalProperties": messages}))
    }

    /// The messages about fields: a list under the name of each, and under `non_field_errors` those about the body.
    pub(super) fn field_errors(&mut self, name: &str, fields: &[FieldSpec], more: &[&str]) -> Value {
        let declared = fields.iter().map(|field| field.name);
        let names = declared.chain(more.iter().copied()).chain(["non_field_errors"]);
        let messages = json!({"type": "array", "items": {"type": "string"}});
        let properties: Map<_, _> = names.map(|name| (name.to_owned(), messages.clone())).collect();
        self.add(name, json!({"type": "object", "properties": properties, "additionalProperties": false}))
    }
}

/// An object. The names of what is required are sorted, as drf-spectacular has them.
fn object(properties: Map<String, Value>, required: impl Iterator<Item = &'static str>) -> Value {
    let mut required: Vec<&str> = required.collect();
    required.sort_unstable();
    let mut schema = json!({"type": "object", "properties": properties});
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}

fn of_field(field: &FieldSpec) -> Value {
    let mut schema = match field.kind {
        FieldKind::Text => json!({"type": "string", "minLength": 1}),
        FieldKind::Boolean if field.has_default => json!({"type": "boolean", "default": false}),
        FieldKind::Boolean => json!({"type": "boolean"}),
        FieldKind::Texts => json!({"type": "array", "items": {"type": "string", "minLength": 1}}),
    };
    if let Some(max) = field.max_length {
        schema["maxLength"] = json!(max);
    }
    let or = field.alias.map(|alias| format!(" May be sent as `{alias}`.")).unwrap_or_default();
    schema["description"] = json!(format!("{}{or}", field.help));
    schema["examples"] = json!([examples::of_field(field)]);
    schema
}
