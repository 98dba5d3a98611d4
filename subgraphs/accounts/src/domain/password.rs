//! Which passwords are accepted.

use std::fmt;

use crate::domain::EmailAddress;
use crate::domain::common_passwords::COMMON_PASSWORDS;

/// The fewest characters of a password.
pub(crate) const MIN_CHARS: usize = 8;
/// The most bytes of a password; enough for any phrase, and cheap to refuse.
pub(crate) const MAX_BYTES: usize = 1024;

/// What is wrong with a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WeakPassword {
    /// Fewer than 8 characters.
    TooShort,
    /// More than 1024 bytes.
    TooLong,
    /// The e-mail address, or the part before the `@`.
    IsEmail,
    /// One of those that are tried first.
    Common,
}

impl fmt::Display for WeakPassword {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooShort => write!(
                formatter,
                "The password needs at least {MIN_CHARS} characters"
            ),
            Self::TooLong => write!(formatter, "The password can have at most {MAX_BYTES} bytes"),
            Self::IsEmail => formatter.write_str("The password must not be the e-mail address"),
            Self::Common => formatter.write_str("This password is too common"),
        }
    }
}

/// Checks a new password. There are no rules on which characters it must contain: length is what
/// makes a password hard to guess.
pub(crate) fn check(password: &str, email: &EmailAddress) -> Result<(), WeakPassword> {
    if password.chars().count() < MIN_CHARS {
        return Err(WeakPassword::TooShort);
    }
    if password.len() > MAX_BYTES {
        return Err(WeakPassword::TooLong);
    }
    let lower = password.trim().to_lowercase();
    if lower == email.key || lower == email.local_key() {
        return Err(WeakPassword::IsEmail);
    }
    if COMMON_PASSWORDS.contains(&lower.as_str()) {
        return Err(WeakPassword::Common);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{MAX_BYTES, WeakPassword, check};
    use crate::domain::EmailAddress;
    use crate::domain::common_passwords::COMMON_PASSWORDS;

    fn verdict(password: &str) -> Result<(), WeakPassword> {
        check(
            password,
            &EmailAddress::parse("Budi.Santoso@bazaar.test").expect("an address"),
        )
    }

    #[test]
    fn long_enough_is_good_enough() {
        for password in [
            "bazaar-demo",
            "7 letter",
            "ñandú-éà",
            "🦀🦀🦀🦀🦀🦀🦀🦀",
            &"x".repeat(MAX_BYTES),
        ] {
            assert_eq!(verdict(password), Ok(()), "{password}");
        }
    }

    #[test]
    fn easy_guesses_are_refused() {
        for (password, why) in [
            ("", WeakPassword::TooShort),
            ("seven77", WeakPassword::TooShort),
            ("🦀🦀🦀🦀🦀🦀🦀", WeakPassword::TooShort),
            (&"x".repeat(MAX_BYTES + 1), WeakPassword::TooLong),
            ("budi.santoso@BAZAAR.test", WeakPassword::IsEmail),
            ("BUDI.SANTOSO", WeakPassword::IsEmail),
            ("PassWord1", WeakPassword::Common),
            (" 12345678 ", WeakPassword::Common),
        ] {
            assert_eq!(verdict(password), Err(why), "{password}");
        }
    }

    #[test]
    fn the_list_holds_what_could_be_accepted_otherwise() {
        for password in COMMON_PASSWORDS {
            assert!(
                password.len() >= super::MIN_CHARS,
                "{password} is refused for its length"
            );
            assert_eq!(*password, password.to_lowercase(), "compared in lower case");
        }
    }
}
