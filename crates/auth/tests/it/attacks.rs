//! Forged, altered and misused tokens.

use auth::{Audience, AuthError, Claims, MAX_TOKEN_BYTES, Role, SigningKey};
use data_encoding::BASE64URL_NOPAD;
use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::{Value, json};

use crate::fixture::{Fixture, claims, claims_json, message, now};

#[track_caller]
fn refused(fixture: &Fixture, token: &str) {
    assert_eq!(
        fixture.verifier.verify(token, now()),
        Err(AuthError::TokenInvalid)
    );
}

#[track_caller]
fn accepted(fixture: &Fixture, token: &str) {
    let principal = fixture.verifier.verify(token, now());
    assert_eq!(
        principal.map(|p| p.user_id().map(str::to_owned)),
        Ok(Some("usr_1".to_owned()))
    );
}

/// Our header with some members replaced.
fn header_with(fixture: &Fixture, members: Value) -> Value {
    let mut header = fixture.header();
    for (name, value) in members.as_object().expect("an object") {
        header[name] = value.clone();
    }
    header
}

#[test]
fn the_forgers_tools_make_a_valid_token_when_nothing_is_forged() {
    let fixture = Fixture::new();
    accepted(
        &fixture,
        &fixture.signed(&fixture.header(), &claims_json().to_string()),
    );
}

#[test]
fn no_algorithm_is_no_signature() {
    let fixture = Fixture::new();
    for alg in ["none", "None", "NONE", "nOnE", ""] {
        let header = header_with(&fixture, json!({ "alg": alg }));
        let message = message(&header, &claims_json().to_string());
        refused(&fixture, &format!("{message}."));
        refused(&fixture, &message);
        // Even a true signature does not help a token that says it has none.
        refused(
            &fixture,
            &fixture.signed(&header, &claims_json().to_string()),
        );
    }
}

#[test]
fn the_public_key_is_not_a_shared_secret() {
    let fixture = Fixture::new();
    let public = fixture.issuer.key.public_jwk();
    let raw = BASE64URL_NOPAD
        .decode(public.x.as_bytes())
        .expect("base64url");
    let jwk = serde_json::to_vec(&public).expect("plain data");
    for secret in [raw.as_slice(), public.x.as_bytes(), &jwk, b""] {
        for (alg, algorithm) in [
            ("HS256", Algorithm::HS256),
            ("HS384", Algorithm::HS384),
            ("HS512", Algorithm::HS512),
        ] {
            let header = header_with(&fixture, json!({ "alg": alg }));
            let message = message(&header, &claims_json().to_string());
            let key = EncodingKey::from_secret(secret);
            let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &key, algorithm)
                .expect("any secret signs");
            refused(&fixture, &format!("{message}.{signature}"));
        }
    }
}

#[test]
fn only_the_algorithm_of_the_key_counts() {
    let fixture = Fixture::new();
    for alg in [
        "HS256", "RS256", "ES256", "PS256", "eddsa", "Ed25519", "EdDSA ",
    ] {
        let header = header_with(&fixture, json!({ "alg": alg }));
        refused(
            &fixture,
            &fixture.signed(&header, &claims_json().to_string()),
        );
    }
}

#[test]
fn a_key_the_token_brings_along_is_not_ours() {
    let fixture = Fixture::new();
    let mut forger = Fixture::new();
    forger.verifier = fixture.verifier.clone();
    let jwk = serde_json::to_value(forger.issuer.key.public_jwk()).expect("plain data");
    let headers = [
        json!({ "jwk": jwk }),
        json!({ "jwk": jwk, "kid": fixture.issuer.key.kid() }),
        json!({ "jku": "https://forger.example/jwks.json" }),
        json!({ "jku": "https://forger.example/jwks.json", "kid": fixture.issuer.key.kid() }),
        json!({ "x5u": "https://forger.example/chain.pem", "kid": fixture.issuer.key.kid() }),
        json!({ "x5c": ["AAAA"], "kid": fixture.issuer.key.kid() }),
    ];
    for members in headers {
        let header = header_with(&forger, members);
        refused(
            &fixture,
            &forger.signed(&header, &claims_json().to_string()),
        );
    }
}

#[test]
fn hints_where_to_find_the_key_are_not_followed() {
    // Truly signed by us, so the hints must simply not matter.
    let fixture = Fixture::new();
    let forger = SigningKey::generate().public_jwk();
    let header = header_with(
        &fixture,
        json!({
            "jwk": serde_json::to_value(forger).expect("plain data"),
            "jku": "https://forger.example/jwks.json",
            "x5u": 5,
        }),
    );
    accepted(
        &fixture,
        &fixture.signed(&header, &claims_json().to_string()),
    );
}

#[test]
fn a_key_id_is_looked_up_and_nothing_else() {
    let fixture = Fixture::new();
    for kid in [
        json!("unknown"),
        json!(""),
        json!("../../dev/null"),
        json!("' OR 1=1 --"),
        json!(null),
        json!(1),
        json!(["a"]),
    ] {
        let header = header_with(&fixture, json!({ "kid": kid }));
        refused(
            &fixture,
            &fixture.signed(&header, &claims_json().to_string()),
        );
    }
    let mut without = fixture.header();
    without.as_object_mut().expect("an object").remove("kid");
    refused(
        &fixture,
        &fixture.signed(&without, &claims_json().to_string()),
    );
}

#[test]
fn another_kind_of_token_is_no_access_token() {
    let fixture = Fixture::new();
    for typ in ["JWT", "", "id+jwt", "logout+jwt", "at+jwt2", "text/at+jwt"] {
        let header = header_with(&fixture, json!({ "typ": typ }));
        refused(
            &fixture,
            &fixture.signed(&header, &claims_json().to_string()),
        );
    }
    let mut without = fixture.header();
    without.as_object_mut().expect("an object").remove("typ");
    refused(
        &fixture,
        &fixture.signed(&without, &claims_json().to_string()),
    );

    // The same type, written in full or in capitals.
    for typ in ["application/at+jwt", "AT+JWT"] {
        let header = header_with(&fixture, json!({ "typ": typ }));
        accepted(
            &fixture,
            &fixture.signed(&header, &claims_json().to_string()),
        );
    }
}

#[test]
fn what_must_be_understood_and_is_not_is_refused() {
    let fixture = Fixture::new();
    for crit in [json!(["b64"]), json!(["exp"]), json!([]), json!("exp")] {
        let header = header_with(&fixture, json!({ "crit": crit, "b64": false }));
        refused(
            &fixture,
            &fixture.signed(&header, &claims_json().to_string()),
        );
    }
}

#[test]
fn a_token_of_another_issuer_or_for_somebody_else_is_refused() {
    let fixture = Fixture::new();
    let sign = |claims: &Claims| fixture.issuer.sign(claims).expect("signed");
    let one = |name: &str| Audience::One(name.to_owned());
    let many = |names: &[&str]| Audience::Many(names.iter().map(|&name| name.to_owned()).collect());

    for iss in ["", "https://accounts.example/", "https://forger.example"] {
        refused(
            &fixture,
            &sign(&Claims {
                iss: iss.to_owned(),
                ..claims()
            }),
        );
    }
    for aud in [
        one(""),
        one("shop2"),
        one("sho"),
        many(&[]),
        many(&["a", "b"]),
    ] {
        refused(&fixture, &sign(&Claims { aud, ..claims() }));
    }
    accepted(
        &fixture,
        &sign(&Claims {
            aud: many(&["a", "shop"]),
            ..claims()
        }),
    );
    refused(
        &fixture,
        &sign(&Claims {
            sub: String::new(),
            ..claims()
        }),
    );
    refused(
        &fixture,
        &sign(&Claims {
            jti: String::new(),
            ..claims()
        }),
    );
}

#[test]
fn every_claim_we_rely_on_must_be_there_in_its_own_type() {
    let fixture = Fixture::new();
    for name in ["iss", "sub", "aud", "exp", "iat", "jti"] {
        let mut payload = claims_json();
        payload.as_object_mut().expect("an object").remove(name);
        refused(
            &fixture,
            &fixture.signed(&fixture.header(), &payload.to_string()),
        );
    }
    for (name, value) in [
        ("exp", json!("9999999999")),
        ("exp", json!(null)),
        ("exp", json!(1e300)),
        ("exp", json!(i64::MAX)),
        ("exp", json!(u64::MAX)),
        ("nbf", json!("0")),
        ("sub", json!(["usr_1"])),
        ("aud", json!({ "shop": true })),
        ("roles", json!("ADMIN")),
        ("scope", json!(["users:write"])),
    ] {
        let mut payload = claims_json();
        payload[name] = value;
        refused(
            &fixture,
            &fixture.signed(&fixture.header(), &payload.to_string()),
        );
    }
}

#[test]
fn a_claim_said_twice_is_refused() {
    let fixture = Fixture::new();
    let payload = claims_json().to_string();
    let body = payload.strip_suffix('}').expect("an object");
    for again in [
        r#""sub":"usr_2""#,
        r#""exp":9999999999"#,
        r#""aud":"shop""#,
        r#""roles":["ADMIN"]"#,
        r#""scope":"users:write""#,
    ] {
        refused(
            &fixture,
            &fixture.signed(&fixture.header(), &format!("{body},{again}}}")),
        );
    }
    // And in the header likewise.
    let header = fixture.header().to_string();
    let twice = header.replace(r#""alg":"EdDSA""#, r#""alg":"EdDSA","alg":"EdDSA""#);
    assert_ne!(header, twice);
    let encode = |part: &str| BASE64URL_NOPAD.encode(part.as_bytes());
    let message = format!("{}.{}", encode(&twice), encode(&payload));
    let key = EncodingKey::from_ed_der(&fixture.issuer.key.to_pkcs8_der());
    let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &key, Algorithm::EdDSA)
        .expect("a sound key signs");
    refused(&fixture, &format!("{message}.{signature}"));
}

#[test]
fn altered_contents_do_not_fit_the_signature() {
    let fixture = Fixture::new();
    let token = fixture.token(&[Role::Customer]);
    let parts: Vec<&str> = token.split('.').collect();
    let mut payload = claims_json();
    payload["roles"] = json!(["ADMIN"]);
    payload["scope"] = json!("users:write");
    let payload = BASE64URL_NOPAD.encode(payload.to_string().as_bytes());
    refused(&fixture, &format!("{}.{payload}.{}", parts[0], parts[2]));

    // The signature of one token under the contents of another.
    let other = fixture.token(&[Role::Admin]);
    let signature = other.rsplit('.').next().expect("a signature");
    refused(&fixture, &format!("{}.{}.{signature}", parts[0], parts[1]));
}

#[test]
fn no_single_altered_character_passes() {
    let fixture = Fixture::new();
    let token = fixture.signed(&fixture.header(), &claims_json().to_string());
    for index in 0..token.len() {
        let old = &token[index..=index];
        let new = if old == "A" { "B" } else { "A" };
        let altered = format!("{}{new}{}", &token[..index], &token[index + 1..]);
        refused(&fixture, &altered);
    }
    for length in (0..token.len()).step_by(7) {
        refused(&fixture, &token[..length]);
    }
}

#[test]
fn there_is_one_way_to_write_a_token() {
    let fixture = Fixture::new();
    let token = fixture.token(&[]);
    for altered in [
        format!("{token}="),
        format!("{token}=="),
        format!("{token}."),
        format!(".{token}"),
        format!(" {token}"),
        format!("{token}\n"),
        token.replace('.', ".."),
        token.replacen('.', " .", 1),
        token.replacen('.', "=.", 1),
        format!("{token}.{token}"),
    ] {
        refused(&fixture, &altered);
    }
    for nonsense in [
        "",
        ".",
        "..",
        "...",
        "a.b.c",
        "ä.ö.ü",
        "\0.\0.\0",
        "eyJ9.e30.AA",
    ] {
        refused(&fixture, nonsense);
    }
}

#[test]
fn a_huge_token_is_refused_unread() {
    let fixture = Fixture::new();
    let sized = |padding: usize| {
        let mut payload = claims_json();
        payload["pad"] = json!("x".repeat(padding));
        fixture.signed(&fixture.header(), &payload.to_string())
    };
    let large = sized(5_000);
    assert!(large.len() < MAX_TOKEN_BYTES);
    accepted(&fixture, &large);
    let huge = sized(7_000);
    assert!(huge.len() > MAX_TOKEN_BYTES);
    refused(&fixture, &huge);
    refused(&fixture, &".".repeat(1_000_000));
}

#[test]
fn deeply_nested_contents_are_refused_without_harm() {
    let fixture = Fixture::new();
    let nested = "[".repeat(3_000);
    refused(&fixture, &fixture.signed(&fixture.header(), &nested));
    refused(
        &fixture,
        &fixture.signed(&fixture.header(), &format!(r#"{{"pad":{nested}"#)),
    );
}

#[test]
fn the_answer_never_says_what_was_wrong() {
    let fixture = Fixture::new();
    let stranger = Fixture::new();
    let wrong_issuer = Claims {
        iss: "x".to_owned(),
        ..claims()
    };
    let answers = [
        fixture.verifier.verify("nonsense", now()),
        fixture.verifier.verify(&stranger.token(&[]), now()),
        fixture
            .verifier
            .verify(&fixture.issuer.sign(&wrong_issuer).expect("signed"), now()),
    ];
    for answer in answers {
        let error = answer.expect_err("all three are invalid");
        assert_eq!(error.to_string(), "the access token is invalid");
        assert_eq!(error.code(), "UNAUTHENTICATED");
    }
}
