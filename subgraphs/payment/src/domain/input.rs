//! Checks of text that clients send.

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use super::card_number::contains_card_number;
use crate::error::PaymentError;

/// An idempotency key: trimmed, 1 to 100 characters.
///
/// # Errors
/// [`PaymentError`] if it is not acceptable.
pub fn idempotency_key(text: &str) -> Result<String, PaymentError> {
    const FIELD: &str = "idempotencyKey";
    let key = text.trim();
    refuse_card_number(FIELD, key)?;
    if key.is_empty() || key.chars().count() > 100 || key.chars().any(char::is_control) {
        let problem = "The idempotency key must have 1 to 100 printable characters.";
        return Err(PaymentError::InputInvalid {
            field: FIELD,
            problem,
        });
    }
    Ok(key.to_owned())
}

/// A reason in words: trimmed, at most 500 characters; empty means none.
///
/// # Errors
/// [`PaymentError`] if it is not acceptable.
pub fn reason(text: Option<&str>) -> Result<Option<String>, PaymentError> {
    const FIELD: &str = "reason";
    let text = text.unwrap_or_default().trim();
    refuse_card_number(FIELD, text)?;
    if text.chars().count() > 500 || text.chars().any(char::is_control) {
        let problem = "The reason must have at most 500 printable characters.";
        return Err(PaymentError::InputInvalid {
            field: FIELD,
            problem,
        });
    }
    Ok((!text.is_empty()).then(|| text.to_owned()))
}

/// Refuses a field that holds what looks like a card number.
///
/// # Errors
/// [`PaymentError::CardNumberRefused`]
pub fn refuse_card_number(field: &'static str, text: &str) -> Result<(), PaymentError> {
    if contains_card_number(text) {
        return Err(PaymentError::CardNumberRefused { field });
    }
    Ok(())
}

/// SHA-256 (hex) of what was asked for; the parts cannot run into each other.
pub fn body_hash(parts: &[&str]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    HEXLOWER.encode(&hasher.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_trimmed_and_bounded() {
        assert_eq!(idempotency_key(" key-1 ").expect("fine"), "key-1");
        assert!(idempotency_key(&"x".repeat(100)).is_ok());
        for (bad, code) in [
            ("", "INPUT_INVALID"),
            ("  ", "INPUT_INVALID"),
            ("a\u{0}b", "INPUT_INVALID"),
            (&"x".repeat(101), "INPUT_INVALID"),
            ("4242424242424242", "CARD_NUMBER_REFUSED"),
        ] {
            assert_eq!(idempotency_key(bad).expect_err(bad).code(), code);
        }
    }

    #[test]
    fn a_reason_is_optional() {
        assert_eq!(reason(None).expect("fine"), None);
        assert_eq!(reason(Some("  ")).expect("fine"), None);
        assert_eq!(
            reason(Some(" broken ")).expect("fine").as_deref(),
            Some("broken")
        );
        assert_eq!(
            reason(Some(&"x".repeat(501))).expect_err("too long").code(),
            "INPUT_INVALID"
        );
        assert_eq!(
            reason(Some("4242 4242 4242 4242"))
                .expect_err("a card")
                .code(),
            "CARD_NUMBER_REFUSED"
        );
    }

    #[test]
    fn different_parts_have_different_hashes() {
        assert_ne!(body_hash(&["ab", "c"]), body_hash(&["a", "bc"]));
        assert_eq!(body_hash(&["a"]), body_hash(&["a"]));
    }
}
