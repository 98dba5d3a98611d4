//! From the data of an event to the words of a mail.

use money::Money;

use super::money_text::money_text;
use super::template::Template;
use crate::incoming::{OrderConfirmed, OrderStatusChanged};

/// Both forms of a mail's text; they say the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rendered {
    /// For readers without HTML.
    pub(crate) text: String,
    /// For all others.
    pub(crate) html: String,
}

/// The stored data does not make a mail; trying again would not help.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RenderError {
    /// Stored by a newer or much older version of this service.
    #[error("there is no template `{0}`")]
    TemplateUnknown(String),
    /// Not the data of the event that the template is about.
    #[error("the stored data does not fit the template")]
    Payload(#[from] serde_json::Error),
    /// A line that costs more than can be counted.
    #[error("the amount of a line cannot be computed")]
    Amount(#[from] money::MoneyError),
}

/// One line of text: `label` to the left, `value` to the right, in a table of its own.
struct Row {
    label: String,
    value: String,
}

/// Writes the mail of `template` from the data it was queued with.
pub(crate) fn render(
    template: &str,
    payload: &str,
    shop_name: &str,
) -> Result<Rendered, RenderError> {
    let template = Template::from_name(template)
        .ok_or_else(|| RenderError::TemplateUnknown(template.to_owned()))?;
    match template {
        Template::OrderConfirmation => {
            order_confirmation(&serde_json::from_str(payload)?, shop_name)
        }
        Template::OrderProcessing | Template::OrderShipped | Template::OrderDelivered => {
            let event = serde_json::from_str(payload)?;
            Ok(order_status(template, &event, shop_name))
        }
    }
}

fn order_confirmation(event: &OrderConfirmed, shop_name: &str) -> Result<Rendered, RenderError> {
    let totals = &event.totals;
    let amount = |minor| money_text(Money::new(minor, totals.currency));
    let intro = [
        format!("Thank you for your order {}.", one_line(&event.number)),
        format!(
            "Placed on {}.",
            event.placed_at.format("%-d %B %Y, %H:%M UTC")
        ),
    ];

    let lines = event
        .lines
        .iter()
        .map(|line| {
            let label = format!(
                "{} × {} ({})",
                line.quantity,
                one_line(&line.name),
                one_line(&line.sku)
            );
            let value = money_text(line.price_at_purchase.checked_mul(line.quantity)?);
            Ok(Row { label, value })
        })
        .collect::<Result<Vec<_>, RenderError>>()?;

    let row = |label: &str, value| Row {
        label: label.to_owned(),
        value,
    };
    let mut sums = vec![row("Subtotal", amount(totals.subtotal))];
    if totals.discount != 0 {
        sums.push(row("Discount", format!("-{}", amount(totals.discount))));
    }
    sums.push(row("Shipping", amount(totals.shipping)));
    sums.push(row("Tax", amount(totals.tax)));
    sums.push(row("Total", amount(totals.total)));

    Ok(letter(&intro, &[lines, sums], shop_name))
}

fn order_status(template: Template, event: &OrderStatusChanged, shop_name: &str) -> Rendered {
    let order = event.number.as_deref().map_or_else(
        || "Your order".to_owned(),
        |number| format!("Your order {}", one_line(number)),
    );
    let news = match template {
        Template::OrderProcessing => "is being prepared.",
        Template::OrderShipped => "is on its way.",
        Template::OrderDelivered => "was delivered.",
        Template::OrderConfirmation => "is confirmed.",
    };

    // How to follow the parcel matters only while it travels.
    let mut tracking = Vec::new();
    if template == Template::OrderShipped {
        let known = [
            ("Carrier", &event.carrier),
            ("Tracking number", &event.tracking_number),
        ];
        for (label, value) in known {
            if let Some(value) = value {
                tracking.push(Row {
                    label: label.to_owned(),
                    value: one_line(value),
                });
            }
        }
    }
    letter(&[format!("{order} {news}")], &[tracking], shop_name)
}

/// Puts sentences and tables into both forms.
fn letter(sentences: &[String], tables: &[Vec<Row>], shop_name: &str) -> Rendered {
    let mut text = String::new();
    let mut html = String::from("<!DOCTYPE html>\n<html lang=\"en\">\n<body>\n");

    for sentence in sentences {
        text.push_str(sentence);
        text.push('\n');
        html.push_str(&format!("<p>{}</p>\n", escape(sentence)));
    }
    for table in tables.iter().filter(|table| !table.is_empty()) {
        text.push('\n');
        html.push_str("<table>\n");
        for Row { label, value } in table {
            text.push_str(&format!("{label}: {value}\n"));
            html.push_str(&format!(
                "<tr><td>{}</td><td style=\"text-align:right\">{}</td></tr>\n",
                escape(label),
                escape(value)
            ));
        }
        html.push_str("</table>\n");
    }

    text.push_str(&format!("\n{shop_name}\n"));
    html.push_str(&format!("<p>{}</p>\n</body>\n</html>\n", escape(shop_name)));
    Rendered { text, html }
}

/// Text from elsewhere on one line of ours: whatever could break or turn the line becomes a space.
fn one_line(text: &str) -> String {
    let breaks = |c: char| {
        c.is_control()
            || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    };
    text.replace(breaks, " ")
}

/// Text as HTML that shows exactly this text, in an element or in a quoted attribute.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use events::id::{CartId, OrderId, ProductId, VariantId};
    use events::order::{OrderConfirmed, OrderStatusChanged, OrderTotals, OrderedLine};
    use money::Currency;

    use super::*;

    fn confirmed() -> OrderConfirmed {
        OrderConfirmed {
            order_id: OrderId::from_name("order"),
            cart_id: CartId::from_name("cart"),
            number: "BZ-000001".to_owned(),
            placed_at: DateTime::from_timestamp(1_700_000_000, 0).expect("a valid time"),
            user_id: None,
            email: "buyer@example.com".to_owned(),
            lines: vec![OrderedLine {
                variant_id: VariantId::from_name("variant"),
                product_id: ProductId::from_name("product"),
                sku: "DEMO-0001-A".to_owned(),
                name: "Kopi <b>Gayo</b> & \"susu\"".to_owned(),
                quantity: 2,
                price_at_purchase: Money::new(125_000, Currency::IDR),
            }],
            totals: OrderTotals {
                currency: Currency::IDR,
                subtotal: 250_000,
                discount: 25_000,
                shipping: 20_000,
                tax: 26_950,
                total: 271_950,
            },
        }
    }

    fn shipped() -> OrderStatusChanged {
        OrderStatusChanged {
            order_id: OrderId::from_name("order"),
            number: Some("BZ-000001".to_owned()),
            email: "buyer@example.com".to_owned(),
            from: "PROCESSING".to_owned(),
            to: "SHIPPED".to_owned(),
            carrier: Some("JNE".to_owned()),
            tracking_number: Some("JX<1>".to_owned()),
        }
    }

    fn check(template: &str, payload: &impl serde::Serialize) -> Rendered {
        let payload = serde_json::to_string(payload).expect("plain data");
        render(template, &payload, "Bazaar & Sons").expect("renders")
    }

    #[test]
    fn a_confirmation_says_what_was_bought_for_how_much() {
        let rendered = check("order_confirmation", &confirmed());
        insta::assert_snapshot!(rendered.text, @r#"
        Thank you for your order BZ-000001.
        Placed on 14 November 2023, 22:13 UTC.

        2 × Kopi <b>Gayo</b> & "susu" (DEMO-0001-A): Rp 250.000

        Subtotal: Rp 250.000
        Discount: -Rp 25.000
        Shipping: Rp 20.000
        Tax: Rp 26.950
        Total: Rp 271.950

        Bazaar & Sons
        "#);
        insta::assert_snapshot!(rendered.html, @r#"
        <!DOCTYPE html>
        <html lang="en">
        <body>
        <p>Thank you for your order BZ-000001.</p>
        <p>Placed on 14 November 2023, 22:13 UTC.</p>
        <table>
        <tr><td>2 × Kopi &lt;b&gt;Gayo&lt;/b&gt; &amp; &quot;susu&quot; (DEMO-0001-A)</td><td style="text-align:right">Rp 250.000</td></tr>
        </table>
        <table>
        <tr><td>Subtotal</td><td style="text-align:right">Rp 250.000</td></tr>
        <tr><td>Discount</td><td style="text-align:right">-Rp 25.000</td></tr>
        <tr><td>Shipping</td><td style="text-align:right">Rp 20.000</td></tr>
        <tr><td>Tax</td><td style="text-align:right">Rp 26.950</td></tr>
        <tr><td>Total</td><td style="text-align:right">Rp 271.950</td></tr>
        </table>
        <p>Bazaar &amp; Sons</p>
        </body>
        </html>
        "#);
    }

    #[test]
    fn a_shipping_mail_tells_how_to_follow_the_parcel() {
        let rendered = check("order_shipped", &shipped());
        insta::assert_snapshot!(rendered.text, @r"
        Your order BZ-000001 is on its way.

        Carrier: JNE
        Tracking number: JX<1>

        Bazaar & Sons
        ");
        assert!(rendered.html.contains("JX&lt;1&gt;"), "{}", rendered.html);
        let delivered = check("order_delivered", &shipped());
        assert!(!delivered.text.contains("JNE"), "{}", delivered.text);
    }

    #[test]
    fn foreign_text_cannot_add_lines_or_markup() {
        let mut order = confirmed();
        order.lines[0].name = "Tea\r\nTotal: Rp 0\u{202E}<script>".to_owned();
        let rendered = check("order_confirmation", &order);
        assert!(
            !rendered.text.contains("\nTotal: Rp 0"),
            "{}",
            rendered.text
        );
        assert!(!rendered.text.contains('\u{202E}'), "{}", rendered.text);
        assert!(!rendered.html.contains("<script>"), "{}", rendered.html);
    }

    #[test]
    fn what_makes_no_mail_is_an_error_and_no_panic() {
        let mut order = confirmed();
        order.lines[0].quantity = i64::MAX;
        let payload = serde_json::to_string(&order).expect("plain data");
        let too_much = render("order_confirmation", &payload, "Bazaar");
        assert!(matches!(too_much, Err(RenderError::Amount(_))));
        let unknown = render("order_teleported", &payload, "Bazaar");
        assert!(matches!(unknown, Err(RenderError::TemplateUnknown(_))));
        let nothing = render("order_confirmation", "{}", "Bazaar");
        assert!(matches!(nothing, Err(RenderError::Payload(_))));
    }
}
