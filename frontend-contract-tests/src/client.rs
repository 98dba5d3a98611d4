//! A front end's GraphQL client.

use anyhow::{Context, ensure};
use serde_json::{Value, json};

use crate::{Front, Subscription, document};

/// What a login gives.
#[derive(Debug, Clone)]
pub struct Session {
    /// Sent as a bearer token.
    pub access_token: String,
    /// Exchanged for a new session.
    pub refresh_token: String,
    /// The user's id.
    pub user_id: String,
}

/// Sends operations to one shop, as one visitor.
#[derive(Debug, Clone)]
pub struct Client {
    /// Base address, for example `http://127.0.0.1:4000`.
    pub base: String,
    /// Who is signed in, if anybody.
    pub session: Option<Session>,
    http: reqwest::Client,
}

impl Client {
    /// A visitor who is not signed in.
    pub fn new(base: impl Into<String>) -> Self {
        Self {
            base: base.into(),
            session: None,
            http: reqwest::Client::new(),
        }
    }

    /// The HTTP client, for requests outside GraphQL.
    pub fn http(&self) -> &reqwest::Client {
        &self.http
    }

    /// Signs in.
    ///
    /// # Errors
    /// If the shop refuses.
    pub async fn login(&self, email: &str, password: &str) -> anyhow::Result<Self> {
        let data = self
            .run(
                Front::Spa,
                "Login",
                json!({ "input": { "email": email, "password": password } }),
            )
            .await?;
        let login = &data["login"];
        let text = |value: &Value| {
            value
                .as_str()
                .map(str::to_owned)
                .with_context(|| format!("login refused: {login}"))
        };
        let session = Session {
            access_token: text(&login["session"]["accessToken"])?,
            refresh_token: text(&login["session"]["refreshToken"])?,
            user_id: text(&login["user"]["id"])?,
        };
        Ok(Self {
            session: Some(session),
            ..self.clone()
        })
    }

    /// Sends an operation of `operations/` and returns its data.
    ///
    /// # Errors
    /// If the answer is not a 200 with data and without errors.
    pub async fn run(
        &self,
        front: Front,
        operation: &str,
        variables: Value,
    ) -> anyhow::Result<Value> {
        let mut answer = self
            .send(&document(front, operation)?, Some(operation), variables)
            .await?;
        ensure!(answer.get("errors").is_none(), "{operation}: {answer:#}");
        Ok(answer["data"].take())
    }

    /// Sends any document and returns the whole answer.
    ///
    /// # Errors
    /// If there is no answer, or it is not JSON.
    pub async fn send(
        &self,
        query: &str,
        operation: Option<&str>,
        variables: Value,
    ) -> anyhow::Result<Value> {
        let mut body = json!({ "query": query, "variables": variables });
        if let Some(operation) = operation {
            body["operationName"] = json!(operation);
        }
        let mut request = self
            .http
            .post(format!("{}/graphql", self.base))
            .header(
                "accept",
                "application/graphql-response+json, application/json;q=0.9",
            )
            .json(&body);
        if let Some(session) = &self.session {
            request = request.bearer_auth(&session.access_token);
        }
        Ok(request.send().await?.json().await?)
    }

    /// Starts a subscription of `operations/` over WebSocket.
    ///
    /// # Errors
    /// If the connection is refused.
    pub async fn subscribe(
        &self,
        operation: &str,
        variables: Value,
    ) -> anyhow::Result<Subscription> {
        let token = self
            .session
            .as_ref()
            .map(|session| session.access_token.as_str());
        Subscription::open(
            &self.base,
            token,
            operation,
            &document(Front::Spa, operation)?,
            variables,
        )
        .await
    }
}
