//! Recognizes what looks like a card number, so that none is ever stored here.

/// Whether `text` holds what looks like a card number: 13 to 19 digits, alone or in groups joined by
/// single spaces or hyphens, that begin like a payment card (2 to 6) and end in a valid check digit.
///
/// A UUID is never taken for one: they are what idempotency keys are made of.
pub fn contains_card_number(text: &str) -> bool {
    if uuid::Uuid::try_parse(text.trim()).is_ok() {
        return false;
    }
    digit_runs(text).iter().any(|groups| {
        (0..groups.len()).any(|start| {
            let mut digits = String::new();
            groups[start..].iter().any(|group| {
                digits.push_str(group);
                looks_like_card(&digits)
            })
        })
    })
}

/// The groups of digits of each stretch of digits, spaces and hyphens.
fn digit_runs(text: &str) -> Vec<Vec<String>> {
    let mut runs = vec![vec![String::new()]];
    let mut after_separator = false;
    for character in text.chars() {
        let run = runs.last_mut().expect("there is always a run");
        match character.to_digit(10) {
            Some(_) => {
                if after_separator {
                    run.push(String::new());
                }
                run.last_mut().expect("a run has a group").push(character);
                after_separator = false;
            }
            None if matches!(character, ' ' | '-') && !after_separator && !run[0].is_empty() => {
                after_separator = true
            }
            None => {
                runs.push(vec![String::new()]);
                after_separator = false;
            }
        }
    }
    runs
}

fn looks_like_card(digits: &str) -> bool {
    (13..=19).contains(&digits.len())
        && matches!(digits.as_bytes()[0], b'2'..=b'6')
        && passes_luhn(digits)
}

/// The check of ISO/IEC 7812: every second digit from the right counts double.
fn passes_luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(index, byte)| {
            let digit = u32::from(byte - b'0');
            match index % 2 {
                0 => digit,
                _ if digit > 4 => digit * 2 - 9,
                _ => digit * 2,
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn card_numbers_are_recognized_in_any_dress() {
        for text in [
            "4242424242424242",
            "5555555555554444",
            "378282246310005",
            "6011111111111117",
            "4222222222222",
            "my card is 4242 4242 4242 4242, thanks",
            "4242-4242-4242-4242",
            "card:4000056655665556.",
            "4242424242424242 12 27 123",
            "ref 17 4242 4242 4242 4242",
        ] {
            assert!(contains_card_number(text), "{text}");
        }
    }

    #[test]
    fn other_numbers_are_not() {
        for text in [
            "",
            "damaged in transit",
            "4242424242424241",
            "424242424242",
            "1700000000000",
            "BZR-2026-000123",
            "+62 812 3456 7890",
            "550e8400-e29b-41d4-a716-446655440000",
            "42424242-4242-4242-8000-000000000000",
            "4242  4242  4242  4242",
        ] {
            assert!(!contains_card_number(text), "{text}");
        }
    }
}
