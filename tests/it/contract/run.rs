//! Sends the requests of one case, with the tokens that they need, and returns the answer with the expectation.
//! Does not compare.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::Target;
use super::case::{Case, Corpus, Craft, Expected, Form, FormPart, LoginAs, Recipe, Step};
use super::craft::craft;
use super::placeholder::{Names, random_name};
use crate::http::{Part, Reply, Request, send};

/// The expectation with its placeholders filled in, and the answer.
///
/// # Errors
/// The reason why a request could not be sent.
pub(crate) fn replay(corpus: &Corpus, target: &Target, case: &Case) -> Result<(Expected, Reply), String> {
    let run = Run { corpus, target, case, uniq: random_name(), tokens: RefCell::default() };
    for (step, number) in case.before.iter().zip(1..) {
        let status = run.exchange(step)?.status;
        if !step.status.map_or((200..300).contains(&status), |expected| status == expected) {
            return Err(format!("request {number} before it answered {status}"));
        }
    }
    let reply = run.exchange(&case.request)?;
    let departure = case.departure.as_ref().filter(|_| !target.reference);
    let expected = departure.map_or(&case.expected, |departure| &departure.expected);
    Ok((run.expected(expected)?, reply))
}

struct Run<'a> {
    corpus: &'a Corpus,
    target: &'a Target,
    case: &'a Case,
    uniq: String,
    tokens: RefCell<HashMap<String, String>>,
}

impl Run<'_> {
    fn names(&self) -> Names<'_> {
        Names { target: self.target, uniq: &self.uniq, token: Box::new(|name| self.token(name)) }
    }

    fn send(&self, request: &Request) -> Result<Reply, String> {
        send(self.target.addr, request).map_err(|error| format!("no answer: {error}"))
    }

    fn exchange(&self, step: &Step) -> Result<Reply, String> {
        self.send(&self.request(step)?)
    }

    /// The headers of a step replace those of its body and its cookies.
    fn request(&self, step: &Step) -> Result<Request, String> {
        let names = self.names();
        let mut request = Request::new(&step.method, &names.text(&step.path)?)
            .header("Accept", "*/*")
            .header("User-Agent", "contract-replay");
        request = self.with_body(request, step)?;
        for (name, value) in &step.cookies {
            request = request.cookie(name, &names.value_as_text(value)?);
        }
        for (name, value) in &step.headers {
            request = request.without(name);
            if let Some(value) = value {
                request = request.header(name, names.value_as_text(value)?);
            }
        }
        Ok(request)
    }

    fn with_body(&self, request: Request, step: &Step) -> Result<Request, String> {
        let names = self.names();
        Ok(if let Some(value) = &step.json {
            request.json(&names.value(value)?)
        } else if let Some(form) = &step.form {
            request.form(&self.fields(form)?)
        } else if let Some(parts) = &step.multipart {
            let parts: Result<Vec<Part>, String> = parts.iter().map(|p| self.part(p)).collect();
            request.multipart(&parts?)
        } else if let Some(text) = &step.body {
            request.untyped_body(names.value_as_text(text)?)
        } else if let Some(text) = &step.body_b64 {
            request.untyped_body(STANDARD.decode(text).map_err(|error| error.to_string())?)
        } else {
            request
        })
    }

    fn fields(&self, form: &Form) -> Result<Vec<(String, String)>, String> {
        let filled =
            |(name, value): (&String, &Value)| Ok((name.clone(), self.names().value_as_text(value)?));
        match form {
            Form::Fields(fields) => fields.iter().map(filled).collect(),
            Form::Pairs(pairs) => pairs.iter().map(|(n, v)| (n, v)).map(filled).collect(),
        }
    }

    fn part(&self, part: &FormPart) -> Result<Part, String> {
        let value = self.names().value_as_text(&part.value)?;
        let empty = match &part.filename {
            Some(filename) => Part::file(&part.name, filename, value),
            None => Part::field(&part.name, value),
        };
        let headers = part.headers.iter();
        Ok(headers.fold(empty, |part, (name, value)| part.header(name, value)))
    }

    /// The token with a name. Made at its first use, when its user is registered.
    fn token(&self, name: &str) -> Result<String, String> {
        if let Some(token) = self.tokens.borrow().get(name) {
            return Ok(token.clone());
        }
        let recipe = self.case.tokens.get(name);
        let token = self.make(recipe.ok_or_else(|| format!("no recipe for token {name:?}"))?)?;
        self.tokens.borrow_mut().insert(name.to_owned(), token.clone());
        Ok(token)
    }

    fn make(&self, recipe: &Recipe) -> Result<String, String> {
        match recipe {
            Recipe::Login { login } => {
                let reply = self.authenticate(recipe, login)?;
                let cookie = reply.cookie("access_token").map(|cookie| cookie.value);
                cookie
                    .filter(|token| !token.is_empty())
                    .ok_or_else(|| "a login set no access_token".to_owned())
            }
            Recipe::Obtain { obtain, which } => {
                let which = which.as_deref().unwrap_or("access");
                let reply = self.authenticate(recipe, obtain)?;
                let body: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
                let token = body.get(which).and_then(Value::as_str).map(str::to_owned);
                token.ok_or_else(|| format!("no {which} token in {body}"))
            }
            Recipe::Craft { craft: recipe } => craft(&self.filled(recipe)?, self.target),
        }
    }

    /// Sends the credentials of a user to the endpoint of the recipe.
    fn authenticate(&self, recipe: &Recipe, who: &LoginAs) -> Result<Reply, String> {
        let credentials = match who {
            LoginAs::Fixture(key) => {
                let user = self.corpus.users.iter().find(|user| user.key == *key);
                let user = user.ok_or_else(|| format!("no fixture user {key:?}"))?;
                json!({"username": user.username, "password": user.password})
            }
            LoginAs::Named { username, password } => {
                self.names().value(&json!({"username": username, "password": password}))?
            }
        };
        let path = recipe.endpoint().unwrap_or_default();
        let reply = self.send(&Request::post(path).json(&credentials))?;
        match reply.status {
            200 => Ok(reply),
            status => Err(format!("{path} answered {status} for {}", credentials["username"])),
        }
    }

    fn filled(&self, recipe: &Craft) -> Result<Craft, String> {
        let names = self.names();
        Ok(Craft {
            claims: names.object(&recipe.claims)?,
            forge: match &recipe.forge {
                Some(claims) => Some(names.object(claims)?),
                None => None,
            },
            ..recipe.clone()
        })
    }

    fn expected(&self, template: &Expected) -> Result<Expected, String> {
        let names = self.names();
        let mut expected = template.clone();
        for value in expected.headers.values_mut() {
            *value = names.text(value)?;
        }
        let cookies = expected.cookies.iter_mut().flat_map(BTreeMap::values_mut);
        for value in cookies.map(|cookie| &mut cookie.value).chain(&mut expected.body) {
            *value = names.value(value)?;
        }
        Ok(expected)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::from_value;
    use std::io::{Read, Write};
    use std::net::{SocketAddr, TcpListener};
    use std::thread::{self, JoinHandle};

    /// Answers one request after the other, and returns the requests.
    fn serve(answers: &'static [&str]) -> (SocketAddr, JoinHandle<Vec<String>>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let addr = listener.local_addr().unwrap();
        let answer = move |answer: &&str| {
            let (mut stream, _) = listener.accept().unwrap();
            let mut buffer = [0; 4096];
            let length = stream.read(&mut buffer).unwrap();
            write!(stream, "HTTP/1.1 {answer}").unwrap();
            String::from_utf8(buffer[..length].to_vec()).unwrap()
        };
        let requests = thread::spawn(move || answers.iter().map(answer).collect());
        (addr, requests)
    }

    /// The result of a case, with the reference or another server.
    fn result_of(addr: SocketAddr, reference: bool, case: Value) -> Result<(), Vec<String>> {
        let corpus = Corpus { users: Vec::new(), themes: BTreeMap::new() };
        let target =
            Target { addr, signing_key: "key".to_owned(), ids: HashMap::new(), reference, mailed: None };
        corpus.replay(&target, &from_value(case).unwrap())
    }

    fn case() -> Value {
        json!({
            "name": "x", "source": "seed",
            "tokens": {"t": {"login": {"username": "u-{{uniq}}", "password": "p"}}},
            "before": [{"method": "POST", "path": "/api/register/", "form": {"username": "u-{{uniq}}"}}],
            "request": {
                "method": "PUT", "path": "/x/?{{token:t}}", "json": {"a": "{{uniq}}"},
                "cookies": {"c": "{{token:t}}"},
                "headers": {"Accept": null, "content-type": "a/b", "Authorization": "Bearer {{token:t}}"},
            },
            "expected": {"status": 404},
            "departure": {"why": "", "expected": {"status": 200, "headers": {"X-Token": "{{token:t}}"}}},
        })
    }

    const GOOD: &[&str] = &[
        "201 Created\r\n\r\n",
        "200 OK\r\nSet-Cookie: access_token=tok; Path=/\r\n\r\n",
        "200 OK\r\nX-Token: tok\r\n\r\n",
    ];

    #[test]
    fn a_token_is_fetched_once_and_after_its_user_is_registered() {
        let (addr, requests) = serve(GOOD);
        assert_eq!(result_of(addr, false, case()), Ok(()));
        let requests = requests.join().unwrap();
        assert!(requests[0].starts_with("POST /api/register/ "), "{}", requests[0]);
        assert!(requests[1].starts_with("POST /api/login/ "), "{}", requests[1]);
        let (_, registered) = requests[0].rsplit_once("username=u-").unwrap();
        assert!(requests[1].contains(&format!(r#""username":"u-{registered}""#)));
        assert!(requests[2].ends_with(&format!(r#"{{"a":"{registered}"}}"#)));
    }

    #[test]
    fn the_headers_of_a_request_replace_the_default_ones() {
        let (addr, requests) = serve(GOOD);
        assert_eq!(result_of(addr, false, case()), Ok(()));
        let sent = requests.join().unwrap().remove(2);
        assert!(sent.starts_with("PUT /x/?tok HTTP/1.1\r\n"), "{sent}");
        for line in ["content-type: a/b", "Cookie: c=tok", "Authorization: Bearer tok"] {
            assert!(sent.contains(&format!("\r\n{line}\r\n")), "{line} in {sent}");
        }
        assert!(!sent.contains("Accept:") && !sent.contains("application/json"), "{sent}");
    }

    #[test]
    fn the_answer_of_the_reference_is_not_compared_with_the_departure() {
        let (addr, _) = serve(GOOD);
        let differences = result_of(addr, true, case()).unwrap_err();
        assert_eq!(differences, ["status: expected [404], got 200"]);
    }

    #[test]
    fn a_failed_preparation_fails_the_case() {
        let (addr, _) = serve(&["400 Bad Request\r\n\r\n"]);
        let differences = result_of(addr, false, case()).unwrap_err();
        assert_eq!(differences, ["request 1 before it answered 400"]);
        let (addr, _) = serve(&["201 Created\r\n\r\n", "200 OK\r\n\r\n"]);
        let differences = result_of(addr, false, case()).unwrap_err();
        assert_eq!(differences, ["a login set no access_token"]);
    }

    #[test]
    fn a_server_that_does_not_answer_fails_the_case() {
        let addr = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let differences = result_of(addr, false, case()).unwrap_err();
        assert!(differences[0].starts_with("no answer: "), "{differences:?}");
    }
}
