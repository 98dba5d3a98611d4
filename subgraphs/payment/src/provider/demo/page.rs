//! The demo provider's page, plain HTML that loads nothing.

use std::fmt::Write;

use crate::entity::demo_charge::{ChargeStatus, Model};

/// The page's only style sheet; the content security policy names its hash.
pub(super) const STYLE: &str = "\
body{font-family:system-ui,sans-serif;max-width:28rem;margin:4rem auto;padding:0 1rem;line-height:1.5}\
h1{font-size:1.25rem}.amount{font-size:2rem;font-weight:600}\
button{font:inherit;padding:.6rem 1rem;margin:.25rem .5rem .25rem 0;cursor:pointer}\
.note{color:#555;font-size:.9rem}";

/// Text made safe inside an element or a quoted attribute.
fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

/// The page of a charge: the buttons while it is open, the outcome afterwards.
pub(super) fn render(charge: &Model) -> String {
    let (headline, note, buttons): (_, _, &[(&str, &str)]) = match charge.status {
        ChargeStatus::Open => (
            "Demo payment",
            "No real money moves here. Choose how this payment ends.",
            &[
                ("paid", "Pay"),
                ("declined", "Decline"),
                ("expired", "Let it expire"),
            ],
        ),
        ChargeStatus::Paid => ("Paid", "Thank you. You can close this page.", &[]),
        ChargeStatus::Declined => (
            "Declined",
            "The payment was declined. You can try again in the shop.",
            &[("paid_late", "Let the money arrive late")],
        ),
        ChargeStatus::Expired => (
            "Expired",
            "The time to pay is over.",
            &[("paid_late", "Let the money arrive late")],
        ),
        ChargeStatus::Cancelled => (
            "Cancelled",
            "The shop has called this payment off.",
            &[("paid_late", "Let the money arrive late")],
        ),
    };
    let mut form = String::new();
    if !buttons.is_empty() {
        form.push_str("<form method=\"post\">");
        for (outcome, label) in buttons {
            let _ = write!(
                form,
                "<button name=\"outcome\" value=\"{outcome}\">{label}</button>"
            );
        }
        form.push_str("</form>");
    }
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
         <title>{headline}</title><style>{STYLE}</style></head><body>\
         <h1>{headline}</h1><p>{description}</p><p class=\"amount\">{currency} {amount}</p>{form}\
         <p class=\"note\">{note}</p></body></html>",
        description = escape(&charge.description),
        currency = escape(&charge.currency),
        amount = escape(&charge.amount().amount_string()),
    )
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    fn charge(status: ChargeStatus) -> Model {
        let time = DateTime::from_timestamp(1_700_000_000, 0).expect("a valid time");
        Model {
            gateway_ref: "demo_ch_1".to_owned(),
            idempotency_key: "key".to_owned(),
            reference: "pay_1".to_owned(),
            description: "Order <script>alert('1')</script> & \"more\"".to_owned(),
            amount_minor: 1_250,
            currency: "USD".to_owned(),
            status,
            refunded_minor: 0,
            expires_at: time,
            created_at: time,
            settled_at: None,
        }
    }

    #[test]
    fn text_is_escaped_and_the_amount_is_exact() {
        let page = render(&charge(ChargeStatus::Open));
        assert!(
            page.contains(
                "Order &lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &amp; &quot;more&quot;"
            ),
            "{page}"
        );
        assert!(!page.contains("<script"), "{page}");
        assert!(page.contains("USD 12.50"), "{page}");
    }

    #[test]
    fn an_open_charge_has_the_three_buttons_and_a_settled_one_has_not() {
        let open = render(&charge(ChargeStatus::Open));
        for outcome in ["paid", "declined", "expired"] {
            assert!(open.contains(&format!("value=\"{outcome}\"")), "{outcome}");
        }
        assert!(!open.contains("paid_late"));
        let paid = render(&charge(ChargeStatus::Paid));
        assert!(
            paid.contains("<h1>Paid</h1>") && !paid.contains("<form"),
            "{paid}"
        );
        for (status, headline) in [
            (ChargeStatus::Declined, "Declined"),
            (ChargeStatus::Expired, "Expired"),
            (ChargeStatus::Cancelled, "Cancelled"),
        ] {
            let page = render(&charge(status));
            assert!(page.contains(&format!("<h1>{headline}</h1>")), "{page}");
            assert!(!page.contains("value=\"paid\""), "{page}");
        }
    }
}
