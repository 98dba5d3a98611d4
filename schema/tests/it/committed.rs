//! The committed SDL files, parsed.

use std::fs;
use std::path::{Path, PathBuf};

use apollo_compiler::Node;
use apollo_compiler::ast::{
    Definition, DirectiveList, Document, EnumTypeDefinition, FieldDefinition,
    InputObjectTypeDefinition, ObjectTypeDefinition,
};

/// The three root types.
pub(crate) const ROOTS: [&str; 3] = ["Query", "Mutation", "Subscription"];

/// One committed subgraph.
pub(crate) struct Subgraph {
    /// Its name, that of its file.
    pub(crate) name: String,
    /// The text of its file.
    pub(crate) sdl: String,
    /// The parsed text.
    pub(crate) document: Document,
}

/// The folder of the committed graph.
pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

/// All committed subgraphs, by name.
pub(crate) fn subgraphs() -> Vec<Subgraph> {
    let mut subgraphs: Vec<Subgraph> = fs::read_dir(folder().join("subgraphs"))
        .expect("the folder of the subgraphs")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "graphql")
        })
        .map(|path| {
            let sdl = fs::read_to_string(&path).expect("a readable file");
            let document = Document::parse(&sdl, &path)
                .unwrap_or_else(|broken| panic!("{}: {}", path.display(), broken.errors));
            let name = path.file_stem().and_then(|stem| stem.to_str());
            Subgraph {
                name: name.expect("a name").to_owned(),
                sdl,
                document,
            }
        })
        .collect();
    subgraphs.sort_by(|one, other| one.name.cmp(&other.name));
    assert!(!subgraphs.is_empty(), "no subgraphs: run `make schema`");
    subgraphs
}

impl Subgraph {
    /// Its object types, roots included.
    pub(crate) fn objects(&self) -> impl Iterator<Item = &Node<ObjectTypeDefinition>> {
        self.document
            .definitions
            .iter()
            .filter_map(Definition::as_object_type_definition)
    }

    /// The object type of this name.
    pub(crate) fn object(&self, name: &str) -> Option<&Node<ObjectTypeDefinition>> {
        self.objects().find(|object| object.name == name)
    }

    /// Its input types.
    pub(crate) fn inputs(&self) -> impl Iterator<Item = &Node<InputObjectTypeDefinition>> {
        self.document
            .definitions
            .iter()
            .filter_map(Definition::as_input_object_type_definition)
    }

    /// The input type of this name.
    pub(crate) fn input(&self, name: &str) -> Option<&Node<InputObjectTypeDefinition>> {
        self.inputs().find(|input| input.name == name)
    }

    /// Its enums.
    pub(crate) fn enums(&self) -> impl Iterator<Item = &Node<EnumTypeDefinition>> {
        self.document
            .definitions
            .iter()
            .filter_map(Definition::as_enum_type_definition)
    }

    /// The fields of `Mutation`.
    pub(crate) fn mutations(&self) -> &[Node<FieldDefinition>] {
        self.object("Mutation").map_or(&[], |root| &root.fields)
    }
}

/// The fields of the keys in these directives: `@key(fields: "id")` gives `id`. All keys of this graph
/// are single fields.
pub(crate) fn keys(directives: &DirectiveList) -> Vec<String> {
    directives
        .iter()
        .filter(|directive| directive.name == "key")
        .map(|directive| {
            let fields = directive
                .specified_argument_by_name("fields")
                .and_then(|value| value.as_str());
            fields.expect("a key has fields").to_owned()
        })
        .collect()
}

/// Whether these directives have a `@key`.
pub(crate) fn is_entity(directives: &DirectiveList) -> bool {
    directives.has("key")
}

/// Ends the test with every violation, one a line.
pub(crate) fn assert_none(violations: Vec<String>, rule: &str) {
    assert!(
        violations.is_empty(),
        "{rule}\n  {}\nThe files are written from subgraphs/<name>/src/schema: change it there, then \
         `make schema`.",
        violations.join("\n  ")
    );
}
