//! What texts and numbers from people must look like.

use crate::InventoryError;

/// The most units a level may have; far above any warehouse, and safe in a GraphQL `Int`.
pub(crate) const MAX_UNITS: i64 = 1_000_000_000;
/// The longest reason, in characters.
pub(crate) const MAX_REASON: usize = 200;
/// The longest idempotency key, in characters.
pub(crate) const MAX_KEY: usize = 128;
/// The longest name, in characters.
pub(crate) const MAX_NAME: usize = 100;
/// The longest warehouse code, in characters.
pub(crate) const MAX_CODE: usize = 20;

/// A text of 1 to `max` characters without control characters, trimmed.
pub(crate) fn text(field: &'static str, text: &str, max: usize) -> Result<String, InventoryError> {
    let refuse = |message: String| Err(InventoryError::InputInvalid { field, message });
    let text = text.trim();
    if text.is_empty() {
        return refuse("must not be empty".to_owned());
    }
    if text.chars().count() > max {
        return refuse(format!("must not be longer than {max} characters"));
    }
    if text.chars().any(char::is_control) {
        return refuse("must not contain control characters".to_owned());
    }
    Ok(text.to_owned())
}

/// Why stock changes; must be said.
pub(crate) fn reason(reason: &str) -> Result<String, InventoryError> {
    if reason.trim().is_empty() {
        return Err(InventoryError::ReasonRequired);
    }
    text("reason", reason, MAX_REASON)
}

/// A new warehouse's code: letters, digits, `-` and `_`, in upper case.
pub(crate) fn warehouse_code(code: &str) -> Result<String, InventoryError> {
    let code = text("code", code, MAX_CODE)?.to_ascii_uppercase();
    if code
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    {
        Ok(code)
    } else {
        let message = "may only contain letters, digits, - and _".to_owned();
        Err(InventoryError::InputInvalid {
            field: "code",
            message,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_trimmed_and_checked() {
        assert_eq!(text("name", "  Main hall ", 9).expect("fits"), "Main hall");
        for bad in ["", "   ", "ten letter", "a\u{0}b", "a\nb"] {
            assert!(text("name", bad, 9).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_reason_must_be_said() {
        assert!(matches!(reason(" \t"), Err(InventoryError::ReasonRequired)));
        assert!(matches!(
            reason(&"x".repeat(201)),
            Err(InventoryError::InputInvalid {
                field: "reason",
                ..
            })
        ));
        assert_eq!(reason(" broken ").expect("said"), "broken");
    }

    #[test]
    fn codes_are_upper_case_and_plain() {
        assert_eq!(warehouse_code(" east-2 ").expect("plain"), "EAST-2");
        assert!(warehouse_code("eäst").is_err());
        assert!(warehouse_code("a b").is_err());
    }
}
