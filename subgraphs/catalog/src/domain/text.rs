//! What texts of the catalog may look like.

use crate::CatalogError;

/// The longest name of a product or variant.
pub(crate) const MAX_NAME: usize = 200;
/// The longest description.
pub(crate) const MAX_DESCRIPTION: usize = 20_000;
/// The longest slug.
pub(crate) const MAX_SLUG: usize = 100;
const MAX_SKU: usize = 64;

/// One line of 1 to `max` characters, trimmed.
pub(crate) fn line(field: &str, value: &str, max: usize) -> Result<String, CatalogError> {
    let value = value.trim();
    let length = value.chars().count();
    if length == 0 || length > max {
        return Err(CatalogError::invalid(
            field,
            format!("must have 1 to {max} characters"),
        ));
    }
    if value.chars().any(char::is_control) {
        return Err(CatalogError::invalid(
            field,
            "must not contain control characters",
        ));
    }
    Ok(value.to_owned())
}

/// One line, or nothing if it is missing or blank.
pub(crate) fn optional_line(
    field: &str,
    value: Option<&str>,
    max: usize,
) -> Result<Option<String>, CatalogError> {
    match value {
        Some(value) if !value.trim().is_empty() => line(field, value, max).map(Some),
        _ => Ok(None),
    }
}

/// A text of several lines, up to `max` characters, trimmed; may be empty.
pub(crate) fn paragraphs(field: &str, value: &str, max: usize) -> Result<String, CatalogError> {
    let value = value.trim();
    if value.chars().count() > max {
        return Err(CatalogError::invalid(
            field,
            format!("must have at most {max} characters"),
        ));
    }
    if value
        .chars()
        .any(|char| char.is_control() && !matches!(char, '\n' | '\r' | '\t'))
    {
        return Err(CatalogError::invalid(
            field,
            "must not contain control characters",
        ));
    }
    Ok(value.to_owned())
}

/// A URL name: words of `a-z` and `0-9` with single hyphens between them.
pub(crate) fn slug(field: &str, value: &str) -> Result<String, CatalogError> {
    let value = line(field, value, MAX_SLUG)?;
    let is_word = |word: &str| {
        !word.is_empty()
            && word
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    if value.split('-').all(is_word) {
        Ok(value)
    } else {
        Err(CatalogError::invalid(
            field,
            "must consist of lower-case letters, digits and single hyphens",
        ))
    }
}

/// The slug given, or one made of the name.
pub(crate) fn slug_or_from_name(value: Option<&str>, name: &str) -> Result<String, CatalogError> {
    match value {
        Some(value) => slug("slug", value),
        None => slug("slug", &slugify(name)).map_err(|_| {
            CatalogError::invalid("slug", "cannot be made of this name; please give one")
        }),
    }
}

/// The letters and digits of a name as a slug; empty if there are none.
fn slugify(name: &str) -> String {
    let mut slug = String::new();
    for char in name.chars().flat_map(char::to_lowercase) {
        if slug.len() >= MAX_SLUG {
            break;
        }
        if char.is_ascii_alphanumeric() {
            slug.push(char);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.trim_end_matches('-').to_owned()
}

/// A stock keeping unit: letters, digits, `.`, `_`, `-` and `/`.
pub(crate) fn sku(field: &str, value: &str) -> Result<String, CatalogError> {
    let value = line(field, value, MAX_SKU)?;
    if value
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"._-/".contains(&byte))
    {
        Ok(value)
    } else {
        Err(CatalogError::invalid(
            field,
            "must consist of letters, digits, `.`, `_`, `-` and `/`",
        ))
    }
}

/// The form in which texts are compared and sorted.
pub(crate) fn key(value: &str) -> String {
    value.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_trimmed_and_bounded() {
        assert_eq!(line("name", "  Teapot ", 10).expect("fits"), "Teapot");
        assert_eq!(
            line("name", "é".repeat(10).as_str(), 10)
                .expect("characters, not bytes")
                .chars()
                .count(),
            10
        );
        for bad in ["", "   ", "12345678901", "a\nb", "a\u{0}b", "a\u{1b}[31m"] {
            let error = line("name", bad, 10).expect_err(bad);
            assert_eq!(
                (error.code(), error.field()),
                ("INPUT_INVALID", Some("name")),
                "{bad:?}"
            );
        }
    }

    #[test]
    fn descriptions_may_have_lines_and_nothing_else_unprintable() {
        assert_eq!(paragraphs("d", " a\nb\t", 10).expect("fits"), "a\nb");
        assert_eq!(paragraphs("d", "", 10).expect("empty is fine"), "");
        assert!(paragraphs("d", "a\u{7}", 10).is_err());
        assert!(paragraphs("d", "12345678901", 10).is_err());
    }

    #[test]
    fn slugs_are_plain() {
        for good in ["a", "teapot", "demo-product-0001", "4x4"] {
            assert_eq!(slug("slug", good).expect(good), good);
        }
        for bad in [
            "",
            "-",
            "a-",
            "-a",
            "a--b",
            "A",
            "é",
            "a b",
            "a/b",
            "a_b",
            &"a".repeat(101),
        ] {
            assert!(slug("slug", bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_name_makes_a_slug() {
        for (name, expected) in [
            ("Blue Teapot, 2 l!", "blue-teapot-2-l"),
            ("  A -- B ", "a-b"),
            ("Café", "caf"),
        ] {
            assert_eq!(slug_or_from_name(None, name).expect(name), expected);
        }
        assert_eq!(
            slug_or_from_name(None, "茶壶")
                .expect_err("no letter")
                .field(),
            Some("slug")
        );
        assert_eq!(
            slug_or_from_name(None, &"x ".repeat(100))
                .expect("cut")
                .len(),
            99
        );
    }

    #[test]
    fn skus_are_plain() {
        assert_eq!(sku("sku", " DEMO-0001-A ").expect("fits"), "DEMO-0001-A");
        for bad in ["", "a b", "ü", "a%", &"A".repeat(65)] {
            assert!(sku("sku", bad).is_err(), "{bad}");
        }
    }

    proptest::proptest! {
        #[test]
        fn whatever_the_name_its_slug_is_a_slug(name in ".{0,150}") {
            let made = slugify(&name);
            proptest::prop_assert!(made.is_empty() || slug("slug", &made).is_ok(), "{made}");
        }
    }
}
