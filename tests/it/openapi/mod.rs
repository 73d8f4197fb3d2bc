//! `/api/schema/` and `/api/docs/`: they say what the server does.

mod description;

use std::collections::BTreeSet;

use doorward::testing::api::{Access, ENDPOINTS};
use serde_json::{Value, json};

pub(crate) use description::Description;

use crate::http::Request;
use crate::server::TestServer;

/// The path of the document itself, which is no declared endpoint.
const SCHEMA: &str = "/api/schema/";

/// The operations of Simple JWT's views as drf-spectacular 0.30 describes them, which `tests/clients/openapi/spectacular.py`
/// wrote.
const REFERENCE: &str = include_str!("../../vectors/spectacular.json");

fn declared() -> BTreeSet<(String, String)> {
    let operations = ENDPOINTS.iter().flat_map(|endpoint| {
        let operation = |method: &str| (format!("{}/", endpoint.path), method.to_ascii_lowercase());
        endpoint.operations.iter().map(move |one| operation(one.method.as_str()))
    });
    operations.chain([(SCHEMA.to_owned(), "get".to_owned())]).collect()
}

#[test]
fn every_declared_method_of_every_endpoint_is_described_and_no_other() {
    let server = TestServer::start();
    let document = Description::of(&server);
    let described: BTreeSet<_> =
        document.operations().map(|(path, method, _)| (path.to_owned(), method.to_owned())).collect();
    assert_eq!(described, declared());
    let ids: BTreeSet<&str> =
        document.operations().filter_map(|(.., operation)| operation["operationId"].as_str()).collect();
    assert_eq!(ids.len(), described.len(), "{ids:?}");
    let undescribed = ENDPOINTS.iter().flat_map(|endpoint| endpoint.operations);
    assert_eq!(undescribed.filter(|operation| operation.description.is_none()).count(), 0);
}

#[test]
fn simple_jwts_part_is_what_drf_spectacular_describes() {
    let server = TestServer::start();
    let reference: Value = serde_json::from_str(REFERENCE).expect("the vectors are JSON");
    let described = server.anon().get("/api/schema/?answers=success").json();
    for (path, item) in reference["paths"].as_object().expect("paths") {
        let mut operation = described["paths"][path]["post"].clone();
        // Says that no token is needed, which drf-spectacular leaves out.
        assert_eq!(operation["security"], json!([]), "{path}");
        operation.as_object_mut().map(|operation| operation.remove("security"));
        assert_eq!(operation, item["post"], "{path}");
    }
    for (name, schema) in reference["components"]["schemas"].as_object().expect("schemas") {
        let own = &described["components"]["schemas"][name];
        assert_eq!(own, schema, "{name}");
        let names =
            |schema: &Value| Vec::from_iter(schema["properties"].as_object().unwrap().keys().cloned());
        assert_eq!(names(own), names(schema), "the order in {name}");
    }
    let bearer = &reference["components"]["securitySchemes"]["jwtAuth"];
    assert_eq!(&described["components"]["securitySchemes"]["jwtAuth"], bearer);
    assert_eq!(reference["paths"].as_object().map(|paths| paths.len()), Some(4));
}

#[test]
fn with_sliding_tokens_their_part_is_what_drf_spectacular_describes_too() {
    let server = TestServer::with(&[("tokens.sliding", "true")]);
    let reference: Value =
        serde_json::from_str(include_str!("../../vectors/spectacular-sliding.json")).expect("JSON");
    let described = server.anon().get("/api/schema/?answers=success").json();
    for (path, item) in reference["paths"].as_object().expect("paths") {
        let mut operation = described["paths"][path]["post"].clone();
        operation.as_object_mut().map(|operation| operation.remove("security"));
        assert_eq!(operation, item["post"], "{path}");
    }
    for (name, schema) in reference["components"]["schemas"].as_object().expect("schemas") {
        assert_eq!(&described["components"]["schemas"][name], schema, "{name}");
    }
    let page = server.anon().get("/api/docs/").text();
    assert!(page.contains(">POST /api/token/sliding/refresh/</h3>"));
}

#[test]
fn with_rotation_the_answer_to_a_refresh_has_a_refresh_token_as_drf_spectacular_says() {
    let server = TestServer::with(&[("tokens.rotate_refresh", "true")]);
    let document = Description::of(&server);
    let refresh = &document.0["components"]["schemas"]["TokenRefresh"]["properties"]["refresh"];
    assert_eq!(refresh, &json!({"type": "string"}));
    let alice = server.user("alice");
    let tokens = alice
        .post("/api/token/", &json!({"username": "alice", "password": crate::server::password_of("alice")}))
        .json();
    let reply = alice.post("/api/token/refresh/", &json!({"refresh": tokens["refresh"]}));
    assert_eq!(document.check("/api/token/refresh/", "POST", &reply), Ok(()), "{}", reply.text());
    assert!(reply.json()["refresh"].is_string());
}

#[test]
fn the_format_is_negotiated_as_by_drf_spectacular_with_json_as_the_default() {
    let server = TestServer::start();
    let anon = server.anon();
    for (query, accept, status, kind) in [
        ("", None, 200, "application/json"),
        ("", Some("*/*"), 200, "application/json"),
        ("", Some("text/html,application/xhtml+xml,*/*;q=0.8"), 200, "application/json"),
        ("", Some("application/vnd.oai.openapi+json"), 200, "application/vnd.oai.openapi+json"),
        ("", Some("application/yaml"), 200, "application/yaml; charset=utf-8"),
        ("", Some("application/vnd.oai.openapi"), 200, "application/vnd.oai.openapi; charset=utf-8"),
        ("?format=yaml", None, 200, "application/vnd.oai.openapi; charset=utf-8"),
        ("?format=json", Some("*/*"), 200, "application/json"),
        ("?format=yaml", Some("application/json"), 406, "application/json"),
        ("?format=xml", None, 404, "application/json"),
        ("", Some("text/html"), 406, "application/json"),
    ] {
        let request = Request::get(&format!("/api/schema{query}")).without("Accept");
        let request = match accept {
            Some(accept) => request.header("Accept", accept),
            None => request,
        };
        let reply = anon.send(request);
        let sent = (reply.status, reply.header("Content-Type"));
        assert_eq!(sent, (status, Some(kind.to_owned())), "{query} {accept:?}");
        assert_eq!(reply.header("Vary").as_deref().map(|vary| vary.contains("Accept")), Some(true));
    }
    let yaml = anon.get("/api/schema/?format=yaml").text();
    assert!(yaml.starts_with("openapi: \"3.1.0\"\ninfo:\n  title: \"doorward\"\n"), "{yaml:.80}");
    let reply = anon.send(Request::post("/api/schema/"));
    assert_eq!((reply.status, reply.header("Allow").as_deref()), (405, Some("GET, HEAD")));
    let head = anon.send(Request::head("/api/schema/"));
    assert_eq!((head.status, head.body.len()), (200, 0));
}

#[test]
fn the_page_has_every_operation_with_a_command_and_no_script() {
    let server = TestServer::with(&[("api.auth_header_types", "JWT")]);
    let reply = server.anon().get("/api/docs/");
    let html = reply.text();
    assert_eq!(
        (reply.status, reply.header("Content-Type").as_deref()),
        (200, Some("text/html; charset=utf-8"))
    );
    assert!(!html.contains("<script"), "{html}");
    for endpoint in ENDPOINTS {
        for operation in endpoint.operations {
            let heading = format!(">{} {}/</h3>", operation.method, endpoint.path);
            let (_, rest) = html.split_once(&heading).unwrap_or_else(|| panic!("{heading} is missing"));
            let (section, _) = rest.split_once("</pre>").expect("a command");
            let has_token = section.contains("JWT $ACCESS");
            assert_eq!(has_token, endpoint.access == Access::User, "{heading}");
            for field in operation.fields() {
                assert!(section.contains(field.help), "{heading} {}", field.name);
            }
        }
    }
}

#[test]
fn without_the_setting_neither_the_document_nor_the_page_is_there() {
    let server = TestServer::with(&[("api.schema", "false")]);
    for path in [SCHEMA, "/api/schema", "/api/docs/", "/api/docs"] {
        assert_eq!(server.anon().get(path).status, 404, "{path}");
    }
}

#[test]
fn the_document_names_no_release_and_no_user() {
    let server = TestServer::start();
    server.user("alice-in-secret");
    let text = server.anon().get(SCHEMA).text();
    assert!(!text.contains(env!("CARGO_PKG_VERSION")) && !text.contains("alice-in-secret"), "{text}");
}

#[test]
fn answers_that_no_record_has_are_described_too() {
    let server = TestServer::start();
    let document = Description::of(&server);
    let (alice, anon) = (server.user("alice"), server.anon());
    let sessions = alice.get("/api/sessions/");
    assert_eq!(document.check("/api/sessions/", "GET", &sessions), Ok(()), "{}", sessions.text());
    assert_ne!(sessions.json(), json!([]));
    for (status, path, reply) in [
        (404, "/api/sessions/{id}/", alice.send(Request::delete("/api/sessions/x/"))),
        (404, "/api/sessions/{id}/", alice.send(Request::delete("/api/sessions/x/?format=xml"))),
    ] {
        assert_eq!(
            (reply.status, document.check(path, "DELETE", &reply)),
            (status, Ok(())),
            "{}",
            reply.text()
        );
    }
    let big = "a".repeat(200_000);
    for (status, path, body) in [
        (202, "/api/password/reset/", json!({"email": "nemo@example.com"})),
        (202, "/api/email/resend/", json!({"email": "nemo@example.com"})),
        (400, "/api/password/reset/", json!({"email": "nemo"})),
        (400, "/api/email/confirm/", json!({"key": "x"})),
        (400, "/api/password/reset/confirm/", json!({"key": "x", "new_password": "quite-Long-pass-3"})),
        (400, "/api/register/", json!({"username": "bob", "email": "bob@example.com", "password": "123"})),
        (413, "/api/login/", json!({"username": big})),
    ] {
        let reply = anon.post(path, &body);
        assert_eq!(
            (reply.status, document.check(path, "POST", &reply)),
            (status, Ok(())),
            "{path} {}",
            reply.text()
        );
    }
    let reply = alice.post("/api/user/delete/", &json!({"password": "wrong"}));
    assert_eq!((reply.status, document.check("/api/user/delete/", "POST", &reply)), (400, Ok(())));
    let refused = (0..20).map(|_| anon.post("/api/token/verify/", &json!({"token": "x"})));
    let mut statuses = BTreeSet::new();
    for reply in refused {
        assert_eq!(document.check("/api/token/verify/", "POST", &reply), Ok(()), "{}", reply.text());
        statuses.insert(reply.status);
    }
    assert!(statuses.contains(&401), "{statuses:?}");
}

#[test]
fn every_example_is_an_answer_that_the_document_describes() {
    let server = TestServer::start();
    let document = Description::of(&server);
    let mut examples = 0;
    for (path, method, operation) in document.operations() {
        for (status, response) in operation["responses"].as_object().expect("responses") {
            let Some(example) = response["content"]["application/json"].get("example") else { continue };
            let mut headers = vec![("Content-Type".to_owned(), "application/json".to_owned())];
            let described = response["headers"].as_object().into_iter().flatten();
            headers.extend(described.map(|(name, _)| (name.clone(), "x".to_owned())));
            let reply = crate::http::Reply {
                status: status.parse().expect("a status"),
                headers,
                body: example.to_string().into_bytes(),
            };
            assert_eq!(document.check(path, method, &reply), Ok(()), "{method} {path} {status}");
            examples += 1;
        }
    }
    assert!(examples > 50, "{examples}");
}

#[test]
fn an_unknown_kind_of_answers_is_not_found() {
    let server = TestServer::start();
    let status = |query: &str| server.anon().get(&format!("/api/schema/{query}")).status;
    assert_eq!(["?answers=all", "?answers=", "?answers=some"].map(status), [200, 200, 404]);
}
