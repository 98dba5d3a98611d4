//! Every rule of composition: `tests/compositions/*.graphql`, and what comes of each.
//!
//! A file holds the subgraphs of one case, each under a line `# subgraph NAME`. Its snapshot
//! beside it has the errors with places and fixes, or the hints and the supergraph's types.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use apollo_compiler::ast::Document;
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
