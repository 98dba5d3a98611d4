//! Bad input: a clear error with a code, nothing changed, nothing leaked.

use frontend_contract_tests::{Buyer, Front, Session, document, variant_ids};
use serde_json::{Value, json};

use crate::shop::{TestShop, code};

/// Words that only our inside knows.
const LEAKS: [&str; 12] = [
    "sqlx",
    "sqlite",
    "SELECT ",
    "INSERT ",
    "UPDATE ",
    "sea_orm",
    "panicked",
    "src/",
    "DbErr",
    "constraint",
    "RUST",
    "stack backtrace",
];

fn assert_clear(answer: &Value, expected: &str) {
    let errors = answer["errors"]
        .as_array()
        .unwrap_or_else(|| panic!("no errors in {answer:#}"));
    assert!(!errors.is_empty());
    for error in errors {
        assert_eq!(error["extensions"]["code"], expected, "{answer:#}");
        let message = error["message"].as_str().expect("a message");
        assert!(!message.is_empty());
    }
    assert_nothing_leaks(&answer.to_string());
}

fn assert_nothing_leaks(text: &str) {
    for leak in LEAKS {
        assert!(!text.contains(leak), "`{leak}` leaked: {text}");
    }
}

async fn post(shop: &TestShop, body: impl Into<String>) -> (u16, Value) {
    let answer = shop
        .guest
        .http()
        .post(format!("{}/graphql", shop.guest.base))
        .header("content-type", "application/json")
        .header("accept", "application/graphql-response+json")
        .body(body.into())
        .send()
        .await
        .expect("an answer");
    let status = answer.status().as_u16();
    (status, answer.json().await.expect("JSON"))
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_that_are_no_operations() {
    let shop = TestShop::start().await;
    for (body, expected) in [
        ("{", "BAD_REQUEST"),
        ("", "BAD_REQUEST"),
        ("[]", "BATCHING_NOT_SUPPORTED"),
        ("{\"query\": 7}", "BAD_REQUEST"),
        ("{}", "BAD_REQUEST"),
        ("{\"query\": \"{ products { \"}", "GRAPHQL_PARSE_FAILED"),
        (
            "{\"query\": \"{ productz { id } }\"}",
            "GRAPHQL_VALIDATION_FAILED",
        ),
        (
            "{\"query\": \"{ products { nodes { price } } }\"}",
            "GRAPHQL_VALIDATION_FAILED",
        ),
        (
            "{\"query\": \"query ($f: Int) { products(first: $f) { totalCount } }\", \"variables\": {\"f\": \"ten\"}}",
            "BAD_USER_INPUT",
        ),
        (
            "{\"query\": \"query ($s: String!) { product(slug: $s) { id } }\", \"variables\": {}}",
            "BAD_USER_INPUT",
        ),
    ] {
        let (status, answer) = post(&shop, body).await;
        assert_eq!(status, 400, "{body}: {answer}");
        assert_clear(&answer, expected);
    }
    let (status, answer) = post(
        &shop,
        format!(
            "{{\"query\": \"{{ products {{ totalCount }} }} #{}\"}}",
            "x".repeat(3_000_000)
        ),
    )
    .await;
    assert_eq!(status, 413, "{answer}");
    assert_nothing_leaks(&answer.to_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn quantities_and_ids_that_make_no_sense() {
    let shop = TestShop::start().await;
    let variant = variant_ids(&shop.guest, "demo-product-0001")
        .await
        .expect("variants")[0]
        .clone();
    let buyer = Buyer::with_cart(&shop.guest, &variant, 1)
        .await
        .expect("a cart");
    let before = view(&buyer).await;

    for (quantity, expected) in [
        (0, "QUANTITY_INVALID"),
        (-1, "QUANTITY_INVALID"),
        (i32::MAX, "CART_CAPACITY_EXCEEDED"),
    ] {
        let input =
            buyer.input(json!({ "lines": [{ "variantId": variant, "quantity": quantity }] }));
        let data = shop
            .guest
            .run(Front::Spa, "CartLinesAdd", input)
            .await
            .expect("an answer");
        assert_eq!(code(&data["cartLinesAdd"]), expected, "{quantity}");
        assert_nothing_leaks(&data.to_string());
    }
    for variant in [
        "",
        "var_0",
        "prod_00000000000000000000000000",
        "'; DROP TABLE carts; --",
        &buyer.cart_id,
    ] {
        let input = buyer.input(json!({ "lines": [{ "variantId": variant, "quantity": 1 }] }));
        let data = shop
            .guest
            .run(Front::Spa, "CartLinesAdd", input)
            .await
            .expect("an answer");
        assert_eq!(
            code(&data["cartLinesAdd"]),
            "VARIANT_NOT_FOUND",
            "{variant}"
        );
    }
    let input = buyer.input(json!({ "lines": [{ "lineId": "line_nope", "quantity": 1 }] }));
    let data = shop
        .guest
        .run(Front::Spa, "CartLinesUpdate", input)
        .await
        .expect("an answer");
    assert!(!code(&data["cartLinesUpdate"]).is_empty());
    let big = "{\"query\":\"mutation($i: CartLinesAddInput!) { cartLinesAdd(input: $i) { userErrors { code } } }\",\"variables\":{\"i\":{\"cartId\":\"x\",\"lines\":[{\"variantId\":\"x\",\"quantity\":99999999999}]}}}";
    let (status, answer) = post(&shop, big).await;
    assert_eq!(status, 400);
    assert_clear(&answer, "BAD_USER_INPUT");

    assert_eq!(view(&buyer).await, before, "nothing changed");
}

async fn view(buyer: &Buyer) -> Value {
    let variables = json!({ "id": buyer.cart_id, "cartToken": buyer.cart_token });
    buyer
        .client
        .run(Front::Spa, "CartView", variables)
        .await
        .expect("an answer")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_belongs_to_somebody_else() {
    let shop = TestShop::start().await;
    let variant = variant_ids(&shop.guest, "demo-product-0001")
        .await
        .expect("variants")[0]
        .clone();
    let owner = Buyer::with_cart(&shop.guest, &variant, 1)
        .await
        .expect("a cart");
    let order = owner.checkout("mine").await.expect("an order");

    let customer = shop.customer().await;
    for (client, token) in [
        (&shop.guest, Value::Null),
        (&shop.guest, json!("guess")),
        (&customer, Value::Null),
    ] {
        let seen = client
            .run(
                Front::Spa,
                "CartView",
                json!({ "id": owner.cart_id, "cartToken": token }),
            )
            .await;
        assert_eq!(seen.expect("an answer")["cart"], Value::Null);
        let input = json!({ "input": {
            "cartId": owner.cart_id, "cartToken": token, "lines": [{ "variantId": variant, "quantity": 1 }],
        } });
        let data = client
            .run(Front::Spa, "CartLinesAdd", input)
            .await
            .expect("an answer");
        assert_eq!(code(&data["cartLinesAdd"]), "CART_NOT_FOUND");
        let seen = client
            .run(
                Front::Spa,
                "OrderDetail",
                json!({ "id": order.order_id, "orderToken": token }),
            )
            .await;
        assert_eq!(seen.expect("an answer")["order"], Value::Null);
        let input = json!({ "input": {
            "orderId": order.order_id, "orderToken": token, "provider": "DEMO", "idempotencyKey": "k",
        } });
        let data = client
            .run(Front::Spa, "PaymentInitiate", input)
            .await
            .expect("an answer");
        assert_eq!(code(&data["paymentInitiate"]), "ORDER_NOT_FOUND");
        let input = json!({ "input": {
            "cartId": owner.cart_id, "cartToken": token, "idempotencyKey": "theirs",
        } });
        let data = client
            .run(Front::Spa, "OrderCreate", input)
            .await
            .expect("an answer");
        assert_eq!(code(&data["orderCreate"]), "CART_NOT_FOUND");
    }

    let adjust = json!({ "input": {
        "variantId": variant, "warehouseCode": "MAIN", "delta": 5, "reason": "mine now", "idempotencyKey": "k",
    } });
    let text = document(Front::Staff, "StockAdjust").expect("a document");
    assert_clear(
        &shop
            .guest
            .send(&text, None, adjust.clone())
            .await
            .expect("an answer"),
        "UNAUTHENTICATED",
    );
    assert_clear(
        &customer.send(&text, None, adjust).await.expect("an answer"),
        "FORBIDDEN",
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_that_are_expired_forged_or_nonsense() {
    let shop = TestShop::start().await;
    let customer = shop.customer().await;
    let session = customer.session.clone().expect("signed in");
    let with_token = |token: &str| {
        let mut client = shop.guest.clone();
        client.session = Some(Session {
            access_token: token.to_owned(),
            ..session.clone()
        });
        client
    };
    let mut forged: Vec<String> = session.access_token.split('.').map(str::to_owned).collect();
    let payload = data_encoding::BASE64URL_NOPAD
        .decode(forged[1].as_bytes())
        .expect("base64");
    let payload = String::from_utf8(payload)
        .expect("JSON")
        .replace("CUSTOMER", "ADMIN");
    forged[1] = data_encoding::BASE64URL_NOPAD.encode(payload.as_bytes());
    let me = document(Front::Spa, "MyAccount").expect("a document");
    for token in [
        forged.join("."),
        "nonsense".to_owned(),
        format!("{}.{}.", forged[0], forged[1]),
        "a.b.c".to_owned(),
    ] {
        let answer = with_token(&token)
            .send(&me, None, json!({}))
            .await
            .expect("an answer");
        assert_clear(&answer, "UNAUTHENTICATED");
    }

    shop.shop.clock().advance(chrono::TimeDelta::minutes(30));
    assert_clear(
        &customer
            .send(&me, None, json!({}))
            .await
            .expect("an answer"),
        "UNAUTHENTICATED",
    );
    let input = json!({ "input": { "refreshToken": session.refresh_token } });
    let renewed = customer
        .run(Front::Spa, "TokenRefresh", input.clone())
        .await
        .expect("an answer");
    let token = renewed["tokenRefresh"]["session"]["accessToken"]
        .as_str()
        .expect("a new token");
    let answer = with_token(token)
        .send(&me, None, json!({}))
        .await
        .expect("an answer");
    assert_eq!(answer["data"]["me"]["email"], "customer@bazaar.test");

    shop.shop.clock().advance(chrono::TimeDelta::minutes(1));
    let reused = shop
        .guest
        .run(Front::Spa, "TokenRefresh", input)
        .await
        .expect("an answer");
    assert_eq!(code(&reused["tokenRefresh"]), "TOKEN_REUSED");
    let login = json!({ "input": { "email": "customer@bazaar.test", "password": "wrong" } });
    let wrong = shop
        .guest
        .run(Front::Spa, "Login", login)
        .await
        .expect("an answer");
    assert_eq!(code(&wrong["login"]), "INVALID_CREDENTIALS");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_form_would_send() {
    let shop = TestShop::start().await;
    let admin = shop.admin().await;

    // A value of the wrong kind, inside an input object, is the client's mistake.
    for (client, query, variables) in [
        (
            &shop.guest,
            "query($f: ProductFilter) { products(filter: $f) { totalCount } }",
            json!({ "f": { "priceMin": true } }),
        ),
        (
            &shop.guest,
            "query($f: SearchFilter) { search(query: \"\", filter: $f) { totalCount } }",
            json!({ "f": { "priceMax": 1e300 } }),
        ),
        (
            &admin,
            "query($f: OrderFilter) { orders(filter: $f) { totalCount } }",
            json!({ "f": { "createdFrom": 7 } }),
        ),
        (
            &admin,
            "mutation($i: CategoryDeleteInput!) { categoryDelete(input: $i) { deletedCategoryId } }",
            json!({ "i": { "categoryId": "x", "version": [] } }),
        ),
    ] {
        let answer = client
            .send(query, None, variables)
            .await
            .expect("an answer");
        assert_clear(&answer, "BAD_USER_INPUT");
    }

    // Characters and lengths that databases choke on.
    for text in ["\0", "a\0b", &"%".repeat(100_000), "\u{202e}\u{feff}"] {
        for field in [
            "product(slug: $t) { id }",
            "variantsBySku(skus: [$t]) { id }",
            "products(filter: { brand: [$t], categorySlug: $t }) { totalCount }",
            "search(query: $t) { totalCount }",
            "searchSuggestions(query: $t) { queries }",
            "users(filter: { emailPrefix: $t }) { totalCount nodes { id } }",
            "orders(filter: { email: $t, number: $t }) { totalCount }",
            "emailLogs(filter: { to: $t, template: [$t] }) { totalCount }",
            "stockLevels(filter: { skus: [$t], warehouseCodes: [$t] }) { totalCount }",
            "cart(id: $t, cartToken: $t) { id }",
            "order(id: $t, orderToken: $t) { id }",
            "payment(id: $t, orderToken: $t) { id }",
            "user(id: $t) { id }",
        ] {
            let quoted = serde_json::to_string(text).expect("a string");
            let query = format!("{{ {} }}", field.replace("$t", &quoted));
            let answer = admin.send(&query, None, json!({})).await;
            let answer = answer.expect("an answer").to_string();
            assert!(!answer.contains("INTERNAL"), "{field}: {answer}");
            assert!(!answer.contains("PARSE"), "{field}: {answer}");
            assert_nothing_leaks(&answer);
        }
        let login = json!({ "input": { "email": text, "password": text } });
        let login = shop.guest.run(Front::Spa, "Login", login).await;
        assert_eq!(
            code(&login.expect("an answer")["login"]),
            "INVALID_CREDENTIALS"
        );
    }

    // Addresses that look like somebody else's.
    let register = "mutation($i: AccountRegisterInput!) {
        accountRegister(input: $i) { user { id } userErrors { code } } }";
    for email in ["ad\u{200b}min@bazaar.test", "\u{202e}nimda@bazaar.test"] {
        let input = json!({ "i": { "email": email, "password": "long enough" } });
        let answer = shop.guest.send(register, None, input).await;
        let answer = answer.expect("an answer");
        let payload = &answer["data"]["accountRegister"];
        assert_eq!(code(payload), "EMAIL_INVALID", "{email:?}");
    }

    // Plain HTTP: nothing outside the page, nothing without a signature or a token.
    for (method, path, expected) in [
        ("GET", "/graphiql/..%2f..%2fsecret", 404),
        ("GET", "/images/..%2fsecret.svg", 404),
        ("GET", "/images/%3Cscript%3E.svg", 404),
        (
            "GET",
            "/pay/demo/pay_00000000000000000000000000?token=x",
            404,
        ),
        ("POST", "/webhooks/demo", 401),
        ("GET", "/metrics", 404),
    ] {
        let answer = shop
            .guest
            .http()
            .request(
                method.parse().expect("a method"),
                format!("{}{path}", shop.guest.base),
            )
            .send()
            .await
            .expect("an answer");
        assert_eq!(answer.status().as_u16(), expected, "{method} {path}");
        assert_nothing_leaks(&answer.text().await.expect("text"));
    }

    #[cfg(unix)]
    assert_files_are_private(shop.folder.path());
}

/// Databases with their journals and the secret: the owner's alone.
#[cfg(unix)]
fn assert_files_are_private(folder: &std::path::Path) {
    use std::os::unix::fs::PermissionsExt;
    let mut databases = 0;
    for entry in std::fs::read_dir(folder).expect("the folder") {
        let entry = entry.expect("an entry");
        let name = entry.file_name().to_string_lossy().into_owned();
        if name != "secret" && !name.contains(".db") {
            continue;
        }
        databases += usize::from(name.ends_with(".db"));
        let mode = entry.metadata().expect("metadata").permissions().mode();
        assert_eq!(mode & 0o077, 0, "{name}: {mode:o}");
    }
    assert!(databases >= 7, "{databases} databases");
}
