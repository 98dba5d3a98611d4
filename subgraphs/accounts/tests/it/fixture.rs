//! A shop with accounts, and people in it.

use accounts::Config;
use accounts::config::Argon2Cost;
use accounts::demo::{self, DemoAccount};
use auth::Role;
use events::id::UserId;
use migrations::accounts::Migrator;
use serde_json::{Value, json};
use test_support::{Caller, TestSubgraph};

/// A password that is good enough.
pub(crate) const PASSWORD: &str = "correct horse";

pub(crate) struct Shop {
    pub(crate) subgraph: TestSubgraph,
}

/// The tokens of somebody who has logged in.
#[derive(Clone)]
pub(crate) struct Tokens {
    pub(crate) access: String,
    pub(crate) refresh: String,
}

impl Tokens {
    pub(crate) fn caller(&self) -> Caller {
        Caller::Token(self.access.clone())
    }

    fn read(session: &Value) -> Self {
        let text = |field: &str| {
            session[field]
                .as_str()
                .expect("a session has tokens")
                .to_owned()
        };
        Self {
            access: text("accessToken"),
            refresh: text("refreshToken"),
        }
    }
}

/// Settings that make hashing cheap.
pub(crate) fn config() -> Config {
    Config {
        argon2: Argon2Cost {
            memory_kib: 8,
            iterations: 1,
            parallelism: 1,
        },
        ..Config::default()
    }
}

impl Shop {
    pub(crate) async fn open() -> Self {
        let subgraph = TestSubgraph::start_async::<Migrator>(async |deps| {
            accounts::service(deps, config())
                .await
                .expect("accounts starts")
        })
        .await;
        // The verifier knows the key of accounts, beside the one that tests sign with.
        let deps = &subgraph.deps;
        let key = accounts::signing_key(&deps.db, deps.clock.now())
            .await
            .expect("there is a key");
        let mut keys = (*deps.verifier.keys()).clone();
        keys.insert(key.public_jwk());
        deps.verifier.replace_keys(keys);
        Self { subgraph }
    }

    /// Builds the service anew on the same database.
    pub(crate) async fn restart(&mut self, config: Config) {
        self.subgraph.service = accounts::service(self.subgraph.deps.clone(), config)
            .await
            .expect("accounts starts again");
    }

    /// The payload of a mutation that takes an input named after it.
    pub(crate) async fn mutate(
        &self,
        caller: &Caller,
        mutation: &str,
        selection: &str,
        input: Value,
    ) -> Value {
        let query = mutation_text(mutation, selection);
        let mut data = self
            .subgraph
            .data(caller, &query, json!({ "input": input }))
            .await;
        data[mutation].take()
    }

    /// The code of the error that a mutation ends with.
    pub(crate) async fn mutate_error(
        &self,
        caller: &Caller,
        mutation: &str,
        input: Value,
    ) -> String {
        let query = mutation_text(mutation, "");
        let response = self
            .subgraph
            .execute(caller, &query, json!({ "input": input }))
            .await;
        error_code(&response)
    }

    pub(crate) async fn register(&self, email: &str) -> UserId {
        let input = json!({ "email": email, "password": PASSWORD, "name": "Budi" });
        let payload = self
            .mutate(&Caller::Guest, "accountRegister", "user { id }", input)
            .await;
        assert_eq!(payload["userErrors"], json!([]));
        id(&payload["user"]["id"])
    }

    /// The payload of a login.
    pub(crate) async fn try_login(&self, email: &str, password: &str) -> Value {
        let selection =
            "session { accessToken refreshToken expiresAt refreshExpiresAt } user { id }";
        self.mutate(
            &Caller::Guest,
            "login",
            selection,
            json!({ "email": email, "password": password }),
        )
        .await
    }

    pub(crate) async fn login(&self, email: &str, password: &str) -> Tokens {
        let payload = self.try_login(email, password).await;
        assert_eq!(payload["userErrors"], json!([]));
        Tokens::read(&payload["session"])
    }

    /// Somebody new who is signed in.
    pub(crate) async fn customer(&self, email: &str) -> (UserId, Tokens) {
        let id = self.register(email).await;
        (id, self.login(email, PASSWORD).await)
    }

    /// Somebody with these roles who is signed in.
    pub(crate) async fn staff(&self, email: &str, roles: &[Role]) -> (UserId, Tokens) {
        let account = DemoAccount {
            email,
            password: PASSWORD,
            name: "Staff",
            roles,
        };
        let deps = &self.subgraph.deps;
        let id = demo::account(&deps.db, &config(), deps.clock.now(), account)
            .await
            .expect("an account");
        (id, self.login(email, PASSWORD).await)
    }

    /// The payload of a refresh.
    pub(crate) async fn try_refresh(&self, refresh_token: &str) -> Value {
        let selection = "session { accessToken refreshToken expiresAt refreshExpiresAt }";
        self.mutate(
            &Caller::Guest,
            "tokenRefresh",
            selection,
            json!({ "refreshToken": refresh_token }),
        )
        .await
    }

    pub(crate) async fn refresh(&self, refresh_token: &str) -> Tokens {
        let payload = self.try_refresh(refresh_token).await;
        assert_eq!(payload["userErrors"], json!([]));
        Tokens::read(&payload["session"])
    }

    /// Asserts that a refresh token is refused with this code.
    pub(crate) async fn assert_refused(&self, refresh_token: &str, expected: &str) {
        let payload = self.try_refresh(refresh_token).await;
        assert_eq!(payload["session"], Value::Null);
        assert_eq!(code(&payload), expected);
    }

    pub(crate) fn advance(&self, by: chrono::TimeDelta) {
        self.subgraph.deps.clock.advance(by);
    }
}

fn mutation_text(mutation: &str, selection: &str) -> String {
    let (first, rest) = mutation.split_at(1);
    let input = format!("{}{rest}Input", first.to_uppercase());
    format!(
        "mutation($input: {input}!) {{ {mutation}(input: $input) {{ {selection} userErrors {{ field code message }} }} }}"
    )
}

/// The code of the only user error.
pub(crate) fn code(payload: &Value) -> &str {
    let errors = payload["userErrors"]
        .as_array()
        .expect("payloads have user errors");
    assert_eq!(errors.len(), 1, "{payload:#}");
    errors[0]["code"].as_str().expect("user errors have codes")
}

/// The path of the field of the only user error.
pub(crate) fn field(payload: &Value) -> &Value {
    &payload["userErrors"][0]["field"]
}

/// The code of the only error of a response.
pub(crate) fn error_code(response: &Value) -> String {
    let errors = response["errors"]
        .as_array()
        .unwrap_or_else(|| panic!("no error: {response:#}"));
    assert_eq!(errors.len(), 1, "{response:#}");
    errors[0]["extensions"]["code"]
        .as_str()
        .expect("errors have codes")
        .to_owned()
}

pub(crate) fn id<K: events::id::Kind>(value: &Value) -> events::id::Id<K> {
    value
        .as_str()
        .and_then(|text| text.parse().ok())
        .unwrap_or_else(|| panic!("not an id: {value}"))
}
