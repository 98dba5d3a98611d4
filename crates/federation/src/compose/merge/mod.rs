//! All subgraphs' types in, the supergraph's definitions out; one kind of element, one file.

mod applied;
mod arguments;
mod compose_directives;
mod composites;
mod defaults;
mod descriptions;
mod enums;
mod executable_directives;
mod external_fields;
mod fields;
mod header;
mod implementations;
mod inputs;
mod overrides;
mod requirements;
mod scalars;
mod shareable;
mod types;
mod unions;

use std::collections::{BTreeMap, BTreeSet};

use apollo_compiler::Name;
use apollo_compiler::ast::{Argument, Definition, Directive, DirectiveList, Document, Value};
use apollo_compiler::{Node, name};

use super::codes::{NO_QUERIES, TYPE_KIND_MISMATCH};
use super::error::{Findings, Place, enumerated};
use super::rules::field_sets::{Purpose, used_fields, without_braces};
use super::subgraph::{Described, Kind, Subgraph, TypeDef};
use compose_directives::Composed;
use enums::Positions;
use types::Relations;

/// One subgraph's contribution to an element: the subgraph's index, and what it says.
type Source<'a, T> = (usize, &'a T);

/// What merging knows all the time.
pub(super) struct Merger<'a> {
    subgraphs: &'a [Subgraph],
    findings: &'a mut Findings,
    relations: Relations,
    composed: Composed,
    /// Known directives that are used, for the links at the top.
    used: BTreeSet<&'static str>,
    /// For each subgraph: the (type, field) pairs its field sets select.
    selected: Vec<BTreeSet<(Name, Name)>>,
    /// The same for keys alone.
    keys: Vec<BTreeSet<(Name, Name)>>,
    /// The same for `@provides` alone.
    provided: Vec<BTreeSet<(Name, Name)>>,
}

/// Merges subgraphs that are sound by themselves.
pub(super) fn merge(subgraphs: &[Subgraph], findings: &mut Findings) -> Document {
    let composed = compose_directives::collect(subgraphs, findings);
    let fields = |is_wanted: &dyn Fn(Purpose) -> bool| {
        subgraphs
            .iter()
            .map(|subgraph| used_fields(subgraph, |found| is_wanted(found.purpose)))
            .collect()
    };
    let mut merger = Merger {
        subgraphs,
        relations: Relations::of(subgraphs),
        composed,
        used: BTreeSet::new(),
        selected: fields(&|_| true),
        keys: fields(&|purpose| purpose == Purpose::Key),
        provided: fields(&|purpose| purpose == Purpose::Provides),
        findings,
    };
    let executable = merger.executable_directives();
    let mut definitions = merger.types(&executable);
    implementations::complete(subgraphs, &mut definitions, merger.findings);

    let has_queries = definitions.get("Query").is_some_and(|query| match query {
        Definition::ObjectTypeDefinition(query) => !query.fields.is_empty(),
        _ => false,
    });
    if !has_queries && merger.findings.errors.is_empty() {
        let message = "no subgraph has a query field";
        merger.findings.error(NO_QUERIES, message, Vec::new());
    }

    let mut document = Document::new();
    document.definitions = merger.header(&definitions);
    document.definitions.extend(executable);
    document.definitions.extend(merger.composed.definitions());
    document.definitions.extend(definitions.into_values());
    document
}

impl<'a> Merger<'a> {
    fn types(&mut self, executable: &[Definition]) -> BTreeMap<Name, Definition> {
        let subgraphs = self.subgraphs;
        let mut by_name: BTreeMap<&Name, Vec<Source<'a, TypeDef>>> = BTreeMap::new();
        for (index, subgraph) in subgraphs.iter().enumerate() {
            for (name, ty) in &subgraph.types {
                by_name.entry(name).or_default().push((index, ty));
            }
        }
        let mut definitions = BTreeMap::new();
        let mut enums = Vec::new();
        for (name, sources) in by_name {
            let kinds: BTreeSet<Kind> = sources.iter().map(|(_, ty)| ty.merged_kind()).collect();
            let [kind] = Vec::from_iter(kinds)[..] else {
                self.kind_mismatch(name, &sources);
                continue;
            };
            let definition = match kind {
                Kind::Scalar => Some(self.scalar(name, &sources)),
                Kind::Object => self.object(name, &sources),
                Kind::Interface => Some(self.interface(name, &sources)),
                Kind::Union => Some(self.union_(name, &sources)),
                // Their values depend on where they are used in the end.
                Kind::Enum => {
                    enums.push((name, sources));
                    continue;
                }
                Kind::Input => Some(self.input(name, &sources)),
            };
            if let Some(definition) = definition {
                definitions.insert(name.clone(), definition);
            }
        }
        let positions = Positions::of(definitions.values().chain(executable));
        for (name, sources) in enums {
            let definition = self.enum_(name, &sources, &positions);
            definitions.insert(name.clone(), definition);
        }
        definitions
    }

    fn kind_mismatch(&mut self, name: &Name, sources: &[Source<'_, TypeDef>]) {
        let mut by_kind: BTreeMap<Kind, Vec<&str>> = BTreeMap::new();
        for (index, ty) in sources {
            by_kind
                .entry(ty.merged_kind())
                .or_default()
                .push(&self.subgraphs[*index].name);
        }
        let told: Vec<String> = by_kind
            .into_iter()
            .map(|(kind, names)| format!("of kind {} in {}", kind.word(), enumerated(names)))
            .collect();
        let places = self.places(sources, |ty| &ty.described);
        self.findings.error(
            TYPE_KIND_MISMATCH,
            format!("`{name}` is {}", told.join(", and ")),
            places,
        );
    }

    /// Where all sources of an element stand.
    fn places<T>(
        &self,
        sources: &[Source<'_, T>],
        described: impl Fn(&T) -> &Described,
    ) -> Vec<Place> {
        sources
            .iter()
            .map(|(index, source)| self.subgraphs[*index].place(described(source).at))
            .collect()
    }

    fn names<'s, T>(&self, sources: impl IntoIterator<Item = &'s Source<'s, T>>) -> String
    where
        T: 's,
    {
        enumerated(
            sources
                .into_iter()
                .map(|(index, _)| self.subgraphs[*index].name.as_str()),
        )
    }

    /// The subgraphs that are not among the sources.
    fn others<T>(&self, all: &[Source<'_, TypeDef>], sources: &[Source<'_, T>]) -> String {
        enumerated(
            all.iter()
                .filter(|(index, _)| sources.iter().all(|(other, _)| other != index))
                .map(|(index, _)| self.subgraphs[*index].name.as_str()),
        )
    }

    fn graph(&self, index: usize) -> Name {
        self.subgraphs[index].graph.clone()
    }

    /// `@join__type` for every subgraph that has the type, one for each of its keys.
    fn join_types(&self, sources: &[Source<'_, TypeDef>], directives: &mut DirectiveList) {
        for (index, ty) in sources {
            let graph = self.graph(*index);
            let mut has_key = false;
            let is_interface_object = ty.is_interface_object();
            for key in ty.described.all("key") {
                let Some(fields) = key.text("fields") else {
                    continue;
                };
                has_key = true;
                let mut arguments = vec![
                    argument(name!("graph"), Value::Enum(graph.clone())),
                    argument(
                        name!("key"),
                        Value::String(without_braces(fields).to_owned()),
                    ),
                ];
                if key.on_extension {
                    arguments.push(argument(name!("extension"), Value::Boolean(true)));
                }
                if key.argument("resolvable").and_then(Value::to_bool) == Some(false) {
                    arguments.push(argument(name!("resolvable"), Value::Boolean(false)));
                }
                if is_interface_object {
                    arguments.push(argument(name!("isInterfaceObject"), Value::Boolean(true)));
                }
                directives.push(directive(name!("join__type"), arguments));
            }
            if !has_key {
                let mut arguments = vec![argument(name!("graph"), Value::Enum(graph))];
                if is_interface_object {
                    arguments.push(argument(name!("isInterfaceObject"), Value::Boolean(true)));
                }
                directives.push(directive(name!("join__type"), arguments));
            }
        }
    }
}

fn argument(name: Name, value: Value) -> Node<Argument> {
    Node::new(Argument {
        name,
        value: Node::new(value),
    })
}

fn directive(name: Name, arguments: Vec<Node<Argument>>) -> Node<Directive> {
    Node::new(Directive { name, arguments })
}
