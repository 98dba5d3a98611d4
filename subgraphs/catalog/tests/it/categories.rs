use serde_json::{Value, json};
use test_support::{Caller, TestSubgraph};

use crate::fixture::{at, category, done, error_code, published, refused, shop, slugs};

async fn ancestors(shop: &TestSubgraph, slug: &str) -> Vec<String> {
    let query = "query($slug: String!) { category(slug: $slug) { ancestors { slug } } }";
    let data = shop
        .data(&Caller::Guest, query, json!({ "slug": slug }))
        .await;
    slugs(&data["category"]["ancestors"])
        .into_iter()
        .map(str::to_owned)
        .collect()
}

#[tokio::test]
async fn the_tree_is_read_from_both_ends() {
    let shop = shop().await;
    let home = category(&shop, "home", None).await;
    let kitchen = category(&shop, "kitchen", Some(&home)).await;
    category(&shop, "pots", Some(&kitchen)).await;
    category(&shop, "bath", Some(&home)).await;
    category(&shop, "arts", None).await;
    let query = "{ categories { slug children { slug children { slug children { slug } } } } }";
    assert_eq!(
        shop.data(&Caller::Guest, query, json!({})).await["categories"],
        json!([
            { "slug": "arts", "children": [] },
            { "slug": "home", "children": [
                { "slug": "bath", "children": [] },
                { "slug": "kitchen", "children": [{ "slug": "pots", "children": [] }] },
            ] },
        ])
    );
    assert_eq!(ancestors(&shop, "pots").await, ["home", "kitchen"]);
    assert_eq!(ancestors(&shop, "home").await, Vec::<String>::new());

    let query =
        "query($id: ID, $slug: String) { category(id: $id, slug: $slug) { slug parent { slug } } }";
    let data = shop
        .data(&Caller::Guest, query, json!({ "id": kitchen["id"] }))
        .await;
    assert_eq!(
        data["category"],
        json!({ "slug": "kitchen", "parent": { "slug": "home" } })
    );
    for nobody in [
        json!({ "id": "nonsense" }),
        json!({ "slug": "none" }),
        json!({ "id": "cat_00000000000000000000000000" }),
    ] {
        assert_eq!(
            shop.data(&Caller::Guest, query, nobody).await["category"],
            Value::Null
        );
    }
    for bad in [json!({}), json!({ "id": kitchen["id"], "slug": "kitchen" })] {
        assert_eq!(
            error_code(&shop.execute(&Caller::Guest, query, bad).await),
            "BAD_USER_INPUT"
        );
    }
}

#[tokio::test]
async fn names_and_slugs_are_unique_and_bounded() {
    let shop = shop().await;
    let input = json!({ "name": "Home & Living" });
    assert_eq!(
        done(&shop, "categoryCreate", input).await["slug"],
        "home-living"
    );
    for (input, expected) in [
        (
            json!({ "name": "HOME & living", "slug": "other" }),
            at("NAME_TAKEN", "input.name"),
        ),
        (
            json!({ "name": "Home Living" }),
            at("SLUG_TAKEN", "input.slug"),
        ),
        (
            json!({ "name": "x".repeat(101) }),
            at("INPUT_INVALID", "input.name"),
        ),
        (json!({ "name": "" }), at("INPUT_INVALID", "input.name")),
        (
            json!({ "name": "x", "slug": "A B" }),
            at("INPUT_INVALID", "input.slug"),
        ),
        (
            json!({ "name": "x", "parentId": "nonsense" }),
            at("NOT_FOUND", "input.parentId"),
        ),
        (
            json!({ "name": "x", "parentId": "cat_00000000000000000000000000" }),
            at("NOT_FOUND", "input.parentId"),
        ),
    ] {
        assert_eq!(
            refused(&shop, "categoryCreate", input.clone()).await,
            expected,
            "{input}"
        );
    }
    done(
        &shop,
        "categoryCreate",
        json!({ "name": "é".repeat(100), "slug": "long" }),
    )
    .await;
}

#[tokio::test]
async fn the_tree_has_eight_levels_at_most() {
    let shop = shop().await;
    let mut chain = vec![category(&shop, "c1", None).await];
    for level in 2..=8 {
        let next = category(&shop, &format!("c{level}"), chain.last()).await;
        chain.push(next);
    }
    let input = json!({ "name": "c9", "parentId": chain[7]["id"] });
    assert_eq!(
        refused(&shop, "categoryCreate", input).await,
        at("CATEGORY_TOO_DEEP", "input.parentId")
    );

    // A subtree of two levels does not fit below the seventh.
    let top = category(&shop, "top", None).await;
    category(&shop, "below", Some(&top)).await;
    let input = json!({ "categoryId": top["id"], "parentId": chain[6]["id"] });
    assert_eq!(
        refused(&shop, "categoryMove", input).await,
        at("CATEGORY_TOO_DEEP", "input.parentId")
    );
    let input = json!({ "categoryId": top["id"], "parentId": chain[5]["id"] });
    done(&shop, "categoryMove", input).await;
    assert_eq!(
        ancestors(&shop, "below").await,
        ["c1", "c2", "c3", "c4", "c5", "c6", "top"]
    );
}

#[tokio::test]
async fn a_category_moves_with_everything_below_it() {
    let shop = shop().await;
    let home = category(&shop, "home", None).await;
    let kitchen = category(&shop, "kitchen", Some(&home)).await;
    let pots = category(&shop, "pots", Some(&kitchen)).await;
    let garden = category(&shop, "garden", None).await;
    published(&shop, "wok", json!({ "categoryId": pots["id"] })).await;

    let moved = done(
        &shop,
        "categoryMove",
        json!({ "categoryId": kitchen["id"], "parentId": garden["id"] }),
    )
    .await;
    assert_eq!(
        (&moved["parent"]["slug"], &moved["version"]),
        (&json!("garden"), &json!("2"))
    );
    assert_eq!(ancestors(&shop, "pots").await, ["garden", "kitchen"]);
    let query =
        "query($slug: String!) { products(filter: { categorySlug: $slug }) { nodes { slug } } }";
    for (slug, expected) in [
        ("home", vec![]),
        ("garden", vec!["wok"]),
        ("pots", vec!["wok"]),
    ] {
        let data = shop
            .data(&Caller::Guest, query, json!({ "slug": slug }))
            .await;
        assert_eq!(slugs(&data["products"]["nodes"]), expected, "{slug}");
    }

    done(
        &shop,
        "categoryMove",
        json!({ "categoryId": kitchen["id"], "parentId": null }),
    )
    .await;
    assert_eq!(ancestors(&shop, "pots").await, ["kitchen"]);
    assert_eq!(ancestors(&shop, "kitchen").await, Vec::<String>::new());
}

#[tokio::test]
async fn a_category_cannot_be_moved_into_itself() {
    let shop = shop().await;
    let home = category(&shop, "home", None).await;
    let kitchen = category(&shop, "kitchen", Some(&home)).await;
    let pots = category(&shop, "pots", Some(&kitchen)).await;
    for below in [&home, &kitchen, &pots] {
        let input = json!({ "categoryId": home["id"], "parentId": below["id"] });
        assert_eq!(
            refused(&shop, "categoryMove", input).await,
            at("CATEGORY_CYCLE", "input.parentId")
        );
    }
    assert_eq!(ancestors(&shop, "pots").await, ["home", "kitchen"]);
    for (input, expected) in [
        (
            json!({ "categoryId": "x", "parentId": home["id"] }),
            at("NOT_FOUND", "input.categoryId"),
        ),
        (
            json!({ "categoryId": pots["id"], "parentId": "x" }),
            at("NOT_FOUND", "input.parentId"),
        ),
        (
            json!({ "categoryId": pots["id"], "version": "7" }),
            at("STALE_VERSION", "input.version"),
        ),
    ] {
        assert_eq!(refused(&shop, "categoryMove", input).await, expected);
    }
}

#[tokio::test]
async fn a_category_is_renamed() {
    let shop = shop().await;
    let home = category(&shop, "home", None).await;
    category(&shop, "bath", None).await;
    let input =
        json!({ "categoryId": home["id"], "version": "1", "name": "House", "slug": "house" });
    let renamed = done(&shop, "categoryUpdate", input).await;
    assert_eq!(
        (&renamed["name"], &renamed["slug"], &renamed["version"]),
        (&json!("House"), &json!("house"), &json!("2"))
    );
    for (input, expected) in [
        (
            json!({ "categoryId": home["id"], "slug": "bath" }),
            at("SLUG_TAKEN", "input.slug"),
        ),
        (
            json!({ "categoryId": home["id"], "name": "BATH" }),
            at("NAME_TAKEN", "input.name"),
        ),
        (
            json!({ "categoryId": home["id"], "name": "x", "version": "1" }),
            at("STALE_VERSION", "input.version"),
        ),
        (
            json!({ "categoryId": "cat_00000000000000000000000000" }),
            at("NOT_FOUND", "input.categoryId"),
        ),
    ] {
        assert_eq!(
            refused(&shop, "categoryUpdate", input.clone()).await,
            expected,
            "{input}"
        );
    }
}

#[tokio::test]
async fn only_an_empty_category_is_deleted() {
    let shop = shop().await;
    let home = category(&shop, "home", None).await;
    let kitchen = category(&shop, "kitchen", Some(&home)).await;
    let draft = done(
        &shop,
        "productCreate",
        json!({ "name": "Wok", "categoryId": kitchen["id"] }),
    )
    .await;
    let not_empty = ("CATEGORY_NOT_EMPTY".to_owned(), None);
    assert_eq!(
        refused(&shop, "categoryDelete", json!({ "categoryId": home["id"] })).await,
        not_empty
    );
    assert_eq!(
        refused(
            &shop,
            "categoryDelete",
            json!({ "categoryId": kitchen["id"] })
        )
        .await,
        not_empty
    );

    done(
        &shop,
        "productUpdate",
        json!({ "productId": draft["id"], "categoryId": home["id"] }),
    )
    .await;
    let deleted = done(
        &shop,
        "categoryDelete",
        json!({ "categoryId": kitchen["id"] }),
    )
    .await;
    assert_eq!(deleted, kitchen["id"]);
    let query = "{ category(slug: \"kitchen\") { id } categories { children { id } } }";
    let data = shop.data(&Caller::Guest, query, json!({})).await;
    assert_eq!(
        data,
        json!({ "category": null, "categories": [{ "children": [] }] })
    );
    let again = refused(
        &shop,
        "categoryDelete",
        json!({ "categoryId": kitchen["id"] }),
    )
    .await;
    assert_eq!(again, at("NOT_FOUND", "input.categoryId"));
}
