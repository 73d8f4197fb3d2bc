//! What is declared of each endpoint is what the server does.

use doorward::testing::api::{Access, ENDPOINTS, Endpoint, Operation};
use serde_json::{Value, json};

use crate::http::{Reply, Request};
use crate::machine::Machine;
use crate::server::{Client, TestServer};

/// Every method that some endpoint may have.
const METHODS: [&str; 6] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

fn url(endpoint: &Endpoint) -> String {
    format!("{}/", endpoint.path.replace("{id}", "1"))
}

fn operations() -> impl Iterator<Item = (&'static Endpoint, &'static Operation)> {
    let of_endpoint =
        |endpoint: &'static Endpoint| endpoint.operations.iter().map(move |operation| (endpoint, operation));
    ENDPOINTS.iter().flat_map(of_endpoint)
}

/// A user and a machine, who may do everything together.
struct Callers(Client, Machine);

impl Callers {
    fn of(server: &TestServer) -> Self {
        Self(server.user("alice"), server.mighty_machine())
    }

    /// Sends a request as the one whom the endpoint is for.
    fn send(&self, endpoint: &Endpoint, request: Request) -> Reply {
        match endpoint.access {
            Access::ApiKey => self.1.send(request),
            Access::Public | Access::HeaderToken | Access::User => self.0.send(request),
        }
    }
}

fn allowed(reply: &Reply) -> Vec<String> {
    let allow = reply.header("Allow").expect("every answer of the API has `Allow`");
    allow.split(", ").map(str::to_owned).collect()
}

#[test]
fn an_endpoint_for_users_answers_401_to_every_method_without_a_token_and_a_public_one_does_not() {
    let server = TestServer::start();
    for endpoint in ENDPOINTS {
        for method in METHODS.into_iter().chain(["OPTIONS"]) {
            let reply = server.anon().send(Request::new(method, &url(endpoint)));
            let is_protected = matches!(endpoint.access, Access::User | Access::ApiKey);
            assert_eq!(reply.status == 401, is_protected, "{method} {}", endpoint.path);
        }
    }
}

#[test]
fn options_names_the_endpoint_and_other_methods_than_those_declared_are_405() {
    let server = TestServer::start();
    let callers = Callers::of(&server);
    for endpoint in ENDPOINTS {
        let path = url(endpoint);
        let reply = callers.send(endpoint, Request::options(&path));
        assert_eq!((reply.status, reply.json()["name"].as_str()), (200, Some(endpoint.name)), "{path}");
        let allowed = allowed(&reply);
        for operation in endpoint.operations {
            assert!(allowed.contains(&operation.method.to_string()), "{path} {allowed:?}");
        }
        for method in METHODS.into_iter().filter(|method| !allowed.iter().any(|allowed| allowed == method)) {
            let reply = callers.send(endpoint, Request::new(method, &path));
            assert_eq!(reply.status, 405, "{method} {path}");
        }
    }
}

#[test]
fn an_empty_body_lacks_exactly_the_declared_required_fields() {
    let server = TestServer::start();
    let callers = Callers::of(&server);
    let message = json!(["This field is required."]);
    for (endpoint, operation) in operations() {
        let fields = operation.fields();
        let required = fields.iter().filter(|field| field.is_required);
        let expected: serde_json::Map<String, Value> =
            required.map(|field| (field.name.to_owned(), message.clone())).collect();
        if !expected.is_empty() {
            let request = Request::new(operation.method.as_str(), &url(endpoint));
            let reply = callers.send(endpoint, request.json(&json!({})));
            assert_eq!((reply.status, reply.json()), (400, Value::Object(expected)), "{}", endpoint.path);
        }
    }
}

#[test]
fn a_declared_length_is_the_one_that_is_checked() {
    let server = TestServer::start();
    let callers = Callers::of(&server);
    for (endpoint, operation) in operations() {
        for field in operation.fields() {
            let Some(max) = field.max_length else { continue };
            let request = Request::new(operation.method.as_str(), &url(endpoint));
            let reply = callers.send(endpoint, request.json(&json!({field.name: "a".repeat(max + 1)})));
            let message = format!("Ensure this field has no more than {max} characters.");
            assert_eq!(reply.json()[field.name][0], message, "{} {}", endpoint.path, field.name);
        }
    }
}

#[test]
fn every_field_has_a_help_text_and_secrets_are_write_only() {
    for field in operations().flat_map(|(_, operation)| operation.fields()) {
        assert!(field.help.ends_with('.'), "{}", field.name);
        let is_secret =
            field.name.to_lowercase().contains("password") || ["key", "invite"].contains(&field.name);
        assert_eq!(field.is_write_only, is_secret, "{}", field.name);
    }
}
