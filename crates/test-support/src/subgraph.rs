use std::sync::Arc;

use async_graphql::{Request, Variables};
use auth::{Issuer, Role, SigningKey, Subject, Verifier};
use axum::http::{HeaderMap, HeaderValue, header};
use chrono::TimeDelta;
use clock::Clock;
use events::id::UserId;
use events::{Cause, Envelope, Event};
use futures_util::stream::{BoxStream, StreamExt};
use outbox::Outcome;
use sea_orm::{EntityTrait, QueryOrder};
use sea_orm_migration::MigratorTrait;
use serde_json::Value;
use service::{Deps, Secret, Service, StatementCounter};

use crate::TestDatabase;

/// Who sends a request.
#[derive(Debug, Clone)]
pub enum Caller {
    /// Nobody signed in.
    Guest,
    /// A customer.
    Customer(UserId),
    /// Somebody with these roles.
    Staff(UserId, Vec<Role>),
    /// Somebody who sends this as a bearer token.
    Token(String),
}

/// One subgraph service on a database of its own, without relay or network: tests call its GraphQL
/// endpoint, look into its outbox and deliver events to it by hand.
pub struct TestSubgraph {
    /// The service.
    pub service: Service,
    /// What it was built from; `deps.clock` can be moved.
    pub deps: Deps,
    /// Counts the statements of the service's operations.
    pub statements: StatementCounter,
    /// Signs callers' tokens.
    pub issuer: Issuer,
    _database: TestDatabase,
}

impl TestSubgraph {
    /// Builds a service with `build` on a database migrated by `M`.
    pub async fn start<M: MigratorTrait>(build: impl FnOnce(Deps) -> Service) -> Self {
        Self::start_async::<M>(async |deps| build(deps)).await
    }

    /// As [`TestSubgraph::start`], for a service that reads its database while it is built.
    pub async fn start_async<M: MigratorTrait>(build: impl AsyncFnOnce(Deps) -> Service) -> Self {
        let database = TestDatabase::create::<M>().await;
        let mut db = database.db.clone();
        let statements = StatementCounter::attach(&mut db);
        let issuer = Issuer {
            key: SigningKey::generate(),
            issuer: "https://bazaar.test".to_owned(),
            audience: "bazaar".to_owned(),
            ttl: TimeDelta::minutes(10),
        };
        let verifier = Arc::new(Verifier::new(
            issuer.key.key_set(),
            "https://bazaar.test",
            "bazaar",
        ));
        let deps = Deps {
            db,
            clock: Clock::system(),
            secret: Secret::new(vec![42; 32]),
            verifier,
        };
        let service = build(deps.clone()).await;
        Self {
            service,
            deps,
            statements,
            issuer,
            _database: database,
        }
    }

    /// Executes an operation and returns the whole response: `data` and, if any, `errors`.
    pub async fn execute(&self, caller: &Caller, query: &str, variables: Value) -> Value {
        let request = Request::new(query).variables(Variables::from_json(variables));
        let response = self
            .service
            .endpoint
            .execute(&self.headers(caller), request)
            .await;
        serde_json::to_value(response).expect("responses are JSON")
    }

    /// Executes an operation that must succeed and returns its `data`.
    pub async fn data(&self, caller: &Caller, query: &str, variables: Value) -> Value {
        let mut response = self.execute(caller, query, variables).await;
        assert!(
            response.get("errors").is_none(),
            "unexpected errors: {response:#}"
        );
        response["data"].take()
    }

    /// Starts a subscription; each item is a whole response.
    pub fn subscribe(
        &self,
        caller: &Caller,
        query: &str,
        variables: Value,
    ) -> BoxStream<'static, Value> {
        let request = Request::new(query).variables(Variables::from_json(variables));
        self.service
            .endpoint
            .subscribe(&self.headers(caller), request)
            .map(|response| serde_json::to_value(response).expect("responses are JSON"))
            .boxed()
    }

    /// Everything in the outbox so far, oldest first.
    pub async fn envelopes(&self) -> Vec<Envelope> {
        outbox::entity::outbox::Entity::find()
            .order_by_asc(outbox::entity::outbox::Column::Seq)
            .all(&self.deps.db)
            .await
            .expect("the outbox can be read")
            .iter()
            .map(|row| serde_json::from_str(&row.envelope).expect("rows are envelopes"))
            .collect()
    }

    /// The events in the outbox so far, oldest first.
    pub async fn events(&self) -> Vec<Event> {
        self.envelopes()
            .await
            .iter()
            .map(|envelope| envelope.event().expect("known events"))
            .collect()
    }

    /// Wraps an event as another service would publish it.
    pub fn envelope(&self, event: impl Into<Event>, subject_version: i64) -> Envelope {
        let cause = Cause::request("test-request", None, None, self.deps.clock.now());
        Envelope::wrap(&event.into(), subject_version, &cause).expect("events are plain data")
    }

    /// Delivers an event and asserts that the service handled it.
    pub async fn deliver(&self, event: impl Into<Event>, subject_version: i64) {
        let envelope = self.envelope(event, subject_version);
        assert_eq!(self.deliver_envelope(&envelope).await, Outcome::Handled);
    }

    /// Delivers an envelope, perhaps for the second time; panics if the handler fails.
    pub async fn deliver_envelope(&self, envelope: &Envelope) -> Outcome {
        let consumer = self
            .service
            .consumer
            .as_ref()
            .expect("the service consumes events");
        assert!(
            consumer.interests().contains(&envelope.event_type.as_str()),
            "{} did not declare interest in {}",
            consumer.name(),
            envelope.event_type
        );
        outbox::consume(&self.deps.db, consumer.as_ref(), envelope)
            .await
            .expect("the handler succeeds")
    }

    /// Runs one of the service's jobs now.
    pub async fn run_job(&self, name: &str) {
        let job = self
            .service
            .jobs
            .iter()
            .find(|job| job.name == name)
            .expect("a job of this name");
        job.run().await.expect("the job succeeds");
    }

    /// A bearer token for `caller`; none for a guest.
    pub fn token(&self, caller: &Caller) -> Option<String> {
        let (user_id, roles) = match caller {
            Caller::Guest => return None,
            Caller::Token(token) => return Some(token.clone()),
            Caller::Customer(user_id) => (user_id.to_string(), vec![Role::Customer]),
            Caller::Staff(user_id, roles) => (user_id.to_string(), roles.clone()),
        };
        let subject = Subject {
            user_id: &user_id,
            email: Some("somebody@bazaar.test"),
            roles: &roles,
        };
        let (token, _) = self
            .issuer
            .issue(&subject, self.deps.clock.now())
            .expect("tokens can be signed");
        Some(token)
    }

    fn headers(&self, caller: &Caller) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert("x-request-id", HeaderValue::from_static("test-request"));
        if let Some(token) = self.token(caller) {
            let value =
                HeaderValue::from_str(&format!("Bearer {token}")).expect("tokens are ASCII");
            headers.insert(header::AUTHORIZATION, value);
        }
        headers
    }
}
