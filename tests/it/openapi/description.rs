//! The document of `/api/schema/`, and whether an answer is one that it describes.

use serde_json::{Map, Value};

use crate::http::Reply;
use crate::server::TestServer;

/// A document.
pub(crate) struct Description(pub(super) Value);

impl Description {
    pub(crate) fn of(server: &TestServer) -> Self {
        let reply = server.anon().get("/api/schema/");
        assert_eq!(reply.status, 200, "{}", reply.text());
        Self(reply.json())
    }

    /// The operations, each with its path and method.
    pub(crate) fn operations(&self) -> impl Iterator<Item = (&str, &str, &Value)> {
        let paths = self.0["paths"].as_object().expect("paths");
        paths.iter().flat_map(|(path, item)| {
            let methods = item.as_object().into_iter().flatten().filter(|(name, _)| *name != "parameters");
            methods.map(move |(method, operation)| (path.as_str(), method.as_str(), operation))
        })
    }

    /// The path in the document that a URL is of.
    pub(crate) fn path_of(&self, url: &str) -> Option<&str> {
        let path = url.split(['?', '#']).next()?.trim_end_matches('/');
        let parts: Vec<&str> = path.split('/').collect();
        let is_same = |template: &str| {
            let template: Vec<&str> = template.trim_end_matches('/').split('/').collect();
            let is_same = |(one, other): (&&str, &&str)| one.starts_with('{') || one == other;
            template.len() == parts.len() && template.iter().zip(&parts).all(is_same)
        };
        self.0["paths"].as_object()?.keys().map(String::as_str).find(|path| is_same(path))
    }

    /// Whether an answer is described: its status, its type and the shape of its body.
    ///
    /// # Errors
    /// What is not.
    pub(crate) fn check(&self, path: &str, method: &str, reply: &Reply) -> Result<(), String> {
        let method = method.to_ascii_lowercase();
        let responses = &self.0["paths"][path][if method == "head" { "get" } else { &method }]["responses"];
        let response = &responses[reply.status.to_string()];
        if response.is_null() {
            return Err(format!("{} is not described", reply.status));
        }
        for name in response["headers"].as_object().into_iter().flat_map(Map::keys) {
            if reply.header(name).is_none() {
                return Err(format!("the header {name} is missing"));
            }
        }
        let content = response["content"].as_object();
        let Some(content) = content else {
            return if reply.body.is_empty() { Ok(()) } else { Err("a body is not described".to_owned()) };
        };
        let kind = reply.header("Content-Type").unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default();
        let Some(media) = content.get(kind) else {
            return Err(format!("the type {kind} is not described"));
        };
        match (method.as_str(), kind) {
            ("head", _) | (_, "text/html") => Ok(()),
            _ => self.fits(&media["schema"], &reply.json()),
        }
    }

    /// Whether a value of an answer fits a schema. What is `writeOnly` is in no answer.
    fn fits(&self, schema: &Value, value: &Value) -> Result<(), String> {
        if let Some(reference) = schema["$ref"].as_str() {
            let pointer = reference.trim_start_matches('#');
            let schema = self.0.pointer(pointer).ok_or_else(|| format!("{reference} is missing"))?;
            return self.fits(schema, value);
        }
        if let Some(schemas) = schema["anyOf"].as_array() {
            let mut problems = Vec::new();
            for schema in schemas {
                match self.fits(schema, value) {
                    Ok(()) => return Ok(()),
                    Err(problem) => problems.push(problem),
                }
            }
            return Err(problems.join("; or "));
        }
        let kind = match value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(_) => "integer",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        };
        let kinds = &schema["type"];
        if kinds != kind && !kinds.as_array().is_some_and(|kinds| kinds.iter().any(|one| one == kind)) {
            return Err(format!("{value} is not {kinds}"));
        }
        match value {
            Value::Array(items) => items.iter().try_for_each(|item| self.fits(&schema["items"], item)),
            Value::Object(object) => self.fits_object(schema, object),
            _ => Ok(()),
        }
    }

    fn fits_object(&self, schema: &Value, object: &Map<String, Value>) -> Result<(), String> {
        let is_written = |name: &str| schema["properties"][name]["writeOnly"] == true;
        for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            if !object.contains_key(name) && !is_written(name) {
                return Err(format!("{name:?} is missing"));
            }
        }
        for (name, value) in object {
            let property = match &schema["properties"][name] {
                Value::Null if schema["additionalProperties"].is_object() => &schema["additionalProperties"],
                property => property,
            };
            if property.is_null() || is_written(name) {
                return Err(format!("{name:?} is not described"));
            }
            self.fits(property, value)?;
        }
        Ok(())
    }
}
