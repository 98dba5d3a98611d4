//! One fetch: prepare the request, send it.

use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};

use bytes::Bytes;
use federation::OperationKind;
use futures_util::FutureExt as _;

use super::representations::{Collector, Targets};
use super::{Execution, ObjectId, RequestContext, Store};
use crate::gateway::Gateway;
use crate::operation::program::{FetchProgram, TargetProgram};
use crate::pipeline::coerce_variables::Variables;
use crate::transport::{SubgraphRequest, TransportError};

/// A fetch that is ready to be sent.
pub(super) struct Prepared<'a> {
    pub(super) fetch: &'a FetchProgram,
    request: Option<SubgraphRequest>,
    pub(super) target: Target<'a>,
}

/// Where the answer belongs.
pub(super) enum Target<'a> {
    Root {
        objects: Vec<ObjectId>,
        /// The members it fills for this request.
        keys: Vec<&'a str>,
    },
    /// By group.
    Entities(Vec<Targets>),
}

/// A fetch that has been answered, or not.
pub(super) struct Sent<'a> {
    pub(super) prepared: Prepared<'a>,
    pub(super) result: Result<Bytes, TransportError>,
    pub(super) duration: Duration,
}

impl<'a> Prepared<'a> {
    /// The fetch at the response's root whose answers are events.
    pub(super) fn trigger(fetch: &'a FetchProgram) -> Self {
        let target = match &fetch.target {
            TargetProgram::Root { keys, .. } => Target::Root {
                objects: vec![Store::ROOT],
                keys: keys.iter().map(|key| key.key.as_str()).collect(),
            },
            TargetProgram::Entities(_) => Target::Entities(Vec::new()),
        };
        Self {
            fetch,
            request: None,
            target,
        }
    }
}

/// A request body that begins with the fetch's prefix and the client's variables.
fn begin(fetch: &FetchProgram, variables: &Variables) -> (Vec<u8>, bool) {
    let least = fetch.prefix.len() + variables.len() + 64;
    let mut body = Vec::with_capacity(least.max(fetch.room.get()));
    body.extend_from_slice(&fetch.prefix);
    let mut is_first = true;
    for (token, number) in &fetch.variables {
        // A variable that was not given is not passed on.
        let Some(value) = variables.get(*number) else {
            continue;
        };
        if !std::mem::replace(&mut is_first, false) {
            body.push(b',');
        }
        body.extend_from_slice(token.as_bytes());
        body.extend_from_slice(value.as_bytes());
    }
    (body, is_first)
}

fn finish(
    gateway: &Gateway,
    fetch: &FetchProgram,
    context: &RequestContext,
    mut body: Vec<u8>,
) -> SubgraphRequest {
    let takes_variables = fetch.prefix.last() == Some(&b'{');
    if takes_variables {
        body.push(b'}');
    }
    let variables = fetch.prefix.len().saturating_sub(1)..body.len();
    body.push(b'}');
    fetch.room.took(body.len());

    let mut headers = context.headers.clone();
    for (name, value) in &gateway.subgraph(fetch.subgraph).headers {
        headers.insert(name, value.clone());
    }
    SubgraphRequest {
        query: fetch.query.clone(),
        variables: takes_variables.then_some(variables),
        body: body.into(),
        headers,
        deadline: None,
        is_repeatable: fetch.kind == OperationKind::Query,
    }
}

/// The request that starts a subscription.
pub(crate) fn trigger_request(
    gateway: &Gateway,
    fetch: &FetchProgram,
    variables: &Variables,
    context: &RequestContext,
) -> SubgraphRequest {
    let (body, _) = begin(fetch, variables);
    finish(gateway, fetch, context, body)
}

/// Sends a fetch and waits for its answer, but not longer than allowed.
///
/// Only what `shares` may be answered by a call that began before this request.
pub(super) async fn send<'a>(
    gateway: &Gateway,
    deadline: Instant,
    shares: bool,
    mut prepared: Prepared<'a>,
) -> Sent<'a> {
    let subgraph = gateway.subgraph(prepared.fetch.subgraph);
    let started = Instant::now();
    let deadline = deadline.min(started + subgraph.timeout);
    let result = match prepared.request.take() {
        Some(mut request) => {
            request.deadline = Some(deadline);
            let is_mutation = prepared.fetch.kind == OperationKind::Mutation;
            let call = async {
                if shares && !is_mutation {
                    subgraph
                        .in_flight
                        .execute(&subgraph.transport, request, subgraph.timeout)
                        .await
                } else {
                    subgraph.transport.execute(request).await
                }
            };
            // A subgraph of this process that panics must not take the request with it.
            let call = AssertUnwindSafe(call).catch_unwind();
            let result = match tokio::time::timeout_at(deadline.into(), call).await {
                Ok(Ok(result)) => result,
                Ok(Err(_)) => Err(TransportError::Unavailable {
                    message: "panicked".to_owned(),
                }),
                Err(_) => Err(TransportError::Timeout),
            };
            // Queries that began before must not answer those that come after.
            if is_mutation {
                subgraph.in_flight.forget();
            }
            result
        }
        None => Err(TransportError::Unavailable {
            message: "nothing to send".to_owned(),
        }),
    };
    Sent {
        prepared,
        result,
        duration: started.elapsed(),
    }
}

impl<'a> Execution<'a> {
    /// Builds the request of a fetch; `None` if there is nothing to ask.
    pub(super) fn prepare(&mut self, fetch: &'a FetchProgram) -> Option<Prepared<'a>> {
        if !self.holds.all(&fetch.conditions) {
            return None;
        }
        let mut collector = Collector {
            store: &mut self.fetched.store,
            types: &self.program.types,
            walk: &mut self.walk,
        };
        let (body, target) = match &fetch.target {
            TargetProgram::Root { path, keys, .. } => {
                let mut objects = Vec::new();
                collector.find(path, &mut objects);
                let wanted: Vec<&str> = keys
                    .iter()
                    .filter(|key| {
                        let applies = key.applies.as_ref();
                        applies.is_some_and(|applies| applies.holds(&self.holds))
                    })
                    .map(|key| key.key.as_str())
                    .collect();
                if objects.is_empty() || (wanted.is_empty() && !keys.is_empty()) {
                    return None;
                }
                let (body, _) = begin(fetch, self.variables);
                let target = Target::Root {
                    objects,
                    keys: wanted,
                };
                (body, target)
            }
            TargetProgram::Entities(groups) => {
                let (mut body, mut is_first) = begin(fetch, self.variables);
                let mut targets = Vec::with_capacity(groups.len());
                for group in groups {
                    if !std::mem::replace(&mut is_first, false) {
                        body.push(b',');
                    }
                    body.extend_from_slice(group.token.as_bytes());
                    targets.push(match self.holds.all(&group.conditions) {
                        true => collector.collect(group, &mut body),
                        false => Targets::default(),
                    });
                    body.push(b']');
                }
                if targets.iter().all(|targets| targets.len() == 0) {
                    return None;
                }
                (body, Target::Entities(targets))
            }
        };
        Some(Prepared {
            fetch,
            request: Some(finish(self.gateway, fetch, self.context, body)),
            target,
        })
    }
}
