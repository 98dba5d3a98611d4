//! Takes in the answer of a fetch, or reports why there is none.

use std::collections::{BTreeMap, HashMap, HashSet};

use bytes::Bytes;
use serde_json::Value as Json;

use super::answer::{self, SubgraphError};
use super::error_paths::{MAX_PLACES, Place, Places, common_prefix, renamed};
use super::fetch::{Prepared, Target};
use super::read::{Envelope, GroupAnswer, Reader, check_text, invalid};
use super::representations::Targets;
use super::{Execution, ObjectId, rewrite, unindexed};
use crate::operation::program::{GroupProgram, PathStep, ReadObject, StoreRewrite, TargetProgram};
use crate::pipeline::pass_through;
use crate::response::{GraphqlError, PathElement};
use crate::transport::TransportError;

/// The part of a root target that taking in an answer needs.
struct Root<'p> {
    path: &'p [PathStep],
    read: &'p ReadObject,
    rewrites: &'p [StoreRewrite],
    renames: &'p [(String, String)],
    objects: &'p [ObjectId],
    keys: &'p [&'p str],
}

impl Execution<'_> {
    /// Merges the answer of a fetch, or reports why there is none.
    pub(super) fn absorb(
        &mut self,
        prepared: &Prepared<'_>,
        result: Result<Bytes, TransportError>,
    ) {
        let absorbed = result.and_then(|bytes| match (&prepared.fetch.target, &prepared.target) {
            (
                TargetProgram::Root {
                    path,
                    read,
                    rewrites,
                    renames,
                    ..
                },
                Target::Root { objects, keys },
            ) => {
                let root = Root {
                    path,
                    read,
                    rewrites,
                    renames,
                    objects,
                    keys,
                };
                self.absorb_root(prepared, bytes, &root)
            }
            (TargetProgram::Entities(groups), Target::Entities(targets)) => {
                self.absorb_entities(prepared, bytes, groups, targets)
            }
            _ => Ok(()),
        });
        if let Err(error) = absorbed {
            self.report_failure(prepared, &error);
        }
    }

    fn absorb_root(
        &mut self,
        prepared: &Prepared<'_>,
        bytes: Bytes,
        root: &Root<'_>,
    ) -> Result<(), TransportError> {
        let text = check_text(&bytes)?;
        if self.program.passes_through
            && let Some(passed) = pass_through::run(self.program, text, &bytes)
        {
            self.fetched.passed = Some(passed);
            return Ok(());
        }

        let store = &mut self.fetched.store;
        let buffer = store.add_buffer(bytes.clone());
        let reader = Reader::new(text, buffer, store, &self.program.shapes);
        let Envelope { data, errors } = reader.root(root.read)?;
        let errors = subgraph_errors(text, errors)?;
        let explained = !errors.is_empty();
        let places = match explained {
            true => self.places(root.path, root.objects, usize::MAX),
            false => Vec::new(),
        };
        for error in errors {
            let paths = match &error.path {
                Some(path) => {
                    let path = renamed(path, root.renames);
                    places
                        .iter()
                        .map(|place| [place.as_slice(), &path].concat())
                        .collect()
                }
                None => failure_paths(&places, root.keys),
            };
            self.report_subgraph_error(prepared, &error, paths);
        }

        let Some(data) = data else {
            if explained {
                return Ok(());
            }
            return Err(invalid("neither data nor errors"));
        };
        let (store, shapes) = (&mut self.fetched.store, &self.program.shapes);
        rewrite::apply(store, self.program, data, root.rewrites);
        for object in root.objects {
            store.merge(*object, data, shapes);
        }
        Ok(())
    }

    fn absorb_entities(
        &mut self,
        prepared: &Prepared<'_>,
        bytes: Bytes,
        groups: &[GroupProgram],
        targets: &[Targets],
    ) -> Result<(), TransportError> {
        let text = check_text(&bytes)?;
        let store = &mut self.fetched.store;
        let buffer = store.add_buffer(bytes.clone());
        let reader = Reader::new(text, buffer, store, &self.program.shapes);
        let Envelope { data, errors } = reader.entities(groups, targets)?;
        let mut errors = subgraph_errors(text, errors)?;
        let explained = !errors.is_empty();
        if explained {
            let store = &self.fetched.store;
            unindexed::add_indices(&mut errors, groups, targets, data.as_deref(), store);
            let found = self.entity_places(&errors, groups, targets);
            let is_shared = |error: &SubgraphError| entity_of(error, groups, targets).is_none();
            let shared: Vec<Place> = match errors.iter().any(is_shared) {
                true => self.shared_place(groups, targets).into_iter().collect(),
                false => Vec::new(),
            };
            for error in errors {
                let paths = match entity_of(&error, groups, targets) {
                    Some(entity) => entity_error_paths(&entity, &found, targets),
                    None => shared.clone(),
                };
                self.report_subgraph_error(prepared, &error, paths);
            }
        }

        let answers = data.unwrap_or_else(|| groups.iter().map(|_| GroupAnswer::Missing).collect());
        for ((group, targets), answer) in groups.iter().zip(targets).zip(answers) {
            let entities = match answer {
                GroupAnswer::List(entities) => entities,
                // `_entities` is non-null: null means that its error took it away.
                GroupAnswer::Null | GroupAnswer::Missing if explained => continue,
                GroupAnswer::Null | GroupAnswer::Missing | GroupAnswer::Other => {
                    let message = format!("`{}` is not a list", group.response_key);
                    self.report_failure(prepared, &invalid(&message));
                    continue;
                }
            };
            // With another number of entities nobody knows which is which.
            if entities.count != targets.len() {
                let message = format!(
                    "{} entities for {} representations",
                    entities.count,
                    targets.len()
                );
                self.report_failure(prepared, &invalid(&message));
                continue;
            }
            let (store, shapes) = (&mut self.fetched.store, &self.program.shapes);
            for (representation, place, entity) in entities.objects {
                let Some(program) = group.places.get(place) else {
                    continue;
                };
                rewrite::apply(store, self.program, entity, &program.rewrites);
                let objects = targets
                    .of(representation)
                    .filter(|target| target.place == place)
                    .map(|target| target.object);
                for object in objects {
                    // Without rewrites, what was asked for is all there is.
                    if program.rewrites.is_empty() {
                        let slots = program.read.members.iter().map(|member| member.slot);
                        store.merge_slots(object, entity, slots, shapes);
                    } else {
                        store.merge(object, entity, shapes);
                    }
                }
            }
        }
        Ok(())
    }

    /// Forwards an error the subgraph tells clients about; masks all others.
    fn report_subgraph_error(
        &mut self,
        prepared: &Prepared<'_>,
        error: &SubgraphError,
        paths: Vec<Place>,
    ) {
        let service = &self.subgraph(prepared.fetch).name;
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
        self.report_at(shown, paths);
    }

    /// Reports that a fetch as a whole has failed.
    fn report_failure(&mut self, prepared: &Prepared<'_>, error: &TransportError) {
        let service = self.subgraph(prepared.fetch).name.clone();
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
            .insert("service".to_owned(), Json::from(service));

        let paths = match (&prepared.fetch.target, &prepared.target) {
            (TargetProgram::Root { path, .. }, Target::Root { objects, keys }) => {
                self.root_failure_paths(path, objects, keys)
            }
            (TargetProgram::Entities(groups), Target::Entities(targets)) => {
                self.shared_place(groups, targets).into_iter().collect()
            }
            _ => Vec::new(),
        };
        self.report_at(shown, paths);
    }

    fn report_at(&mut self, error: GraphqlError, paths: Vec<Place>) {
        if paths.is_empty() {
            self.report(error);
        } else {
            for path in paths {
                self.report(error.clone().at(path));
            }
        }
    }

    // ---- places --------------------------------------------------------------------------------

    fn places(&self, path: &[PathStep], objects: &[ObjectId], limit: usize) -> Vec<Place> {
        let objects: HashSet<ObjectId> = objects.iter().copied().collect();
        let places = Places {
            store: &self.fetched.store,
            program: self.program,
        };
        places.find(path, &objects, limit)
    }

    /// All members a root fetch would have filled.
    fn root_failure_paths(
        &self,
        path: &[PathStep],
        objects: &[ObjectId],
        keys: &[&str],
    ) -> Vec<Place> {
        failure_paths(&self.places(path, objects, usize::MAX), keys)
    }

    /// Where the entities are that errors are about: one search per position, however many there are.
    fn entity_places(
        &self,
        errors: &[SubgraphError],
        groups: &[GroupProgram],
        targets: &[Targets],
    ) -> EntityPlaces {
        let mut wanted: BTreeMap<(usize, usize), HashSet<ObjectId>> = BTreeMap::new();
        for entity in errors.iter().filter_map(|e| entity_of(e, groups, targets)) {
            let targets = targets.get(entity.group).into_iter();
            for target in targets.flat_map(|targets| targets.of(entity.index)) {
                let objects = wanted.entry((entity.group, target.place)).or_default();
                objects.insert(target.object);
            }
        }
        let places = Places {
            store: &self.fetched.store,
            program: self.program,
        };
        let mut found = EntityPlaces::new();
        for ((group, place), objects) in wanted {
            if let Some(path) = groups.get(group).and_then(|group| group.places.get(place)) {
                let by_object = places.find_each(&path.path, &objects);
                found.insert((group, place), by_object);
            }
        }
        found
    }

    /// The path that all entities of a request share.
    fn shared_place(&self, groups: &[GroupProgram], targets: &[Targets]) -> Option<Place> {
        let mut found = Vec::new();
        for (group, targets) in groups.iter().zip(targets) {
            for (place_index, place) in group.places.iter().enumerate() {
                let objects: Vec<ObjectId> = targets
                    .all()
                    .filter(|target| target.place == place_index)
                    .map(|target| target.object)
                    .collect();
                if objects.is_empty() {
                    continue;
                }
                let places = self.places(&place.path, &objects, usize::MAX);
                found.push(common_prefix(places.into_iter())?);
            }
        }
        common_prefix(found.into_iter())
    }
}

/// By group and position.
type EntityPlaces = HashMap<(usize, usize), HashMap<ObjectId, Vec<Place>>>;

/// What an error with the path `["_entities", 3, "name"]` is about.
struct EntityOf {
    group: usize,
    index: usize,
    /// The rest of the path, with the keys that clients know.
    rest: Place,
}

fn entity_of(
    error: &SubgraphError,
    groups: &[GroupProgram],
    targets: &[Targets],
) -> Option<EntityOf> {
    let [PathElement::Key(key), PathElement::Index(index), rest @ ..] = error.path.as_deref()?
    else {
        return None;
    };
    let group = groups.iter().position(|group| group.response_key == *key)?;
    let is_known = *index < targets.get(group)?.len();
    is_known.then(|| EntityOf {
        group,
        index: *index,
        rest: renamed(rest, &groups[group].renames),
    })
}

/// The places of the entity, each followed by the rest of the error's path.
fn entity_error_paths(entity: &EntityOf, found: &EntityPlaces, targets: &[Targets]) -> Vec<Place> {
    let targets = targets.get(entity.group).into_iter();
    let mut seen = HashSet::new();
    targets
        .flat_map(|targets| targets.of(entity.index))
        .filter(|target| seen.insert((target.place, target.object)))
        .filter_map(|target| {
            let places = found.get(&(entity.group, target.place))?;
            places.get(&target.object)
        })
        .flatten()
        .take(MAX_PLACES)
        .map(|place| [place.as_slice(), &entity.rest].concat())
        .collect()
}

/// All members that should have been filled at these places.
fn failure_paths(places: &[Place], keys: &[&str]) -> Vec<Place> {
    places
        .iter()
        .flat_map(|place| {
            keys.iter()
                .map(|key| [place.as_slice(), &[PathElement::Key((*key).to_owned())]].concat())
        })
        .collect()
}

fn subgraph_errors(
    text: &str,
    errors: Option<(usize, usize)>,
) -> Result<Vec<SubgraphError>, TransportError> {
    match errors.and_then(|(start, end)| text.get(start..end)) {
        Some(errors) => answer::errors(errors),
        None => Ok(Vec::new()),
    }
}
