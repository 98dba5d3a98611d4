//! Names, phone numbers and languages.

use service::text::is_unprintable;

/// A line of at most `max` printable characters, trimmed; nothing for an empty one.
pub(super) fn optional_text(text: Option<&str>, max: usize) -> Result<Option<String>, ()> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let fits = text.chars().count() <= max && !text.chars().any(is_unprintable);
    if fits {
        Ok(Some(text.to_owned()))
    } else {
        Err(())
    }
}

/// A BCP 47 language tag in its usual form, for example `id`, `en-US` or `zh-Hant-TW`: a language
/// and subtags of letters and digits. Whether the shop speaks it is decided where texts are.
pub(super) fn locale(text: &str) -> Option<String> {
    let text = text.trim();
    let mut subtags = text.split('-');
    let language = subtags.next().unwrap_or_default();
    let language_is_fine = (2..=3).contains(&language.len())
        && language.bytes().all(|byte| byte.is_ascii_alphabetic());
    let rest_is_fine = subtags.all(|subtag| {
        (2..=8).contains(&subtag.len()) && subtag.bytes().all(|byte| byte.is_ascii_alphanumeric())
    });
    (text.len() <= MAX_LOCALE && language_is_fine && rest_is_fine).then(|| text.to_owned())
}

/// The longest name, in characters.
pub(super) const MAX_NAME: usize = 100;
/// The longest phone number, in characters.
pub(super) const MAX_PHONE: usize = 30;
const MAX_LOCALE: usize = 35;

/// A phone number as people write it: digits, at least one, with spaces and `+-().` between.
pub(super) fn phone(text: Option<&str>) -> Result<Option<String>, ()> {
    let phone = optional_text(text, MAX_PHONE)?;
    let is_fine = phone.as_deref().is_none_or(|phone| {
        phone.chars().any(|char| char.is_ascii_digit())
            && phone
                .chars()
                .all(|char| char.is_ascii_digit() || " +-().".contains(char))
    });
    if is_fine { Ok(phone) } else { Err(()) }
}

#[cfg(test)]
mod tests {
    use super::{MAX_NAME, locale, optional_text, phone};

    #[test]
    fn texts_are_trimmed_and_bounded() {
        assert_eq!(optional_text(None, MAX_NAME), Ok(None));
        assert_eq!(optional_text(Some("  "), MAX_NAME), Ok(None));
        assert_eq!(
            optional_text(Some(" Siti "), MAX_NAME),
            Ok(Some("Siti".to_owned()))
        );
        assert!(optional_text(Some(&"é".repeat(100)), MAX_NAME).is_ok());
        assert_eq!(optional_text(Some(&"é".repeat(101)), MAX_NAME), Err(()));
        assert_eq!(optional_text(Some("Si\nti"), MAX_NAME), Err(()));
        assert_eq!(optional_text(Some("\u{202e}itiS"), MAX_NAME), Err(()));
    }

    #[test]
    fn locales_look_like_language_tags() {
        for good in ["id", "id-ID", "en-US", "zh-Hant-TW", "jv"] {
            assert_eq!(locale(good).as_deref(), Some(good));
        }
        for bad in [
            "",
            "i",
            "id_ID",
            "id-",
            "-id",
            "indo",
            "id-ID-",
            "12",
            "id-I",
            "id ID",
            "en-verylongsubtag",
        ] {
            assert_eq!(locale(bad), None, "{bad}");
        }
    }

    #[test]
    fn phone_numbers_have_digits_and_no_letters() {
        assert_eq!(
            phone(Some("+62 (812) 345-67.8")),
            Ok(Some("+62 (812) 345-67.8".to_owned()))
        );
        assert_eq!(phone(Some("")), Ok(None));
        for bad in ["call me", "+-", "0812x", "1".repeat(31).as_str()] {
            assert_eq!(phone(Some(bad)), Err(()), "{bad}");
        }
    }
}
