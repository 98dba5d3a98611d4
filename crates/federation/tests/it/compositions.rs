//! Every rule of composition: `tests/compositions/*.graphql`, and what comes of each.
//!
//! A file holds the subgraphs of one case, each under a line `# subgraph NAME`. Its snapshot
//! beside it has the errors with places and fixes, or the hints and the supergraph's types.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use apollo_compiler::ExecutableDocument;
use apollo_compiler::ast::Document;
use apollo_compiler::schema::ExtendedType;
use federation::{SubgraphSdl, Supergraph, compose};
use proptest::prelude::*;

const MARK: &str = "# subgraph ";

fn cases() -> Vec<(String, Vec<SubgraphSdl>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/compositions");
    let mut cases: Vec<(String, Vec<SubgraphSdl>)> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|it| it == "graphql"))
        .map(|path| {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            (name, split(&fs::read_to_string(&path).unwrap()))
        })
        .collect();
    cases.sort_by(|a, b| a.0.cmp(&b.0));
    cases
}

fn split(text: &str) -> Vec<SubgraphSdl> {
    let mut subgraphs: Vec<SubgraphSdl> = Vec::new();
    for line in text.lines() {
        match (line.strip_prefix(MARK), subgraphs.last_mut()) {
            (Some(name), _) => subgraphs.push(SubgraphSdl {
                name: name.to_owned(),
                url: format!("http://{name}"),
                sdl: String::new(),
            }),
            (None, Some(subgraph)) => {
                subgraph.sdl.push_str(line);
                subgraph.sdl.push('\n');
            }
            (None, None) => panic!("a case begins with `{MARK}NAME`"),
        }
    }
    subgraphs
}

/// What comes of a case, as its snapshot has it.
fn verdict(subgraphs: &[SubgraphSdl]) -> String {
    let mut text = String::new();
    match compose(subgraphs) {
        Ok(composition) => {
            for hint in &composition.hints {
                writeln!(text, "hint {hint}").unwrap();
            }
            let document = Document::parse(composition.supergraph_sdl, "supergraph").unwrap();
            for definition in &document.definitions {
                let is_machinery = definition.name().is_some_and(|name| {
                    name.contains("__") && !name.starts_with("join__Graph") || name == "link"
                });
                if !is_machinery {
                    writeln!(text, "\n{definition}").unwrap();
                }
            }
        }
        Err(errors) => {
            for error in &errors {
                writeln!(text, "error {error}\n  fix: {}", error.fix()).unwrap();
            }
        }
    }
    text
}

#[test]
fn every_case_gets_its_verdict() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../compositions/snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for (name, subgraphs) in cases() {
            insta::assert_snapshot!(name, verdict(&subgraphs));
        }
    });
}

#[test]
fn every_case_can_be_read_back_and_does_not_depend_on_order() {
    for (name, mut subgraphs) in cases() {
        let composed = compose(&subgraphs);
        subgraphs.reverse();
        assert_eq!(composed, compose(&subgraphs), "{name}");
        if let Ok(composition) = composed {
            let supergraph = Supergraph::parse(&composition.supergraph_sdl)
                .unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(supergraph.subgraphs().len(), subgraphs.len(), "{name}");
        }
    }
}

#[test]
fn every_rule_has_a_case() {
    let codes: std::collections::BTreeSet<&str> = cases()
        .iter()
        .filter_map(|(_, subgraphs)| compose(subgraphs).err())
        .flatten()
        .map(|error| error.code())
        .collect();
    insta::assert_snapshot!(codes.into_iter().collect::<Vec<_>>().join("\n"));
}

/// Everything that can be asked of a type, as deep as that; under names that do not conflict.
fn everything(supergraph: &Supergraph, type_name: &str, depth: usize, out: &mut String) {
    let schema = supergraph.api_schema();
    out.push_str("{ __typename ");
    let fields: Vec<_> = match schema.types.get(type_name) {
        Some(ExtendedType::Object(it)) => it.fields.values().collect(),
        Some(ExtendedType::Interface(it)) => it.fields.values().collect(),
        _ => Vec::new(),
    };
    for field in fields {
        let target = field.ty.inner_named_type();
        let is_leaf = schema.types[target].is_leaf();
        if field.arguments.iter().any(|it| it.is_required()) || (!is_leaf && depth == 0) {
            continue;
        }
        write!(out, "{type_name}_{}: {} ", field.name, field.name).unwrap();
        if !is_leaf {
            everything(supergraph, target, depth - 1, out);
        }
    }
    let members: Vec<String> = match schema.types.get(type_name) {
        Some(ExtendedType::Union(it)) => it.members.iter().map(|it| it.to_string()).collect(),
        Some(ExtendedType::Interface(_)) => supergraph
            .implementers()
            .get(type_name)
            .map(|it| it.objects.iter().map(ToString::to_string).collect())
            .unwrap_or_default(),
        _ => Vec::new(),
    };
    for member in members {
        write!(out, "... on {member} ").unwrap();
        everything(supergraph, &member, depth, out);
    }
    out.push_str("} ");
}

#[test]
fn what_composes_can_be_planned() {
    let mut planned = 0;
    for (name, subgraphs) in cases() {
        let Ok(composition) = compose(&subgraphs) else {
            continue;
        };
        let supergraph = Supergraph::parse(&composition.supergraph_sdl).unwrap();
        let mut operation = String::new();
        everything(&supergraph, "Query", 3, &mut operation);
        let schema = supergraph.api_schema();
        let document = ExecutableDocument::parse_and_validate(schema, &operation, "q")
            .unwrap_or_else(|invalid| panic!("{name}: {operation}: {}", invalid.errors));
        let plan = federation::plan(
            &supergraph,
            &document,
            document.operations.get(None).unwrap(),
            std::time::Duration::from_secs(10),
        );
        assert!(plan.is_ok(), "{name}: {operation}: {plan:?}");
        planned += 1;
    }
    assert!(planned > 70, "only {planned} cases compose");
}

/// Something else at some place of a text.
fn mutate(text: &str, at: usize, length: usize, with: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let at = at % (characters.len() + 1);
    let end = (at + length).min(characters.len());
    let mut mutated: String = characters[..at].iter().collect();
    mutated.push_str(with);
    mutated.extend(&characters[end..]);
    mutated
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn arbitrary_text_never_panics(one in any::<String>(), other in "[a-zA-Z{}()!@: \"\n]{0,80}") {
        let subgraphs = split(&format!("{MARK}a\n{one}\n{MARK}b\n{other}\ntype Query {{ a: Int }}"));
        check_sanity(&subgraphs)?;
    }

    #[test]
    fn mutated_cases_never_panic(
        case in any::<prop::sample::Index>(),
        target in any::<prop::sample::Index>(),
        changes in prop::collection::vec(
            (any::<usize>(), 0_usize..12, prop::sample::select(vec![
                "", "!", "[", "{", "}", ")", "@key(fields: \"id\")", "@external", "@shareable",
                "@inaccessible", "@requires(fields: \"x { y }\")", "@provides(fields: \"id\")",
                "@interfaceObject", "extend ", "interface ", "union ", "T", "Query", "ID!", "\"",
                "@override(from: \"a\")", "resolvable: false", "type T { t: T }", "implements T",
            ])),
            1..4,
        ),
    ) {
        let cases = cases();
        let (_, mut subgraphs) = cases[case.index(cases.len())].clone();
        let index = target.index(subgraphs.len());
        for (at, length, with) in changes {
            subgraphs[index].sdl = mutate(&subgraphs[index].sdl, at, length, with);
        }
        check_sanity(&subgraphs)?;
    }
}

/// It composes to something that loads, or says why not; composition itself never fails.
fn check_sanity(subgraphs: &[SubgraphSdl]) -> Result<(), TestCaseError> {
    match compose(subgraphs) {
        Ok(composition) => {
            prop_assert!(Supergraph::parse(&composition.supergraph_sdl).is_ok());
        }
        Err(errors) => {
            prop_assert!(!errors.is_empty());
            for error in errors {
                prop_assert_ne!(error.code(), "COMPOSITION_FAILED", "{}", error);
            }
        }
    }
    Ok(())
}
