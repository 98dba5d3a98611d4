//! An answer that is passed on says what it would say if it were read and put together.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use federation::{SubgraphSdl, compose};
use gateway::transport::Subgraph;
use gateway::{Config, Gateway};
use proptest::prelude::*;
use proptest::test_runner::{Config as Runs, TestRunner};
use serde_json::Value;

use crate::support::{Asker, Canned, post};

const SDL: &str = r#"
extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key", "@inaccessible"])
scalar Json
enum Color { RED SECRET @inaccessible }
type Query { thing: Thing things: [[Thing!]!] }
type Thing {
    id: ID!
    count: Int
    price: Float!
    name: String
    ok: Boolean
    color: Color
    any: Json
    tags: [[String!]]
    next: Thing
    secret: String @inaccessible
}
"#;

/// Fields, as they are asked for and in this order.
const FIELDS: [&str; 10] = [
    "__typename",
    "id",
    "count",
    "price",
    "name",
    "ok",
    "color",
    "any",
    "tags",
    "next",
];

/// Values a subgraph might send, right ones and others.
const VALUES: &[&str] = &[
    "null",
    "true",
    "7",
    "7.0",
    "-0",
    "1e400",
    "2147483648",
    "1.10",
    "9007199254740993",
    "01",
    "1.",
    "\"a\"",
    "\"RED\"",
    "\"\\u0052ED\"",
    "\"SECRET\"",
    "\"Thing\"",
    "\"Query\"",
    "\"\\ud800\"",
    "\"line\nbreak\"",
    "\"\\u0000\"",
    "[]",
    "[[\"a\"],null]",
    "[[null]]",
    "[null]",
    "[\"a\"]",
    "{}",
    "{\"a\":1,\"a\":2}",
    "{\"id\":\"1\",\"secret\":1}",
    "nul",
    "",
    "]",
    "\u{feff}",
];

/// A value that fits the field.
fn fitting(field: &str) -> &'static str {
    match field {
        "__typename" => "\"Thing\"",
        "id" => "\"1\"",
        "count" => "7",
        "price" => "1.10",
        "name" => "\"n\"",
        "ok" => "true",
        "color" => "\"RED\"",
        "any" => "{\"a\":[1.10]}",
        "tags" => "[[\"a\"],null]",
        _ => "null",
    }
}

/// What is done to a good answer.
#[derive(Debug, Clone)]
enum Change {
    Value {
        field: usize,
        value: usize,
    },
    Swap {
        left: usize,
        right: usize,
    },
    Repeat {
        field: usize,
    },
    Leave {
        field: usize,
    },
    Add {
        key: &'static str,
        value: usize,
        at: usize,
    },
    Space {
        at: usize,
    },
    Cut {
        at: usize,
    },
}

fn change() -> impl Strategy<Value = Change> {
    let field = 0..FIELDS.len();
    let value = 0..VALUES.len();
    let keys = prop::sample::select(vec!["secret", "zzz", "\\u0069d", "", "data", "__schema"]);
    prop_oneof![
        4 => (field.clone(), value.clone()).prop_map(|(field, value)| Change::Value { field, value }),
        1 => (field.clone(), field.clone()).prop_map(|(left, right)| Change::Swap { left, right }),
        1 => field.clone().prop_map(|field| Change::Repeat { field }),
        1 => field.clone().prop_map(|field| Change::Leave { field }),
        1 => (keys, value, field).prop_map(|(key, value, at)| Change::Add { key, value, at }),
        1 => (0..200_usize).prop_map(|at| Change::Space { at }),
        1 => (0..200_usize).prop_map(|at| Change::Cut { at }),
    ]
}

/// The text of an answer with these changes.
fn answer(changes: &[Change], in_list: bool, ending: &str) -> String {
    let mut members: Vec<(String, String)> = FIELDS
        .iter()
        .map(|field| ((*field).to_owned(), fitting(field).to_owned()))
        .collect();
    for change in changes {
        match change {
            Change::Value { field, value } if *field < members.len() => {
                members[*field].1 = VALUES[*value].to_owned();
            }
            Change::Swap { left, right } if *left.max(right) < members.len() => {
                members.swap(*left, *right);
            }
            Change::Repeat { field } if *field < members.len() => {
                members.push(members[*field].clone());
            }
            Change::Leave { field } if *field < members.len() => {
                members.remove(*field);
            }
            Change::Add { key, value, at } if *at <= members.len() => {
                members.insert(*at, ((*key).to_owned(), VALUES[*value].to_owned()));
            }
            _ => {}
        }
    }
    let members: Vec<String> = members
        .iter()
        .map(|(key, value)| format!("\"{key}\":{value}"))
        .collect();
    let thing = format!("{{{}}}", members.join(","));
    let data = match in_list {
        true => format!("{{\"things\":[[{thing}],[]]}}"),
        false => format!("{{\"thing\":{thing}}}"),
    };
    let mut text = format!("{{\"data\":{data}{ending}");
    for change in changes {
        match change {
            Change::Space { at } if text.is_char_boundary(*at) => text.insert_str(*at, " \n"),
            Change::Cut { at } if text.is_char_boundary(*at) => text.truncate(*at),
            _ => {}
        }
    }
    text
}

/// A gateway in front of a subgraph that answers this text.
fn answering() -> (Asker, Arc<Mutex<String>>) {
    let composition = compose(&[SubgraphSdl {
        name: "only".to_owned(),
        url: "http://only.invalid/".to_owned(),
        sdl: SDL.to_owned(),
    }])
    .unwrap_or_else(|errors| panic!("{errors:#?}"));
    let text = Arc::new(Mutex::new(String::new()));
    let answered = text.clone();
    let canned = Canned(Box::new(move |_| {
        Ok(Bytes::from(answered.lock().unwrap().clone()))
    }));
    let subgraphs = HashMap::from([("only".to_owned(), Arc::new(canned) as Arc<dyn Subgraph>)]);
    let gateway = Gateway::new(&composition.supergraph_sdl, subgraphs, Config::default()).unwrap();
    (Asker::new(gateway), text)
}

#[test]
fn whatever_a_subgraph_answers() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let (asker, text) = answering();
    let inner = FIELDS[..9].join(" ");
    let selection = format!("{inner} next {{ {inner} }}");
    let ask = |query: String| -> Value {
        let body = serde_json::json!({ "query": query }).to_string();
        let answer = runtime.block_on(asker.send(post(body)));
        // A custom scalar may be a number that this test's reader does not know.
        let text = answer.text.replace("1e400", "\"1e400\"");
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
    };

    let mut runner = TestRunner::new(Runs {
        cases: 3_000,
        failure_persistence: None,
        ..Runs::default()
    });
    let endings = prop::sample::select(vec![
        "}",
        ",\"extensions\":{\"a\":1}}",
        ",\"errors\":[]}",
        ",\"errors\":null}",
        ",\"errors\":[{\"message\":\"m\",\"extensions\":{\"code\":\"X\"}}]}",
        ",\"data\":null}",
        "} x",
        "}\n",
        "",
    ]);
    let cases = (
        prop::collection::vec(change(), 0..3),
        any::<bool>(),
        prop_oneof![3 => Just("}"), 1 => endings],
    );
    runner
        .run(&cases, |(changes, in_list, ending)| {
            let sent = answer(&changes, in_list, ending);
            *text.lock().unwrap() = sent.clone();
            let root = if in_list { "things" } else { "thing" };
            // A condition keeps the second answer from being passed on.
            let passed = ask(format!("{{ {root} {{ {selection} }} }}"));
            let read = ask(format!(
                "query ($no: Boolean = false) {{ {root} {{ {selection} }} q: __typename @include(if: $no) }}"
            ));
            prop_assert_eq!(&passed, &read, "{}", sent);

            // Nobody sees what was not asked for, or what is no value of the schema.
            let mut shown = passed.clone();
            let things = [
                shown.pointer_mut("/data/thing").map(Value::take),
                shown.pointer_mut("/data/things/0/0").map(Value::take),
            ];
            for thing in things.iter().flatten().filter_map(Value::as_object) {
                let keys: Vec<&str> = thing.keys().map(String::as_str).collect();
                prop_assert_eq!(keys, FIELDS, "{}", sent);
                prop_assert!(thing["color"].is_null() || thing["color"] == "RED");
                prop_assert!(thing["__typename"] == "Thing");
                prop_assert!(thing["id"].is_string());
                prop_assert!(thing["count"].is_null() || thing["count"].is_i64());
                prop_assert!(thing["price"].is_number());
                prop_assert!(thing["name"].is_null() || thing["name"].is_string());
            }
            Ok(())
        })
        .unwrap();
}

#[tokio::test]
async fn nulls_in_lists_of_lists_go_up_as_far_as_they_must() {
    let (asker, text) = answering();
    for (query, answer, data, path) in [
        (
            "{ thing { tags } }",
            r#"{"thing":{"tags":[["a",null],["b"],null]}}"#,
            r#"{"thing":{"tags":[null,["b"],null]}}"#,
            r#"["thing","tags",0,1]"#,
        ),
        (
            "{ thing { tags } }",
            r#"{"thing":{"tags":[["a"],["b",7]]}}"#,
            r#"{"thing":{"tags":[["a"],null]}}"#,
            r#"["thing","tags",1,1]"#,
        ),
        (
            "{ things { price } }",
            r#"{"things":[[{"price":1.5}],[{"price":1.5},{"price":null}]]}"#,
            r#"{"things":null}"#,
            r#"["things",1,1,"price"]"#,
        ),
        (
            "{ things { price } }",
            r#"{"things":[[],null]}"#,
            r#"{"things":null}"#,
            r#"["things",1]"#,
        ),
        (
            "{ things { price } }",
            r#"{"things":[[[{"price":1.5}]]]}"#,
            r#"{"things":null}"#,
            r#"["things",0,0]"#,
        ),
    ] {
        *text.lock().unwrap() = format!("{{\"data\":{answer}}}");
        let response = asker.ask(query).await;
        assert_eq!(response["data"].to_string(), data, "{answer}");
        let errors = response["errors"].as_array().unwrap();
        assert_eq!(errors.len(), 1, "{answer}: {errors:?}");
        assert_eq!(errors[0]["path"].to_string(), path, "{answer}");
        assert_eq!(errors[0]["extensions"]["code"], "SUBGRAPH_INVALID_RESPONSE");
    }
}
