//! Random supergraphs: one library, its fields spread over two to four subgraphs.
//!
//! Every split can answer everything: each entity can be reached from each of its subgraphs by
//! some chain of keys. So an operation that cannot be planned is a bug as well.

mod print;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use federation::{SubgraphSdl, compose};

use crate::world::operations::Decisions;

/// Entity → its fields; `id` and `code` are keys.
const ENTITIES: &[(&str, &[(&str, &str)])] = &[
    (
        "Book",
        &[
            ("title", "String"),
            ("pages", "Int"),
            ("isbn", "String!"),
            ("size", "Size"),
            ("author", "Author"),
            ("related", "[Media]"),
            ("price", "Int"),
            ("weight", "Float"),
            ("label", "String"),
        ],
    ),
    (
        "Movie",
        &[
            ("title", "String"),
            ("minutes", "Int!"),
            ("size", "Size"),
            ("director", "Author!"),
            ("item", "Item"),
            ("label", "String"),
        ],
    ),
    (
        "Author",
        &[
            ("name", "String!"),
            ("age", "Int"),
            ("books", "[Book!]"),
            ("favorite", "Media"),
            ("friend", "Author"),
            ("rank", "Int"),
        ],
    ),
    (
        "Shelf",
        &[
            ("label", "String"),
            ("unit", "Unit"),
            ("items", "[Item]"),
            ("keeper", "Author"),
            ("next", "[Shelf]"),
            ("height", "Int"),
        ],
    ),
];

const MEDIA: &[&str] = &["Book", "Movie"];

/// A field of an entity in one subgraph.
#[derive(Clone)]
struct Declared {
    name: &'static str,
    ty: &'static str,
    directives: String,
    /// This subgraph promises more than the others.
    is_promised: bool,
}

/// An entity in one subgraph.
#[derive(Default, Clone)]
struct Part {
    keys: Vec<&'static str>,
    fields: Vec<Declared>,
}

struct Split<'a> {
    decisions: Decisions<'a>,
    graphs: usize,
    /// [entity][subgraph]
    parts: Vec<Vec<Option<Part>>>,
    /// [subgraph] → fields of `Query` and `Mutation`
    queries: Vec<Vec<String>>,
    mutations: Vec<Vec<String>>,
    /// The last subgraph knows `Media` only as an interface object.
    has_interface_object: bool,
}

/// The supergraph these decisions lead to; `None` if it does not compose.
pub(crate) fn supergraph(bytes: &[u8]) -> Option<String> {
    let mut decisions = Decisions::new(bytes);
    let graphs = 2 + decisions.next(3);
    let has_interface_object = graphs > 2 && decisions.next(3) == 0;
    let mut split = Split {
        graphs,
        parts: Vec::new(),
        queries: vec![Vec::new(); graphs],
        mutations: vec![Vec::new(); graphs],
        has_interface_object,
        decisions,
    };
    for index in 0..ENTITIES.len() {
        split.place(index);
    }
    for index in 0..ENTITIES.len() {
        split.fields(index);
    }
    split.roots();
    let subgraphs: Vec<_> = (0..split.graphs)
        .map(|graph| SubgraphSdl {
            name: format!("g{graph}"),
            url: format!("http://g{graph}.test/graphql"),
            sdl: split.sdl(graph),
        })
        .collect();
    let composed = compose(&subgraphs).ok()?;
    Some(composed.supergraph_sdl)
}

/// The object types a field's type stands for.
fn targets(ty: &str) -> &'static [&'static str] {
    match ty.trim_matches(['[', ']', '!']) {
        "Media" | "Item" => MEDIA,
        "Book" => &["Book"],
        "Movie" => &["Movie"],
        "Author" => &["Author"],
        "Shelf" => &["Shelf"],
        _ => &[],
    }
}

fn position(entity: &str) -> usize {
    ENTITIES
        .iter()
        .position(|(name, _)| *name == entity)
        .unwrap()
}

impl Split<'_> {
    /// Chooses an entity's subgraphs and keys.
    fn place(&mut self, entity: usize) {
        let is_media = MEDIA.contains(&ENTITIES[entity].0);
        let scheme = if is_media && self.has_interface_object {
            0
        } else {
            self.decisions.next(4)
        };
        let mut parts = vec![None; self.graphs];
        for (graph, part) in parts.iter_mut().enumerate() {
            let is_last = graph + 1 == self.graphs;
            let is_here = match graph {
                _ if is_media && self.has_interface_object && is_last => false,
                // All can be found in the first; the second knows the depth of sizes.
                0 | 1 => true,
                _ => self.decisions.next(3) > 0,
            };
            let keys: &[&str] = match scheme {
                0 => &["id"],
                1 => &["id code"],
                // The first subgraph leads from one key to the other.
                2 if graph == 0 => &["id", "code"],
                2 if self.decisions.next(2) == 0 => &["code"],
                2 => &["id"],
                // The second needs more than the first.
                _ if graph == 0 => &["id"],
                _ if graph == 1 => &["id", "id code"],
                _ => &["id code"],
            };
            if is_here {
                *part = Some(Part {
                    keys: keys.to_vec(),
                    fields: Vec::new(),
                });
            }
        }
        self.parts.push(parts);
    }

    fn has(&self, entity: &str, graph: usize) -> bool {
        self.parts[position(entity)][graph].is_some()
    }

    /// Subgraphs that can answer with a type.
    fn can_answer(&self, ty: &str) -> Vec<usize> {
        (0..self.graphs)
            .filter(|graph| {
                let targets = targets(ty);
                let has_interface_object =
                    ty.contains("Media") && self.has_interface_object && graph + 1 == self.graphs;
                targets.is_empty()
                    || has_interface_object
                    || targets.iter().any(|target| self.has(target, *graph))
            })
            .collect()
    }

    /// Chooses who resolves an entity's fields, and what for.
    fn fields(&mut self, entity: usize) {
        let (_, fields) = ENTITIES[entity];
        for (index, (name, ty)) in fields.iter().enumerate() {
            let here: Vec<usize> = self
                .can_answer(ty)
                .into_iter()
                .filter(|graph| self.parts[entity][*graph].is_some())
                .collect();
            let owner = here[self.decisions.next(here.len())];
            let mut owners = BTreeSet::from([owner]);
            if *ty == "Size" {
                owners.extend(&here);
            } else if self.decisions.next(4) == 0 {
                owners.insert(here[self.decisions.next(here.len())]);
            }
            for graph in &owners {
                let mut directives = String::new();
                if owners.len() > 1 {
                    directives.push_str(" @shareable");
                }
                if owners.len() == 1 && index > 0 && self.decisions.next(3) == 0 {
                    self.require(entity, *graph, index, &mut directives);
                }
                if self.decisions.next(3) == 0 {
                    self.provide(*graph, ty, &mut directives);
                }
                let declared = Declared {
                    name,
                    ty,
                    is_promised: owners.len() > 1
                        && targets(ty).is_empty()
                        && !ty.ends_with('!')
                        && self.decisions.next(4) == 0,
                    directives,
                };
                self.part(entity, *graph).fields.push(declared);
            }
            // A title stays, since the interface where it was would go on promising it.
            if owners.len() == 1 && *name != "title" && self.decisions.next(6) == 0 {
                let from = here[self.decisions.next(here.len())];
                self.move_field(entity, name, from, owner);
            }
        }
    }

    /// Lets a field be in the subgraph, too, from which another one has taken it over.
    fn move_field(&mut self, entity: usize, name: &str, from: usize, to: usize) {
        let is_there = |part: &Part| part.fields.iter().any(|field| field.name == name);
        if is_there(self.part(entity, from)) {
            return;
        }
        let fields = &mut self.part(entity, to).fields;
        let taken = fields.iter_mut().find(|field| field.name == name);
        let taken = taken.expect("it has just been declared");
        let mut left = taken.clone();
        left.directives = String::new();
        let _ = write!(taken.directives, " @override(from: \"g{from}\")");
        self.part(entity, from).fields.push(left);
    }

    fn part(&mut self, entity: usize, graph: usize) -> &mut Part {
        self.parts[entity][graph]
            .as_mut()
            .expect("chosen among those that have it")
    }

    /// Lets a field require earlier ones, which other subgraphs resolve.
    fn require(&mut self, entity: usize, graph: usize, index: usize, directives: &mut String) {
        let mut sets = Vec::new();
        for _ in 0..1 + self.decisions.next(2) {
            let (name, ty) = ENTITIES[entity].1[self.decisions.next(index)];
            let set = match ty.trim_matches(['[', ']', '!']) {
                "Size" => continue,
                "Media" => format!("{name} {{ id }}"),
                "Item" => format!("{name} {{ ... on Book {{ id }} ... on Movie {{ id }} }}"),
                _ if name == "price" => match self.decisions.next(2) {
                    0 => r#"price(currency: \"EUR\")"#.to_owned(),
                    _ => r#"price(currency: \"USD\")"#.to_owned(),
                },
                _ if targets(ty).is_empty() => name.to_owned(),
                "Author"
                    if self.decisions.next(2) == 0
                        && self.make_external("Author", "rank", graph) =>
                {
                    format!("{name} {{ rank }}")
                }
                _ => format!("{name} {{ id }}"),
            };
            let can_tell = ty.contains("Media")
                || targets(ty).iter().all(|target| {
                    let keys = &self.parts[position(target)][graph];
                    keys.as_ref()
                        .is_some_and(|part| part.keys[0].contains("id"))
                });
            if can_tell
                && self.make_external(ENTITIES[entity].0, name, graph)
                && !sets.contains(&set)
            {
                sets.push(set);
            }
        }
        if !sets.is_empty() {
            let _ = write!(directives, " @requires(fields: \"{}\")", sets.join(" "));
        }
    }

    /// Lets a field bring along what its subgraph does not resolve elsewhere.
    fn provide(&mut self, graph: usize, ty: &str, directives: &mut String) {
        let [target] = targets(ty) else {
            return;
        };
        let fields = ENTITIES[position(target)].1;
        let (name, ty) = fields[self.decisions.next(fields.len())];
        if targets(ty).is_empty()
            && !matches!(name, "size" | "price")
            && self.make_external(target, name, graph)
        {
            let _ = write!(directives, " @provides(fields: \"{name}\")");
        }
    }

    /// Declares a field external, unless the subgraph resolves it or may come to do so.
    fn make_external(&mut self, entity: &str, name: &str, graph: usize) -> bool {
        let entity = position(entity);
        let (_, fields) = ENTITIES[entity];
        let (name, ty) = fields.iter().find(|(it, _)| *it == name).copied().unwrap();
        let is_resolved_elsewhere = (0..self.graphs).any(|other| {
            let fields = self.parts[entity][other]
                .iter()
                .flat_map(|part| &part.fields);
            other != graph
                && fields
                    .into_iter()
                    .any(|it| it.name == name && !it.directives.contains("@external"))
        });
        let Some(part) = &mut self.parts[entity][graph] else {
            return false;
        };
        match part.fields.iter().find(|field| field.name == name) {
            Some(known) => known.directives.contains("@external"),
            None if is_resolved_elsewhere => {
                let directives = " @external".to_owned();
                part.fields.push(Declared {
                    name,
                    ty,
                    directives,
                    is_promised: false,
                });
                self.share(entity, name);
                true
            }
            None => false,
        }
    }

    /// Lets others resolve a field, too, and of the very same type: it may be provided.
    fn share(&mut self, entity: usize, name: &str) {
        for field in self.parts[entity]
            .iter_mut()
            .flatten()
            .flat_map(|part| &mut part.fields)
            .filter(|field| field.name == name && !field.directives.contains("@external"))
        {
            field.is_promised = false;
            if !field.directives.contains("@shareable") {
                field.directives.push_str(" @shareable");
            }
        }
    }

    fn roots(&mut self) {
        let fields = [
            ("book(id: ID!)", "Book"),
            ("books", "[Book!]"),
            ("movie", "Movie"),
            ("author", "Author!"),
            ("authors(first: Int = 2)", "[Author]"),
            ("shelf", "Shelf"),
            ("media", "[Media]"),
            ("items", "[Item]"),
        ];
        for (name, ty) in fields {
            let here = self.can_answer(ty);
            let owner = here[self.decisions.next(here.len())];
            let other = here[self.decisions.next(here.len())];
            let is_shared = owner != other && self.decisions.next(4) == 0;
            for graph in if is_shared {
                vec![owner, other]
            } else {
                vec![owner]
            } {
                let mut directives = String::new();
                if is_shared {
                    directives.push_str(" @shareable");
                }
                if self.decisions.next(3) == 0 {
                    self.provide(graph, ty, &mut directives);
                }
                self.queries[graph].push(format!("{name}: {ty}{directives}"));
            }
        }
        for (name, ty) in [
            ("saveBook(by: Int)", "Book"),
            ("saveAuthor(by: Int)", "Author"),
            ("saveShelf", "Shelf"),
        ] {
            let here = self.can_answer(ty);
            let owner = here[self.decisions.next(here.len())];
            self.mutations[owner].push(format!("{name}: {ty}"));
        }
        if self.has_interface_object {
            self.queries[self.graphs - 1].push("rated: [Media]".to_owned());
        }
    }
}
