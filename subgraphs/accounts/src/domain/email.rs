//! E-mail addresses.

use std::fmt;

use service::text::is_unprintable;

/// The longest address that can be used in SMTP (RFC 5321 §4.5.3.1.3, without the brackets).
pub(crate) const MAX_BYTES: usize = 254;
const MAX_LOCAL_BYTES: usize = 64;
const MAX_LABEL_BYTES: usize = 63;
const NEVER_UNQUOTED: &[char] = &['(', ')', '<', '>', '[', ']', ',', ';', ':', '\\', '"', '@'];

/// A plausible e-mail address. Whether mail arrives there only a mail can tell.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct EmailAddress {
    /// As entered, trimmed.
    pub(crate) entered: String,
    /// In lower case; addresses that differ in case alone are the same here, as they are for the
    /// mail services people use.
    pub(crate) key: String,
}

impl fmt::Debug for EmailAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("EmailAddress(..)")
    }
}

impl EmailAddress {
    /// Reads what somebody typed; none if no mail could be sent there.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let entered = text.trim();
        let key = Self::key_of(entered);
        if entered.len() > MAX_BYTES || key.len() > MAX_BYTES {
            return None;
        }
        let (local, domain) = entered.rsplit_once('@')?;
        let local_is_fine = !local.is_empty()
            && local.len() <= MAX_LOCAL_BYTES
            && !local.starts_with('.')
            && !local.ends_with('.')
            && !local.contains("..")
            && !local.contains(|char: char| {
                char.is_whitespace() || is_invisible(char) || NEVER_UNQUOTED.contains(&char)
            });
        let domain_is_fine = domain.contains('.') && domain.split('.').all(is_label);
        (local_is_fine && domain_is_fine).then(|| Self {
            entered: entered.to_owned(),
            key,
        })
    }

    /// The key of whatever was typed, an address or not.
    pub(crate) fn key_of(text: &str) -> String {
        text.trim().to_lowercase()
    }

    /// The part before the `@`, in lower case.
    pub(crate) fn local_key(&self) -> &str {
        self.key.rsplit_once('@').map_or("", |(local, _)| local)
    }
}

/// What cannot be seen would let an address look like somebody else's.
fn is_invisible(char: char) -> bool {
    is_unprintable(char)
        || matches!(
            char,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
                | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{206f}'
                | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
                | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}'
        )
}

/// Internationalized names are accepted as they are typed.
fn is_label(label: &str) -> bool {
    !label.is_empty()
        && label.len() <= MAX_LABEL_BYTES
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label
            .chars()
            .all(|char| char.is_alphanumeric() || char == '-')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::EmailAddress;

    #[test]
    fn ordinary_addresses_are_accepted() {
        for (typed, entered, key) in [
            ("a@b.id", "a@b.id", "a@b.id"),
            (
                " Budi@Bazaar.Test\n",
                "Budi@Bazaar.Test",
                "budi@bazaar.test",
            ),
            (
                "first.last+tag@mail.example.co.id",
                "first.last+tag@mail.example.co.id",
                "first.last+tag@mail.example.co.id",
            ),
            (
                "o'neil_{x}@ex-ample.com",
                "o'neil_{x}@ex-ample.com",
                "o'neil_{x}@ex-ample.com",
            ),
            (
                "JÖRG@Bücher.example",
                "JÖRG@Bücher.example",
                "jörg@bücher.example",
            ),
        ] {
            let email = EmailAddress::parse(typed).unwrap_or_else(|| panic!("{typed:?} is fine"));
            assert_eq!((email.entered.as_str(), email.key.as_str()), (entered, key));
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for typed in [
            "",
            " ",
            "@",
            "a",
            "a@",
            "@b.id",
            "a@b",
            "a@b.",
            "a@.id",
            "a@b..id",
            "a b@c.id",
            "a@b c.id",
            "a@-b.id",
            "a@b-.id",
            ".a@b.id",
            "a.@b.id",
            "a..b@c.id",
            "a@b@c.id",
            "<a@b.id>",
            "a@b.id, c@d.id",
            "a\0@b.id",
            "a@b_c.id",
            "a@[127.0.0.1]",
            "ad\u{200b}min@b.id",
            "ad\u{ad}min@b.id",
            "\u{feff}admin@b.id",
            "\u{202e}nimda@b.id",
            "admin@b.id\u{202e}",
        ] {
            assert_eq!(EmailAddress::parse(typed), None, "{typed:?}");
        }
    }

    #[test]
    fn length_is_bounded() {
        let domain = [
            "d".repeat(63),
            "e".repeat(63),
            "f".repeat(57),
            "id".to_owned(),
        ]
        .join(".");
        let longest = format!("{}@{domain}", "l".repeat(64));
        assert_eq!(longest.len(), 253);
        assert!(EmailAddress::parse(&longest).is_some());
        assert!(
            EmailAddress::parse(&longest.replace("@d", "@dd")).is_none(),
            "a label of 64"
        );
        assert!(
            EmailAddress::parse(&longest.replace(".id", ".idid")).is_none(),
            "255 in all"
        );
        assert!(EmailAddress::parse(&format!("{}@b.id", "l".repeat(65))).is_none());
    }

    proptest! {
        #[test]
        fn an_accepted_address_is_accepted_again_as_its_key(typed in "\\PC{0,12}@\\PC{1,10}\\.[a-z]{2}") {
            if let Some(email) = EmailAddress::parse(&typed) {
                let again = EmailAddress::parse(&email.key);
                prop_assert_eq!(again.map(|again| again.key), Some(email.key));
            }
        }
    }
}
