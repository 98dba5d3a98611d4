//! Supergraphs of all ages load; what is not one is refused.

use federation::Supergraph;

const JOIN_V01: &str = r#"
schema @core(feature: "https://specs.apollo.dev/core/v0.1") @core(feature: "https://specs.apollo.dev/join/v0.1") { query: Query }
directive @core(feature: String!) repeatable on SCHEMA
directive @join__field(graph: join__Graph, requires: join__FieldSet, provides: join__FieldSet) on FIELD_DEFINITION
directive @join__type(graph: join__Graph!, key: join__FieldSet) repeatable on OBJECT | INTERFACE
directive @join__owner(graph: join__Graph!) on OBJECT | INTERFACE
directive @join__graph(name: String!, url: String!) on ENUM_VALUE
scalar join__FieldSet
enum join__Graph {
  ACCOUNTS @join__graph(name: "accounts" url: "http://accounts.test")
  REVIEWS @join__graph(name: "reviews" url: "http://reviews.test")
}
type Query { me: User @join__field(graph: ACCOUNTS) }
type User @join__owner(graph: ACCOUNTS) @join__type(graph: ACCOUNTS, key: "id") @join__type(graph: REVIEWS, key: "id") {
  id: ID! @join__field(graph: ACCOUNTS)
  name: String @join__field(graph: ACCOUNTS)
  reviews: [Review] @join__field(graph: REVIEWS)
}
type Review { body: String }
"#;

#[test]
fn join_v01_loads_and_plans() {
    let supergraph = Supergraph::parse(JOIN_V01).unwrap();
    let names: Vec<_> = supergraph
        .subgraphs()
        .iter()
        .map(|info| info.name.as_str())
        .collect();
    assert_eq!(names, ["accounts", "reviews"]);
    assert_eq!(supergraph.subgraphs()[1].url, "http://reviews.test");

    let document = apollo_compiler::ExecutableDocument::parse_and_validate(
        supergraph.api_schema(),
        "{ me { name reviews { body } } }",
        "q",
    )
    .unwrap();
    let plan = federation::plan(
        &supergraph,
        &document,
        document.operations.get(None).unwrap(),
        std::time::Duration::from_secs(10),
    )
    .unwrap();
    insta::assert_snapshot!(federation::explain(&supergraph, &plan), @r"
    query {
      fetch 0 from accounts
        for Query.me
        send {me{name __typename id}}
      fetch 1 from reviews
        after 0
        for User.reviews
        _entities at me
        $representations = { __typename id }
        send query($representations:[_Any!]!){_entities(representations: $representations){...on User{reviews{body}}}}
    }
    ");
}

#[test]
fn a_renamed_inaccessible_hides_elements() {
    let sdl = r#"
        schema
          @link(url: "https://specs.apollo.dev/link/v1.0")
          @link(url: "https://specs.apollo.dev/join/v0.3", for: EXECUTION)
          @link(url: "https://specs.apollo.dev/inaccessible/v0.2", as: "hidden")
        { query: Query }
        enum join__Graph { A @join__graph(name: "a", url: "http://a.test") }
        type Query @join__type(graph: A) {
          seen(secret: Int @hidden): Kind
          unseen: String @hidden
          ghost: Ghost
        }
        type Ghost @join__type(graph: A) @hidden { id: ID }
        enum Kind @join__type(graph: A) { OPEN SECRET @hidden }
    "#;
    let api = Supergraph::parse(sdl).unwrap().api_schema().to_string();
    insta::assert_snapshot!(api, @r"
    type Query {
      seen: Kind
    }

    enum Kind {
      OPEN
    }
    ");
}

#[test]
fn what_is_not_a_supergraph_is_refused() {
    for (sdl, code) in [
        ("", "INVALID_GRAPHQL"),
        ("scalar Empty", "NOT_A_SUPERGRAPH"),
        ("type Query { a: Int }", "NOT_A_SUPERGRAPH"),
        ("type Query {", "INVALID_GRAPHQL"),
        (
            "enum join__Graph { A } type Thing { a: Int }",
            "INVALID_API_SCHEMA",
        ),
        (
            "enum join__Graph { A } type Query { a: Missing! b: Int @join__field(graph: 3) }",
            "",
        ),
        (
            "enum join__Graph { A } type Query { a(b: Missing): Int }",
            "INVALID_API_SCHEMA",
        ),
    ] {
        match Supergraph::parse(sdl) {
            Ok(_) => assert_eq!(code, "", "{sdl}"),
            Err(error) if !code.is_empty() => assert_eq!(error.code(), code, "{sdl}: {error}"),
            Err(_) => {}
        }
    }
}

#[test]
fn who_may_read_and_what_it_costs_is_recorded() {
    let supergraph = Supergraph::parse(
        r#"
        schema
          @link(url: "https://specs.apollo.dev/link/v1.0")
          @link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION)
        { query: Query }
        enum join__Graph { A @join__graph(name: "a", url: "http://a.test") }
        type Query @join__type(graph: A) {
          orders: [Order] @requiresScopes(scopes: [["read", "orders"], ["admin"]]) @cost(weight: 5)
            @listSize(assumedSize: 20, slicingArguments: ["first"], requireOneSlicingArgument: false)
        }
        type Order @join__type(graph: A) @authenticated { id: ID @policy(policies: [["owner"]]) }
        "#,
    )
    .unwrap();
    let orders = supergraph.field_authorization("Query", "orders").unwrap();
    assert_eq!(orders.scopes, [vec!["read", "orders"], vec!["admin"]]);
    assert!(
        supergraph
            .type_authorization("Order")
            .unwrap()
            .authenticated
    );
    let id = supergraph.field_authorization("Order", "id").unwrap();
    assert_eq!(id.policies, [["owner"]]);
    let cost = supergraph.field_cost("Query", "orders").unwrap();
    assert_eq!(cost.weight, Some(5));
    let size = cost.list_size.as_ref().unwrap();
    assert_eq!(size.assumed_size, Some(20));
    assert_eq!(size.slicing_arguments, ["first"]);
    assert!(!size.require_one_slicing_argument);
}
