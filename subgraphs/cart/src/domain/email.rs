//! What counts as an e-mail address.

/// Trims and checks an e-mail address: one `@`, a domain with a dot, nothing that is invisible. What
/// is really reachable only a message can tell.
pub(crate) fn parse_email(text: &str) -> Option<String> {
    let text = text.trim();
    let (local, domain) = text.split_once('@')?;
    let plain = |part: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && !part.ends_with('.')
            && !part.contains("..")
            && !part.chars().any(|c| {
                c == '@' || c.is_whitespace() || c.is_control() || "<>()[],;:\\\"".contains(c)
            })
    };
    let fits = text.len() <= 254 && local.len() <= 64;
    (fits && plain(local) && plain(domain) && domain.contains('.')).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::parse_email;

    #[test]
    fn addresses_are_trimmed_and_the_rest_is_refused() {
        assert_eq!(
            parse_email("  guest@example.com "),
            Some("guest@example.com".to_owned())
        );
        assert_eq!(
            parse_email("a.b+c@mail.example.co.id").as_deref(),
            Some("a.b+c@mail.example.co.id")
        );
        let long = format!("{}@example.com", "a".repeat(65));
        let refused = [
            "",
            "@",
            "a@",
            "@b.c",
            "a@b",
            "a@@b.c",
            "a b@c.d",
            "a@b..c",
            ".a@b.c",
            "a@b.c\r\nBcc: x@y.z",
            "<a@b.c>",
            &long,
        ];
        for text in refused {
            assert_eq!(parse_email(text), None, "{text:?}");
        }
    }
}
