//! A machine with an API key, for tests.

use std::net::{IpAddr, SocketAddr};

use doorward::testing::accounts::{Actor, NewApiKey, create_api_key};
use doorward::testing::types::{ApiKey, ApiKeyId, ApiKeyName, ApiScope, ApiScopes};
use serde_json::Value;

use crate::http::{Reply, Request, send, send_from};
use crate::server::TestServer;

/// A client that sends an API key with each request.
pub(crate) struct Machine {
    pub address: SocketAddr,
    pub id: ApiKeyId,
    /// The key itself.
    pub key: String,
}

impl TestServer {
    /// A machine whose key has these scopes.
    pub(crate) fn machine(&self, scopes: &[ApiScope]) -> Machine {
        self.machine_with(scopes, |_| ())
    }

    /// A machine whose key may do everything.
    pub(crate) fn mighty_machine(&self) -> Machine {
        self.machine(&ApiScope::WORDS.map(|(_, scope)| scope))
    }

    /// A machine whose key is like this after `change`.
    pub(crate) fn machine_with(&self, scopes: &[ApiScope], change: impl FnOnce(&mut NewApiKey)) -> Machine {
        let mut new = NewApiKey {
            id: ApiKeyId::random(),
            name: ApiKeyName::parse("billing").unwrap(),
            scopes: ApiScopes::new(scopes.iter().copied()),
            networks: Vec::new(),
            lifetime: None,
        };
        change(&mut new);
        let made = self.wait(create_api_key(&self.app, new, &Actor::command_line()));
        let (key, record): (ApiKey, _) = made.unwrap();
        Machine { address: self.address, id: record.id, key: key.expose().to_string() }
    }
}

impl Machine {
    fn signed(&self, request: Request) -> Request {
        request.header("Authorization", format!("Api-Key {}", self.key))
    }

    pub(crate) fn send(&self, request: Request) -> Reply {
        send(self.address, &self.signed(request)).unwrap()
    }

    /// From this address of the machine.
    pub(crate) fn send_from(&self, source: IpAddr, request: Request) -> Reply {
        send_from(source, self.address, &self.signed(request)).unwrap()
    }

    pub(crate) fn get(&self, path: &str) -> Reply {
        self.send(Request::get(path))
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Reply {
        self.send(Request::post(path).json(body))
    }
}
