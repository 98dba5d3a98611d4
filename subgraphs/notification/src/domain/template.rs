//! The kinds of mail.

/// A kind of mail. Its name is stored, and shown to staff and on the order's timeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(
    clippy::enum_variant_names,
    reason = "the variants are the stored names; mail about other things will join them"
)]
pub(crate) enum Template {
    /// The order is paid and official.
    OrderConfirmation,
    /// Somebody packs it.
    OrderProcessing,
    /// It is on its way.
    OrderShipped,
    /// It arrived.
    OrderDelivered,
}

impl Template {
    const ALL: [Self; 4] = [
        Self::OrderConfirmation,
        Self::OrderProcessing,
        Self::OrderShipped,
        Self::OrderDelivered,
    ];

    /// The stored name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::OrderConfirmation => "order_confirmation",
            Self::OrderProcessing => "order_processing",
            Self::OrderShipped => "order_shipped",
            Self::OrderDelivered => "order_delivered",
        }
    }

    /// The template of a stored name.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|template| template.name() == name)
    }

    /// The template that tells a buyer that the order reached `status`, if there is one. That it is
    /// confirmed has a mail of its own, from another event.
    pub(crate) fn for_status(status: &str) -> Option<Self> {
        match status {
            "PROCESSING" => Some(Self::OrderProcessing),
            "SHIPPED" => Some(Self::OrderShipped),
            "DELIVERED" => Some(Self::OrderDelivered),
            _ => None,
        }
    }

    /// The subject line.
    pub(crate) fn subject(self, number: Option<&str>) -> String {
        let order = number.map_or_else(
            || "Your order".to_owned(),
            |number| format!("Order {number}"),
        );
        match self {
            Self::OrderConfirmation => format!("{order} is confirmed"),
            Self::OrderProcessing => format!("{order} is being prepared"),
            Self::OrderShipped => format!("{order} is on its way"),
            Self::OrderDelivered => format!("{order} was delivered"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Template;

    #[test]
    fn every_template_is_found_by_its_name() {
        for template in Template::ALL {
            assert_eq!(Template::from_name(template.name()), Some(template));
        }
        assert_eq!(Template::from_name("order_teleported"), None);
    }

    #[test]
    fn only_what_a_buyer_waits_for_is_mailed() {
        for silent in [
            "PENDING",
            "CONFIRMED",
            "CANCELLED",
            "EXPIRED",
            "shipped",
            "",
        ] {
            assert_eq!(Template::for_status(silent), None, "{silent}");
        }
        let shipped = Template::for_status("SHIPPED").expect("a buyer waits for it");
        assert_eq!(shipped.subject(Some("BZ-7")), "Order BZ-7 is on its way");
        assert_eq!(shipped.subject(None), "Your order is on its way");
    }
}
