//! Variables: what subgraphs are sent, and what is refused before anything is.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use federation::{SubgraphSdl, compose};
use gateway::transport::Subgraph;
use gateway::{Config, Gateway};
use http::StatusCode;
use serde_json::{Value, json};

use crate::support::{Asker, Canned, post, soon};

const SDL: &str = r#"
extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key", "@inaccessible"])
scalar Json
enum Color { RED GREEN SECRET @inaccessible }
input Range { from: Int! = 1 to: Int }
input Filter {
    range: Range = { from: 5 }
    colors: [Color!]
    must: Boolean!
    deep: Filter
    any: Json
    hidden: Int @inaccessible
}
type Query {
    int(a: Int): Int
    ints(a: [Int!]!): Int
    grid(a: [[Int]]): Int
    float(a: Float): Int
    string(a: String): Int
    boolean(a: Boolean): Int
    id(a: ID): Int
    color(a: Color): Int
    any(a: Json): Int
    filter(a: Filter): Int
}
"#;

/// A gateway, and the variables its subgraph was sent last.
fn typed() -> (Asker, Arc<Mutex<Option<String>>>) {
    let composition = compose(&[SubgraphSdl {
        name: "only".to_owned(),
        url: "http://only.invalid/".to_owned(),
        sdl: SDL.to_owned(),
    }])
    .unwrap_or_else(|errors| panic!("{errors:#?}"));
    let sent = Arc::new(Mutex::new(None));
    let kept = sent.clone();
    let subgraph = Canned(Box::new(move |request| {
        let variables = String::from_utf8(request.variables_json().to_vec()).unwrap();
        *kept.lock().unwrap() = Some(variables);
        Ok(Bytes::from_static(b"{\"data\":{\"f\":1}}"))
    }));
    let subgraphs = HashMap::from([("only".to_owned(), Arc::new(subgraph) as Arc<dyn Subgraph>)]);
    let gateway = Gateway::new(&composition.supergraph_sdl, subgraphs, Config::default()).unwrap();
    (Asker::new(gateway), sent)
}

/// What the subgraph is sent for `$a` of this type, or the code of the refusal.
async fn sent(ty: &str, field: &str, variables: &str) -> Result<String, String> {
    let (asker, sent) = typed();
    let query = format!("query ($a: {ty}) {{ f: {field}(a: $a) }}");
    let body = format!("{{\"query\":{},\"variables\":{variables}}}", json!(query));
    let answer = soon(asker.send(post(body))).await;
    let sent = sent.lock().unwrap().take();
    match sent {
        Some(sent) => {
            assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
            Ok(sent)
        }
        None => {
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text);
            Err(answer.code())
        }
    }
}

#[tokio::test]
async fn values_of_the_declared_type_are_passed_on() {
    for (ty, field, value, expected) in [
        ("Int", "int", "7", "7"),
        ("Int", "int", "-2147483648", "-2147483648"),
        ("Int", "int", " null ", "null"),
        ("[Int!]!", "ints", "[1,2]", "[1,2]"),
        // One value stands for a list of one, at every level.
        ("[Int!]!", "ints", "1", "[1]"),
        ("[[Int]]", "grid", "1", "[[1]]"),
        (
            "[[Int]]",
            "grid",
            "[1,null,[2,null]]",
            "[[1],null,[2,null]]",
        ),
        ("[[Int]]", "grid", "null", "null"),
        ("[[Int]]", "grid", "[]", "[]"),
        ("Float", "float", "1.10", "1.10"),
        ("Float", "float", "7", "7"),
        ("Float", "float", "-0", "-0"),
        ("Float", "float", "9007199254740993", "9007199254740993"),
        ("Float", "float", "1e-400", "1e-400"),
        (
            "String",
            "string",
            r#""\u00e9\ud83d\ude00""#,
            r#""\u00e9\ud83d\ude00""#,
        ),
        ("Boolean", "boolean", "false", "false"),
        ("ID", "id", r#""a""#, r#""a""#),
        ("ID", "id", "12345678901234567890", "12345678901234567890"),
        ("Color", "color", r#""RED""#, r#""RED""#),
        (
            "Json",
            "any",
            r#"{"a":[1.10,null,{"b":"\/"}]}"#,
            r#"{"a":[1.10,null,{"b":"\/"}]}"#,
        ),
        (
            "Filter",
            "filter",
            r#"{"must":true}"#,
            r#"{"must":true,"range":{"from":5}}"#,
        ),
        (
            "Filter",
            "filter",
            r#"{"must":true,"range":null,"colors":"RED","deep":{"\u006dust":false,"range":{}}}"#,
            r#"{"must":true,"range":null,"colors":["RED"],"deep":{"\u006dust":false,"range":{"from":1}}}"#,
        ),
    ] {
        assert_eq!(
            sent(ty, field, &format!("{{\"a\":{value}}}")).await,
            Ok(format!("{{\"a\":{expected}}}")),
            "{ty} {value}"
        );
    }
}

#[tokio::test]
async fn values_of_another_type_are_refused() {
    for (ty, field, value) in [
        ("Int", "int", "2147483648"),
        ("Int", "int", "1.5"),
        ("Int", "int", "1e3"),
        ("Int", "int", "\"1\""),
        ("Int", "int", "true"),
        ("Int", "int", "[1]"),
        ("Int", "int", "{}"),
        ("[Int!]!", "ints", "null"),
        ("[Int!]!", "ints", "[null]"),
        ("[Int!]!", "ints", "[[1]]"),
        ("[[Int]]", "grid", "[[[1]]]"),
        ("Float", "float", "1e400"),
        ("Float", "float", "\"1\""),
        ("String", "string", "7"),
        ("Boolean", "boolean", "0"),
        ("Boolean", "boolean", "\"true\""),
        ("ID", "id", "1.0"),
        ("ID", "id", "true"),
        ("Color", "color", "\"BLUE\""),
        ("Color", "color", "\"red\""),
        ("Color", "color", "1"),
        // Nobody outside knows of these.
        ("Color", "color", "\"SECRET\""),
        ("Filter", "filter", r#"{"must":true,"hidden":1}"#),
        ("Filter", "filter", "{}"),
        ("Filter", "filter", r#"{"must":null}"#),
        ("Filter", "filter", r#"{"must":true,"zzz":1}"#),
        ("Filter", "filter", r#"{"must":true,"range":{"from":null}}"#),
        ("Filter", "filter", r#"{"must":true,"deep":{}}"#),
        ("Filter", "filter", r#"{"must":true,"colors":[null]}"#),
        ("Filter", "filter", "[1]"),
        ("Filter", "filter", "\"x\""),
    ] {
        let code = sent(ty, field, &format!("{{\"a\":{value}}}")).await;
        assert_eq!(code, Err("BAD_USER_INPUT".to_owned()), "{ty} {value}");
    }
    for value in [
        "01",
        "1.",
        "+1",
        "NaN",
        "'a'",
        "\"\\ud800\"",
        "{\"a\":1,\"a\":1}",
    ] {
        let code = sent("Json", "any", &format!("{{\"a\":{value}}}")).await;
        assert_eq!(code, Err("BAD_REQUEST".to_owned()), "{value}");
    }
}

#[tokio::test]
async fn absent_is_not_null() {
    for (ty, variables, expected) in [
        ("Int", "{}", Ok("{}")),
        ("Int", "null", Ok("{}")),
        ("Int", r#"{"a":null}"#, Ok(r#"{"a":null}"#)),
        // A default is for what is absent only.
        ("Int = 3", "{}", Ok(r#"{"a":3}"#)),
        ("Int = 3", r#"{"a":null}"#, Ok(r#"{"a":null}"#)),
        ("Int! = 3", "{}", Ok(r#"{"a":3}"#)),
        ("Int! = 3", r#"{"a":null}"#, Err("BAD_USER_INPUT")),
        ("Int!", "{}", Err("BAD_USER_INPUT")),
        // What is not declared reaches nobody.
        ("Int", r#"{"b":1,"__proto__":{}}"#, Ok("{}")),
    ] {
        assert_eq!(
            sent(ty, "int", variables).await,
            expected.map(str::to_owned).map_err(str::to_owned),
            "{ty} {variables}"
        );
    }
}

#[tokio::test]
async fn exactly_one_member_of_a_one_of() {
    let supergraph = r#"
schema @link(url: "https://specs.apollo.dev/link/v1.0") @link(url: "https://specs.apollo.dev/join/v0.3", for: EXECUTION) { query: Query }
directive @join__graph(name: String!, url: String!) on ENUM_VALUE
directive @join__type(graph: join__Graph!, key: join__FieldSet, extension: Boolean! = false, resolvable: Boolean! = true, isInterfaceObject: Boolean! = false) repeatable on OBJECT | INTERFACE | UNION | ENUM | INPUT_OBJECT | SCALAR
directive @join__field(graph: join__Graph, requires: join__FieldSet, provides: join__FieldSet, type: String, external: Boolean, override: String, usedOverridden: Boolean) repeatable on FIELD_DEFINITION | INPUT_FIELD_DEFINITION
directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA
directive @oneOf on INPUT_OBJECT
scalar join__FieldSet
scalar link__Import
enum link__Purpose { SECURITY EXECUTION }
enum join__Graph { ONLY @join__graph(name: "only", url: "http://only.invalid/") }
input By @join__type(graph: ONLY) @oneOf { id: ID name: String }
type Query @join__type(graph: ONLY) { find(by: By!): Int }
"#;
    let subgraphs = HashMap::from([(
        "only".to_owned(),
        Canned::json(json!({"data": {"find": 1}})),
    )]);
    let asker = Asker::new(Gateway::new(supergraph, subgraphs, Config::default()).unwrap());
    for (by, is_refused) in [
        (json!({"id": "1"}), false),
        (json!({"name": "n"}), false),
        (json!({}), true),
        (json!({"id": null}), true),
        (json!({"id": "1", "name": "n"}), true),
        (json!({"id": "1", "name": null}), true),
    ] {
        let body = json!({"query": "query ($by: By!) { find(by: $by) }", "variables": {"by": by}});
        let answer = soon(asker.send(post(body.to_string()))).await;
        let code = if is_refused { "BAD_USER_INPUT" } else { "" };
        assert_eq!(answer.code(), code, "{by}: {}", answer.text);
        let expected = if is_refused { Value::Null } else { json!(1) };
        assert_eq!(answer.json()["data"]["find"], expected, "{by}");
    }
}

#[tokio::test]
async fn many_variables_are_found_among_many_others() {
    let (asker, sent) = typed();
    let count = 1_500;
    let declared: String = (0..count).map(|index| format!("$v{index}:Int!")).collect();
    let used: String = (0..count).map(|index| format!("$v{index}")).collect();
    let query = format!("query ({declared}) {{ f: ints(a: [{used}]) }}");
    let others: String = (0..150_000)
        .map(|index| format!("\"{index}\":1,"))
        .collect();
    let given: Vec<String> = (0..count)
        .map(|index| format!("\"v{index}\":{index}"))
        .collect();
    let body = format!(
        "{{\"query\":{},\"variables\":{{{others}{}}}}}",
        json!(query),
        given.join(",")
    );
    let answer = soon(asker.send(post(body))).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let sent = sent.lock().unwrap().take().unwrap();
    let sent: Value = serde_json::from_str(&sent).unwrap();
    assert_eq!(sent["v1499"], json!(1_499));
    assert_eq!(sent.as_object().unwrap().len(), count);
}
