//! Money as people write it.

use money::{Currency, Money};

/// `Rp 125.000`, `$12.50`, `€1,234.50`, `KWD 1.250`; a minus sign comes first.
pub(crate) fn money_text(money: Money) -> String {
    let digits = money.amount_string();
    let (sign, digits) = match digits.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", digits.as_str()),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));

    // Indonesians group by points; everybody else we sell to, in English text, by commas.
    let (symbol, group, point) = match money.currency {
        Currency::IDR => ("Rp ".to_owned(), '.', ','),
        Currency::USD => ("$".to_owned(), ',', '.'),
        Currency::EUR => ("€".to_owned(), ',', '.'),
        Currency::SGD => ("S$".to_owned(), ',', '.'),
        other => (format!("{} ", other.code()), ',', '.'),
    };

    let mut text = format!("{sign}{symbol}");
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push(group);
        }
        text.push(digit);
    }
    if !fraction.is_empty() {
        text.push(point);
        text.push_str(fraction);
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn amounts_are_written_as_people_write_them() {
        let cases = [
            (125_000, Currency::IDR, "Rp 125.000"),
            (0, Currency::IDR, "Rp 0"),
            (999, Currency::IDR, "Rp 999"),
            (21_500_000, Currency::IDR, "Rp 21.500.000"),
            (-5_000, Currency::IDR, "-Rp 5.000"),
            (1_250, Currency::USD, "$12.50"),
            (5, Currency::USD, "$0.05"),
            (123_456_789, Currency::USD, "$1,234,567.89"),
            (-100, Currency::EUR, "-€1.00"),
            (100_000, Currency::SGD, "S$1,000.00"),
            (1_250, Currency::KWD, "KWD 1.250"),
            (i64::MIN, Currency::IDR, "-Rp 9.223.372.036.854.775.808"),
        ];
        for (minor, currency, text) in cases {
            assert_eq!(money_text(Money::new(minor, currency)), text);
        }
    }

    proptest! {
        #[test]
        fn no_digit_is_lost(minor: i64) {
            for currency in [Currency::IDR, Currency::USD] {
                let money = Money::new(minor, currency);
                let digits = |text: String| text.chars().filter(char::is_ascii_digit).collect::<String>();
                prop_assert_eq!(digits(money_text(money)), digits(money.amount_string()));
            }
        }
    }
}
