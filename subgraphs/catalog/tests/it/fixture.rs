//! A catalog with what a test asks for.

use auth::Role;
use catalog::Config;
use events::id::UserId;
use serde_json::{Value, json};
use test_support::{Caller, TestSubgraph};

pub(crate) async fn shop() -> TestSubgraph {
    TestSubgraph::start::<migrations::catalog::Migrator>(|deps| {
        catalog::service(deps, Config::default())
    })
    .await
}

pub(crate) fn staff() -> Caller {
    Caller::Staff(UserId::generate(), vec![Role::Catalog])
}

pub(crate) fn idr(minor: i64) -> Value {
    json!({ "minorAmount": minor.to_string(), "currencyCode": "IDR" })
}

/// A variant's input; tests add what they are about.
pub(crate) fn variant(sku: &str, price: i64) -> Value {
    json!({ "sku": sku, "price": idr(price) })
}

/// Runs a mutation that takes `input` as staff and returns its payload.
pub(crate) async fn mutate(shop: &TestSubgraph, mutation: &str, input: Value) -> Value {
    let (kind, selection) = match mutation {
        "productCreate" => ("ProductCreateInput", PRODUCT),
        "productUpdate" => ("ProductUpdateInput", PRODUCT),
        "productPublish" | "productUnpublish" | "productArchive" => ("ProductStatusInput", PRODUCT),
        "variantDelete" => ("VariantDeleteInput", PRODUCT),
        "variantCreate" => ("VariantCreateInput", VARIANT),
        "variantUpdate" => ("VariantUpdateInput", VARIANT),
        "variantPriceSet" => ("VariantPriceSetInput", VARIANT),
        "categoryCreate" => ("CategoryCreateInput", CATEGORY),
        "categoryUpdate" => ("CategoryUpdateInput", CATEGORY),
        "categoryMove" => ("CategoryMoveInput", CATEGORY),
        "categoryDelete" => ("CategoryDeleteInput", "deletedCategoryId"),
        other => panic!("unknown mutation {other}"),
    };
    let query = format!(
        "mutation($input: {kind}!) {{ {mutation}(input: $input) {{ {selection} userErrors {{ field code message }} }} }}"
    );
    shop.data(&staff(), &query, json!({ "input": input })).await[mutation].take()
}

const PRODUCT: &str = "product { id slug name description brand status isAvailable version
    category { slug } images { url alt } primaryImage { url } attributes { name value }
    priceRange { min { minorAmount } max { minorAmount } }
    variants { id sku name isEnabled isPublished version } }";
const VARIANT: &str =
    "variant { id sku name version isEnabled isPublished weightGrams options { name value }
    price { minorAmount amount currencyCode } compareAtPrice { minorAmount } product { id } }";
const CATEGORY: &str =
    "category { id slug name version parent { slug } ancestors { slug } children { slug } }";

/// Like [`mutate`], for what must work; returns the product, variant or category.
pub(crate) async fn done(shop: &TestSubgraph, mutation: &str, input: Value) -> Value {
    let mut payload = mutate(shop, mutation, input).await;
    assert_eq!(payload["userErrors"], json!([]), "{mutation} was refused");
    let field = answer_field(&payload);
    payload[&field].take()
}

/// The field of a payload beside `userErrors`.
fn answer_field(payload: &Value) -> String {
    let mut fields = payload.as_object().expect("an object").keys();
    fields
        .find(|field| *field != "userErrors")
        .expect("a field")
        .clone()
}

/// Like [`mutate`], for what must be refused; returns code and field path of the one error.
pub(crate) async fn refused(
    shop: &TestSubgraph,
    mutation: &str,
    input: Value,
) -> (String, Option<String>) {
    let payload = mutate(shop, mutation, input).await;
    let answer = &payload[answer_field(&payload)];
    assert!(answer.is_null(), "{mutation} was not refused: {payload:#}");
    let errors = payload["userErrors"].as_array().expect("a list");
    assert_eq!(errors.len(), 1, "{errors:?}");
    let field = errors[0]["field"].as_array().map(|path| {
        path.iter()
            .map(|part| part.as_str().expect("text"))
            .collect::<Vec<_>>()
            .join(".")
    });
    (
        errors[0]["code"].as_str().expect("a code").to_owned(),
        field,
    )
}

/// What [`refused`] returns for an error at `field`.
pub(crate) fn at(code: &str, field: &str) -> (String, Option<String>) {
    (code.to_owned(), Some(field.to_owned()))
}

/// A published product; `input` is laid over an input with one variant of 1000 rupiah.
pub(crate) async fn published(shop: &TestSubgraph, slug: &str, input: Value) -> Value {
    let mut whole =
        json!({ "slug": slug, "name": slug, "variants": [variant(&slug.to_uppercase(), 1000)] });
    for (field, value) in input.as_object().expect("an object") {
        whole[field] = value.clone();
    }
    let product = done(shop, "productCreate", whole).await;
    done(
        shop,
        "productPublish",
        json!({ "productId": product["id"] }),
    )
    .await
}

pub(crate) async fn category(shop: &TestSubgraph, slug: &str, parent: Option<&Value>) -> Value {
    let parent_id = parent.map(|parent| parent["id"].clone());
    done(
        shop,
        "categoryCreate",
        json!({ "slug": slug, "name": slug, "parentId": parent_id }),
    )
    .await
}

/// The code of the only top-level error of a response.
pub(crate) fn error_code(response: &Value) -> &str {
    let errors = response["errors"]
        .as_array()
        .unwrap_or_else(|| panic!("no errors in {response:#}"));
    assert_eq!(errors.len(), 1, "{errors:?}");
    errors[0]["extensions"]["code"].as_str().expect("a code")
}

/// The slugs of a list of products.
pub(crate) fn slugs(nodes: &Value) -> Vec<&str> {
    nodes
        .as_array()
        .expect("a list")
        .iter()
        .map(|node| node["slug"].as_str().expect("a slug"))
        .collect()
}
