//! One fetch: prepare the request, send it, take in the answer.

use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};

use bytes::Bytes;
use federation::{Condition, EntityGroup, Fetch, FetchKind, Rewrite};
use futures_util::FutureExt as _;
use http::HeaderMap;
use serde_json::{Map, Value, json};

use super::answer::Answer;
use super::error_paths::{common_prefix, locate};
use super::merge::{merge_at, places};
use super::representations::{Representations, collect};
use super::rewrite::apply;
use super::{Execution, RequestContext, answer};
use crate::gateway::Gateway;
use crate::response::{GraphqlError, PathElement};
use crate::transport::{SubgraphRequest, TransportError};

/// A place in the response.
pub(super) type Place = Vec<PathElement>;

/// A fetch that is ready to be sent.
pub(super) struct Prepared<'a> {
    pub(super) fetch: &'a Fetch,
    request: Option<SubgraphRequest>,
    target: Target<'a>,
}

/// Where the answer belongs.
enum Target<'a> {
    Root {
        places: Vec<Place>,
        keys: Vec<&'a str>,
        output_rewrites: &'a [Rewrite],
    },
    Entities(Vec<(&'a EntityGroup, Representations)>),
}

/// A fetch that has been answered, or not.
pub(super) struct Sent<'a> {
    pub(super) prepared: Prepared<'a>,
    pub(super) result: Result<Bytes, TransportError>,
    pub(super) duration: Duration,
}

fn request(
    gateway: &Gateway,
    fetch: &Fetch,
    variables: &Map<String, Value>,
    context: &RequestContext,
    deadline: Option<Instant>,
) -> SubgraphRequest {
    let mut headers = context.headers.clone();
    for (name, value) in &gateway.subgraph(fetch.subgraph).headers {
        headers.insert(name, value.clone());
    }
    with_variables(
        fetch,
        fetch
            .variables
            .iter()
            .filter_map(|name| Some((name.clone(), variables.get(name)?.clone())))
            .collect(),
        headers,
        deadline,
    )
}

fn with_variables(
    fetch: &Fetch,
    variables: Map<String, Value>,
    headers: HeaderMap,
    deadline: Option<Instant>,
) -> SubgraphRequest {
    let variables = Value::Object(variables).to_string();
    let before = format!("{{\"query\":{},\"variables\":", json!(fetch.operation));
    SubgraphRequest {
        query: fetch.operation.as_str().into(),
        variables: Some(before.len()..before.len() + variables.len()),
        body: format!("{before}{variables}}}").into(),
        headers,
        deadline,
        is_repeatable: false,
    }
}

/// Sends a fetch and waits for its answer, but not longer than allowed.
pub(super) async fn send<'a>(
    gateway: &Gateway,
    deadline: Instant,
    mut prepared: Prepared<'a>,
) -> Sent<'a> {
    let subgraph = gateway.subgraph(prepared.fetch.subgraph);
    let started = Instant::now();
    let deadline = deadline.min(started + subgraph.timeout);
    let result = match prepared.request.take() {
        Some(mut request) => {
            request.deadline = Some(deadline);
            // A subgraph of this process that panics must not take the request with it.
            let call = AssertUnwindSafe(subgraph.transport.execute(request)).catch_unwind();
            match tokio::time::timeout_at(deadline.into(), call).await {
                Ok(Ok(result)) => result,
                Ok(Err(_)) => Err(TransportError::Unavailable {
                    message: "panicked".to_owned(),
                }),
                Err(_) => Err(TransportError::Timeout),
            }
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
    pub(super) fn prepare(&self, fetch: &'a Fetch) -> Option<Prepared<'a>> {
        if !self.all_hold(&fetch.conditions) {
            return None;
        }

        let mut request = request(
            self.gateway,
            fetch,
            self.variables,
            self.context,
            Some(self.deadline),
        );
        let schema = self.gateway.supergraph.api_schema();
        let target = match &fetch.kind {
            FetchKind::Root {
                path,
                keys,
                output_rewrites,
            } => {
                let places = places(&self.fetched.data, path, schema);
                let wanted: Vec<&str> = keys
                    .iter()
                    .map(String::as_str)
                    .filter(|key| !path.is_empty() || self.is_selected(key))
                    .collect();
                if places.is_empty() || (wanted.is_empty() && !keys.is_empty()) {
                    return None;
                }
                Target::Root {
                    places,
                    keys: wanted,
                    output_rewrites,
                }
            }
            FetchKind::Entities { groups } => {
                let mut collected = Vec::with_capacity(groups.len());
                let mut variables = request.variables();
                for group in groups {
                    let representations = match self.all_hold(&group.conditions) {
                        true => collect(&self.fetched.data, group, schema),
                        false => Representations::default(),
                    };
                    variables.insert(
                        group.representations.clone(),
                        Value::Array(representations.values.clone()),
                    );
                    collected.push((group, representations));
                }
                if collected
                    .iter()
                    .all(|(_, representations)| representations.values.is_empty())
                {
                    return None;
                }
                request = with_variables(fetch, variables, request.headers, request.deadline);
                Target::Entities(collected)
            }
        };
        Some(Prepared {
            fetch,
            request: Some(request),
            target,
        })
    }

    /// Whether `@skip` and `@include` leave any selection of this root field.
    fn is_selected(&self, key: &str) -> bool {
        self.operation
            .projection
            .fields
            .iter()
            .any(|field| field.key == key && self.all_hold(&field.conditions))
    }

    fn all_hold(&self, conditions: &[Condition]) -> bool {
        conditions.iter().all(|condition| {
            self.variables
                .get(&condition.variable)
                .and_then(Value::as_bool)
                == Some(condition.expected)
        })
    }

    /// Merges the answer of a fetch, or reports why there is none.
    pub(super) fn absorb(
        &mut self,
        prepared: &Prepared<'_>,
        result: Result<Bytes, TransportError>,
    ) {
        let answer = match result.and_then(|bytes| answer::parse(&bytes)) {
            Ok(answer) => answer,
            Err(error) => return self.report_failure(prepared, &error),
        };
        match &prepared.target {
            Target::Root {
                places,
                keys,
                output_rewrites,
            } => {
                self.absorb_root(prepared, answer, places, keys, output_rewrites);
            }
            Target::Entities(groups) => self.absorb_entities(prepared, answer, groups),
        }
    }

    fn absorb_root(
        &mut self,
        prepared: &Prepared<'_>,
        answer: Answer,
        places: &[Place],
        keys: &[&str],
        output_rewrites: &[Rewrite],
    ) {
        let explained = !answer.errors.is_empty();
        for error in answer.errors {
            let paths = match &error.path {
                Some(path) => {
                    let path = locate::renamed(path, output_rewrites);
                    places
                        .iter()
                        .map(|place| [place.as_slice(), &path].concat())
                        .collect()
                }
                None => root_failure_paths(places, keys),
            };
            self.report_subgraph_error(prepared, &error, paths);
        }

        match answer.data {
            Some(data) => {
                let mut data = Value::Object(data);
                apply(
                    &mut data,
                    output_rewrites,
                    self.gateway.supergraph.api_schema(),
                );
                if let [place] = places {
                    merge_at(&mut self.fetched.data, place, data);
                } else {
                    for place in places {
                        merge_at(&mut self.fetched.data, place, data.clone());
                    }
                }
            }
            None if !explained => {
                let message = "neither data nor errors".to_owned();
                self.report_failure(prepared, &TransportError::InvalidAnswer { message });
            }
            None => {}
        }
    }

    fn absorb_entities(
        &mut self,
        prepared: &Prepared<'_>,
        answer: Answer,
        groups: &[(&EntityGroup, Representations)],
    ) {
        let explained = !answer.errors.is_empty();
        for error in answer.errors {
            let paths = locate::entity_paths(error.path.as_deref(), groups);
            self.report_subgraph_error(prepared, &error, paths);
        }

        let mut data = answer.data.unwrap_or_default();
        for (group, representations) in groups {
            let entities = match data.shift_remove(&group.response_key) {
                Some(Value::Array(entities)) => entities,
                // `_entities` is non-null: null means that its error took it away.
                Some(Value::Null) | None if explained => continue,
                _ => {
                    let message = format!("`{}` is not a list", group.response_key);
                    self.report_failure(prepared, &TransportError::InvalidAnswer { message });
                    continue;
                }
            };
            // With another number of entities nobody knows which is which.
            if entities.len() != representations.values.len() {
                let message = format!(
                    "{} entities for {} representations",
                    entities.len(),
                    representations.values.len()
                );
                self.report_failure(prepared, &TransportError::InvalidAnswer { message });
                continue;
            }
            for (mut entity, places) in entities.into_iter().zip(&representations.places) {
                if !entity.is_object() {
                    continue;
                }
                apply(
                    &mut entity,
                    &group.output_rewrites,
                    self.gateway.supergraph.api_schema(),
                );
                for place in places {
                    merge_at(&mut self.fetched.data, place, entity.clone());
                }
            }
        }
    }

    /// Forwards an error the subgraph tells clients about; masks all others.
    fn report_subgraph_error(
        &mut self,
        prepared: &Prepared<'_>,
        error: &answer::SubgraphError,
        paths: Vec<Place>,
    ) {
        let service = &self.gateway.subgraph(prepared.fetch.subgraph).name;
        let shown = if error.is_public() {
            GraphqlError {
                message: error.message.clone(),
                locations: Vec::new(),
                path: None,
                extensions: error.extensions.clone(),
            }
        } else {
            tracing::error!(
                request.id = self.context.request_id,
                subgraph = service.as_str(),
                message = error.message.as_str(),
                "error in a subgraph"
            );
            GraphqlError::masked(&self.context.request_id)
        };
        if paths.is_empty() {
            self.report(shown);
        } else {
            for path in paths {
                self.report(shown.clone().at(path));
            }
        }
    }

    /// Reports that a fetch as a whole has failed.
    fn report_failure(&mut self, prepared: &Prepared<'_>, error: &TransportError) {
        let service = self.gateway.subgraph(prepared.fetch.subgraph).name.clone();
        tracing::warn!(
            request.id = self.context.request_id,
            subgraph = service.as_str(),
            code = error.code(),
            %error,
            "request to a subgraph failed"
        );

        let message = match error {
            TransportError::Unavailable { .. } => {
                format!("The service `{service}` is unavailable.")
            }
            TransportError::Timeout => format!("The service `{service}` did not answer in time."),
            TransportError::InvalidAnswer { .. } => {
                format!("The service `{service}` sent an invalid answer.")
            }
        };
        let mut shown = GraphqlError::new(error.code(), message);
        shown
            .extensions
            .insert("service".to_owned(), Value::from(service));

        let paths = match &prepared.target {
            Target::Root { places, keys, .. } => root_failure_paths(places, keys),
            Target::Entities(groups) => {
                let places = groups
                    .iter()
                    .flat_map(|(_, found)| found.places.iter().flatten());
                common_prefix(places).into_iter().collect()
            }
        };
        if paths.is_empty() {
            self.report(shown);
        } else {
            for path in paths {
                self.report(shown.clone().at(path));
            }
        }
    }
}

/// All members a root fetch would have filled.
fn root_failure_paths(places: &[Place], keys: &[&str]) -> Vec<Place> {
    places
        .iter()
        .flat_map(|place| {
            keys.iter()
                .map(|key| [place.as_slice(), &[PathElement::Key((*key).to_owned())]].concat())
        })
        .collect()
}
