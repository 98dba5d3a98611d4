//! Subgraph SDLs in, supergraph out.

use async_graphql::{EmptyMutation, EmptySubscription, ID, Object, Schema, SimpleObject};
use federation::{CompositionError, SubgraphSdl, Supergraph};

const CATALOG: &str = r#"
extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key", "@tag", "@shareable", "@inaccessible", "@override", "@external", "@provides", "@requires", "@composeDirective", "@interfaceObject"])

"Things on sale."
type Product @key(fields: "id") {
	id: ID!
	"The name shown to customers."
	name: String!
	oldName: String @deprecated(reason: "Use name.")
	weight: Int
}

input ProductFilter { inStock: Boolean = true, brands: [String!] }

extend type Query {
	"All products."
	products(first: Int = 20, "Narrows the list." filter: ProductFilter): [Product!]!
}

extend type Mutation {
	productRename(id: ID!, name: String!): Product
}
"#;

const INVENTORY: &str = r#"
extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key", "@tag", "@shareable", "@inaccessible", "@override", "@external", "@provides", "@requires", "@composeDirective", "@interfaceObject"])

extend type Product @key(fields: "id") {
	id: ID!
	weight: Int @external
	shippingCost: Int @requires(fields: "weight")
	internalCode: String @inaccessible
}

extend type Query {
	warehouses: [String!]!
}

extend type Subscription {
	stockChanged: Product!
}
"#;

fn subgraph(name: &str, sdl: &str) -> SubgraphSdl {
    SubgraphSdl {
        name: name.into(),
        url: format!("http://{name}.test/graphql"),
        sdl: sdl.into(),
    }
}

fn compose(subgraphs: &[SubgraphSdl]) -> Result<String, Vec<CompositionError>> {
    federation::compose(subgraphs).map(|composition| composition.supergraph_sdl)
}

#[test]
fn supergraph_of_two_subgraphs() {
    let sdl = compose(&[
        subgraph("inventory", INVENTORY),
        subgraph("catalog", CATALOG),
    ])
    .unwrap();
    insta::assert_snapshot!(sdl);
}

#[test]
fn order_of_subgraphs_does_not_matter() {
    let one = compose(&[
        subgraph("inventory", INVENTORY),
        subgraph("catalog", CATALOG),
    ]);
    let two = compose(&[
        subgraph("catalog", CATALOG),
        subgraph("inventory", INVENTORY),
    ]);
    assert_eq!(one.unwrap(), two.unwrap());
}

#[test]
fn api_schema_keeps_the_manual_and_hides_the_machinery() {
    let sdl = compose(&[
        subgraph("inventory", INVENTORY),
        subgraph("catalog", CATALOG),
    ])
    .unwrap();
    let supergraph = Supergraph::parse(&sdl).unwrap();
    insta::assert_snapshot!(supergraph.api_schema().to_string());
}

#[test]
fn no_subgraphs_is_an_error() {
    let codes: Vec<_> = compose(&[])
        .unwrap_err()
        .iter()
        .map(|error| error.code())
        .collect();
    assert_eq!(codes, ["NO_SUBGRAPHS"]);
}

#[test]
fn every_broken_subgraph_is_named() {
    let errors = compose(&[
        subgraph("a", "type Query {"),
        subgraph("b", "extend type Query { ok: Boolean }"),
        subgraph("b", "extend type Query { ok: Boolean }"),
        subgraph("c", "nonsense"),
    ])
    .unwrap_err();
    let codes: std::collections::BTreeSet<_> = errors.iter().map(|error| error.code()).collect();
    assert_eq!(
        Vec::from_iter(codes),
        ["DUPLICATE_SUBGRAPH_NAME", "INVALID_GRAPHQL"]
    );
    let text: String = errors.iter().map(|error| format!("{error}\n")).collect();
    assert!(
        text.contains("[a:1:13]") && text.contains("`b`") && text.contains("[c:1:1]"),
        "{text}"
    );
}

#[test]
fn conflicting_types_are_reported() {
    let errors = compose(&[
        subgraph("a", "extend type Query { a: Thing } enum Thing { ONE }"),
        subgraph(
            "b",
            "extend type Query { b: Thing } type Thing { one: Int }",
        ),
    ])
    .unwrap_err();
    assert_eq!(errors[0].code(), "TYPE_KIND_MISMATCH");
    assert!(errors[0].to_string().contains("Thing"), "{}", errors[0]);
}

#[test]
fn arbitrary_text_is_refused_without_a_panic() {
    for sdl in [
        "",
        "{",
        "type A @key(fields: \"{{{\") { a: B }",
        "extend schema @link(url: 3)",
        "\u{0}",
    ] {
        assert!(
            compose(&[subgraph("a", sdl)]).is_err(),
            "{sdl:?} must not compose"
        );
    }
}

#[test]
fn what_async_graphql_prints_composes() {
    #[derive(SimpleObject)]
    struct Account {
        id: ID,
        /// Where we write to.
        email: String,
    }
    struct Query;
    #[Object]
    impl Query {
        /// The caller's account.
        async fn me(&self) -> Option<Account> {
            None
        }
        #[graphql(entity)]
        async fn find_account(&self, #[graphql(key)] id: ID) -> Option<Account> {
            Some(Account {
                id,
                email: String::new(),
            })
        }
    }
    let schema = Schema::build(Query, EmptyMutation, EmptySubscription)
        .enable_federation()
        .finish();
    let sdl = schema.sdl_with_options(async_graphql::SDLExportOptions::new().federation());

    let supergraph = compose(&[subgraph("accounts", &sdl), subgraph("catalog", CATALOG)]).unwrap();

    let api = Supergraph::parse(&supergraph)
        .unwrap()
        .api_schema()
        .to_string();
    assert!(
        api.contains("Where we write to.") && api.contains("The caller's account."),
        "{api}"
    );
    assert!(
        !api.contains("_Entity") && !api.contains("_service"),
        "{api}"
    );
}

/// What subgraphs of one shop have in common: money, errors, pages, currencies, times.
const SHARED: &str = r#"
extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key", "@tag", "@shareable", "@inaccessible", "@override", "@external", "@provides", "@requires", "@composeDirective", "@interfaceObject"])

"An amount of money."
type Money @shareable {
	"A decimal number, such as 12.50."
	amount: String!
	currencyCode: CurrencyCode!
}
type PageInfo @shareable { hasNextPage: Boolean! endCursor: String }
type UserError @shareable { field: [String!] code: ErrorCode! message: String! }
"ISO 4217."
enum CurrencyCode { "Rupiah." IDR USD DEM @deprecated(reason: "It is the euro now.") }
input MoneyInput { "In the smallest unit." minorAmount: String! currencyCode: CurrencyCode! = IDR }
"A point in time."
scalar DateTime @specifiedBy(url: "https://datatracker.ietf.org/doc/html/rfc3339")
"#;

#[test]
fn shared_value_types_are_answered_by_whoever_is_asked() {
    let accounts = format!(
        r#"{SHARED}
        enum ErrorCode {{ NOT_FOUND }}
        type User @key(fields: "id") {{ id: ID! balance: Money createdAt: DateTime! }}
        extend type Query {{ me: User }}
        extend type Mutation {{ login(max: MoneyInput): LoginPayload! }}
        type LoginPayload {{ user: User userErrors: [UserError!]! }}
        "#
    );
    let orders = format!(
        r#"{SHARED}
        enum ErrorCode {{ NOT_FOUND CONFLICT }}
        type User @key(fields: "id") {{ id: ID! orders("At most 100." first: Int = 20, size: Int @deprecated(reason: "Use first.")): OrderConnection! }}
        type OrderConnection {{ nodes: [Order!]! pageInfo: PageInfo! }}
        type Order @key(fields: "id") {{ id: ID! total: Money! placedAt: DateTime }}
        extend type Query {{ order(id: ID!): Order orders(over: MoneyInput): [Order!]! }}
        extend type Subscription {{ orderStatusChanged(orderId: ID!): Order! }}
        "#
    );
    let sdl = compose(&[subgraph("accounts", &accounts), subgraph("order", &orders)])
        .unwrap_or_else(|errors| panic!("{errors:#?}"));
    let supergraph = Supergraph::parse(&sdl).unwrap();
    let api = supergraph.api_schema().to_string();
    for kept in [
        "An amount of money.",
        "A decimal number",
        "ISO 4217.",
        "Rupiah.",
        "the euro now",
        "In the smallest unit.",
        "= IDR",
        "A point in time.",
        "CONFLICT",
        "At most 100.",
        "first: Int = 20",
        "Use first.",
        "rfc3339",
    ] {
        assert!(api.contains(kept), "{kept} is lost:\n{api}");
    }

    let document = apollo_compiler::ExecutableDocument::parse_and_validate(
        supergraph.api_schema(),
        "{ me { balance { amount } createdAt orders { nodes { total { amount currencyCode } } pageInfo { endCursor } } } }",
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
        send {me{balance{amount} createdAt __typename id}}
      fetch 1 from order
        after 0
        for User.orders
        _entities at me
        $representations = { __typename id }
        send query($representations:[_Any!]!){_entities(representations: $representations){...on User{orders{nodes{total{amount currencyCode}} pageInfo{endCursor}}}}}
    }
    ");
}

#[test]
fn fields_of_different_types_do_not_compose() {
    let errors = compose(&[
        subgraph("a", "type Thing @shareable { size: Int } extend type Query { a: Thing } extend schema @link(url: \"https://specs.apollo.dev/federation/v2.5\", import: [\"@shareable\"])"),
        subgraph("b", "type Thing @shareable { size: String } extend type Query { b: Thing } extend schema @link(url: \"https://specs.apollo.dev/federation/v2.5\", import: [\"@shareable\"])"),
    ])
    .unwrap_err();
    assert_eq!(errors[0].code(), "FIELD_TYPE_MISMATCH");
    assert!(errors[0].to_string().contains("size"), "{}", errors[0]);
}
