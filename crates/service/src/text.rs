//! What text from clients may hold.

use async_graphql::{Request, Value};

/// Whether a character has no place in a single line that people read: control characters, line and
/// paragraph separators, and the marks that reorder what stands beside them (so that a name could
/// turn the rest of a mail or a list around).
///
/// Joiners and the plain left-to-right and right-to-left marks are not among them: names in many
/// scripts need those.
#[must_use]
pub fn is_unprintable(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether a request holds the character U+0000 anywhere in its text. PostgreSQL cannot store or
/// compare it, and nobody types it.
pub(crate) fn holds_nul(request: &Request) -> bool {
    request.query.contains('\0')
        || escapes_nul(&request.query)
        || request.variables.values().any(value_holds_nul)
}

/// Whether a document writes the character as `\u0000`. A block string that spells out this escape,
/// which means nothing there, counts too.
fn escapes_nul(document: &str) -> bool {
    document.match_indices("\\u0000").any(|(at, _)| {
        let backslashes = document[..at].bytes().rev();
        backslashes.take_while(|byte| *byte == b'\\').count() % 2 == 0
    })
}

fn value_holds_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::List(values) => values.iter().any(value_holds_nul),
        Value::Object(fields) => fields.values().any(value_holds_nul),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::Variables;
    use serde_json::json;

    use super::*;

    #[test]
    fn nul_is_found_wherever_it_hides() {
        let with = |query: &str, variables| {
            holds_nul(&Request::new(query).variables(Variables::from_json(variables)))
        };
        assert!(with("{ a }", json!({ "x": "a\0" })));
        assert!(with("{ a }", json!({ "x": [{ "y": ["\0"] }] })));
        assert!(with("{ a(x: \"\0\") }", json!({})));
        assert!(with(r#"{ a(x: "b\u0000") }"#, json!({})));
        assert!(with(r#"{ a(x: "\\\u0000") }"#, json!({})));
        assert!(
            !with(r#"{ a(x: "\\u0000") }"#, json!({})),
            "a backslash and five characters"
        );
        assert!(!with(
            "{ a(x: \"\\u0001\") }",
            json!({ "x": [null, 1, { "y": "\\u0000" }] })
        ));
    }

    #[test]
    fn names_of_all_scripts_are_printable_and_overrides_are_not() {
        for name in [
            "Siti Nurhaliza",
            "می‌خواهم",
            "क्‍ष",
            "עברית\u{200f}",
            "👩‍🚀",
            "Ñ é",
        ] {
            assert!(!name.chars().any(is_unprintable), "{name}");
        }
        for bad in [
            '\0', '\n', '\u{7f}', '\u{85}', '\u{2028}', '\u{202e}', '\u{2066}',
        ] {
            assert!(is_unprintable(bad), "{bad:?}");
        }
    }
}
