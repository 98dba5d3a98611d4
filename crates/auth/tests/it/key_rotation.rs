//! Changing the key while the shop is open.

use auth::{AuthError, KeySet, SigningKey};

use crate::fixture::{Fixture, now};

#[test]
fn old_tokens_hold_while_the_old_key_stays_published() {
    let mut fixture = Fixture::new();
    let old_key = fixture.issuer.key.clone();
    let old_token = fixture.token(&[]);

    // The next key is published before it is used.
    let next = SigningKey::generate();
    let both = KeySet::new([old_key.public_jwk(), next.public_jwk()]);
    fixture.verifier.replace_keys(both);
    fixture.issuer.key = next.clone();
    let new_token = fixture.token(&[]);
    assert!(fixture.verifier.verify(&old_token, now()).is_ok());
    assert!(fixture.verifier.verify(&new_token, now()).is_ok());

    // The old key goes.
    fixture.verifier.replace_keys(next.key_set());
    assert_eq!(
        fixture.verifier.verify(&old_token, now()),
        Err(AuthError::TokenInvalid)
    );
    assert!(fixture.verifier.verify(&new_token, now()).is_ok());
}

#[test]
fn clones_of_a_verifier_share_their_keys() {
    let fixture = Fixture::new();
    let clone = fixture.verifier.clone();
    let token = fixture.token(&[]);
    assert!(clone.verify(&token, now()).is_ok());
    fixture.verifier.replace_keys(KeySet::default());
    assert!(clone.verify(&token, now()).is_err());
    assert!(clone.keys().is_empty());
}

#[test]
fn a_token_with_an_unknown_key_says_which() {
    let fixture = Fixture::new();
    let other = Fixture::new();
    let foreign = other.token(&[]);
    assert_eq!(
        fixture.verifier.unknown_key(&foreign).as_deref(),
        Some(other.issuer.key.kid())
    );
    assert_eq!(fixture.verifier.unknown_key(&fixture.token(&[])), None);
    assert_eq!(fixture.verifier.unknown_key("nonsense"), None);
}

#[test]
fn keys_read_from_their_published_form_verify() {
    let fixture = Fixture::new();
    let json = fixture.issuer.key.key_set().to_json();
    let read = KeySet::from_json(&json).expect("its own form");
    fixture.verifier.replace_keys(read);
    assert!(fixture.verifier.verify(&fixture.token(&[]), now()).is_ok());
}

#[test]
fn the_key_of_another_issuer_under_our_key_id_does_not_verify() {
    let fixture = Fixture::new();
    let mut swapped = SigningKey::generate().public_jwk();
    swapped.kid = fixture.issuer.key.kid().to_owned();
    fixture.verifier.replace_keys(KeySet::new([swapped]));
    assert!(fixture.verifier.verify(&fixture.token(&[]), now()).is_err());
}
