//! Requests that a page of another origin makes a browser send.

use axum::body::Body;
use http::{Request, StatusCode};
use serde_json::{Value, json};

use crate::support::{Answer, Asker, Shop, config, shop};
use crate::websocket::Client;

async fn get(asker: &Asker, query: &str, headers: &[(&str, &str)]) -> Answer {
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("query", query)
        .finish();
    let mut request = Request::get(format!("/graphql?{query}")).header("host", "shop.test");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    asker.send(request.body(Body::empty()).unwrap()).await
}

/// A gateway that passes cookies on.
fn with_cookies() -> Asker {
    let mut config = config();
    config.headers.forward.push("cookie".to_owned());
    Shop::new().gateway(config)
}

#[tokio::test]
async fn a_get_of_a_foreign_page_is_refused() {
    let accept = ("accept", "application/json");
    let plain = shop();
    let with_cookies = with_cookies();
    for (asker, headers, is_refused) in [
        (&plain, &[accept][..], false),
        (&plain, &[accept, ("sec-fetch-site", "same-origin")], false),
        (&plain, &[accept, ("sec-fetch-site", "none")], false),
        (&plain, &[accept, ("sec-fetch-site", "cross-site")], true),
        (&plain, &[accept, ("sec-fetch-site", "same-site")], true),
        (&plain, &[accept, ("origin", "https://shop.test")], false),
        (&plain, &[accept, ("origin", "https://evil.test")], true),
        (&plain, &[accept, ("origin", "null")], true),
        // A cookie that reaches nobody is no matter.
        (&plain, &[accept, ("cookie", "session=1")], false),
        (&with_cookies, &[accept, ("cookie", "session=1")], true),
        (&with_cookies, &[accept], false),
        (&plain, &[accept, ("authorization", "Basic eDp5")], true),
        (&plain, &[accept, ("authorization", "Bearer t")], false),
        // What only an asked browser sends proves enough.
        (
            &with_cookies,
            &[
                accept,
                ("cookie", "session=1"),
                ("sec-fetch-site", "cross-site"),
                ("graphql-require-preflight", "1"),
            ],
            false,
        ),
    ] {
        let answer = get(asker, "{ __typename }", headers).await;
        let expected = match is_refused {
            true => (StatusCode::BAD_REQUEST, "CSRF_PREVENTED".to_owned()),
            false => (StatusCode::OK, String::new()),
        };
        assert_eq!((answer.status, answer.code()), expected, "{headers:?}");
    }
    // And never a mutation.
    let mutation = "mutation { stockReserve(id: \"1\") }";
    let answer = get(
        &plain,
        mutation,
        &[accept, ("graphql-require-preflight", "1")],
    )
    .await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn a_foreign_page_cannot_use_the_browsers_credentials_over_websocket() {
    let asker = with_cookies();
    let seen = async |headers: &[(&'static str, &str)], name: &str| -> Value {
        let mut client = Client::connect_as(&asker, headers).await;
        client.send(json!({"type": "connection_init"})).await;
        assert_eq!(client.receive().await["type"], json!("connection_ack"));
        client
            .subscribe("q", &format!("{{ echoHeader(name: \"{name}\") }}"))
            .await;
        client.receive().await["payload"]["data"]["echoHeader"].clone()
    };
    let cookie = ("cookie", "session=1");
    assert_eq!(seen(&[cookie], "cookie").await, json!("session=1"));
    for foreign in [
        ("origin", "https://evil.test"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
    ] {
        assert_eq!(seen(&[cookie, foreign], "cookie").await, Value::Null);
        let basic = ("authorization", "Basic eDp5");
        assert_eq!(seen(&[basic, foreign], "authorization").await, Value::Null);
        let bearer = ("authorization", "Bearer t");
        assert_eq!(
            seen(&[bearer, foreign], "authorization").await,
            json!("Bearer t")
        );
    }
}

#[tokio::test]
async fn a_token_cannot_bring_headers_of_its_own() {
    for token in ["a\r\nx-admin: 1", "a\nb", "a\u{0}"] {
        let mut client = Client::connect(&shop()).await;
        client
            .send(json!({"type": "connection_init", "payload": {"authorization": token}}))
            .await;
        assert_eq!(client.closed().await, 4403);
    }
}
