//! From the words of a mail to the message that goes out.

use chrono::{DateTime, Utc};
use events::id::EmailId;
use lettre::Message;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};

use super::render::Rendered;
use crate::config::{Config, ConfigError};

/// Who mail comes from.
pub(crate) struct Sender {
    mailbox: Mailbox,
    /// The shop's name in texts.
    pub(crate) shop_name: String,
}

/// Where a mail goes and what it is called.
pub(crate) struct Header<'a> {
    /// Names the message.
    pub(crate) email_id: EmailId,
    /// The address as it was given.
    pub(crate) recipient: &'a str,
    /// Subject line.
    pub(crate) subject: &'a str,
    /// When it was queued.
    pub(crate) date: DateTime<Utc>,
}

/// No message can be made of this; trying again would not help.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MessageError {
    /// A line break in a header would let whoever chose the text add headers of their own.
    #[error("the {0} has line breaks or other control characters")]
    ControlCharacter(&'static str),
    /// Not one e-mail address.
    #[error("the recipient is not an e-mail address")]
    Recipient(#[source] lettre::address::AddressError),
    /// The mail library refuses it.
    #[error("the message cannot be put together")]
    Message(#[from] lettre::error::Error),
}

impl Sender {
    /// Reads the sender from the settings.
    pub(crate) fn new(config: &Config) -> Result<Self, ConfigError> {
        let invalid = || ConfigError::From {
            from: config.from.clone(),
        };
        if config.from.chars().any(char::is_control) {
            return Err(invalid());
        }
        let mailbox = config.from.parse().map_err(|_| invalid())?;
        Ok(Self {
            mailbox,
            shop_name: config.shop_name.clone(),
        })
    }

    /// Puts the message together. The same mail gives the same bytes, `Message-ID`, date and
    /// boundaries included, so that sending it twice can be noticed, and in a folder is one file.
    pub(crate) fn message(
        &self,
        header: &Header<'_>,
        body: Rendered,
    ) -> Result<Message, MessageError> {
        let texts = [("recipient", header.recipient), ("subject", header.subject)];
        for (name, text) in texts {
            if text.chars().any(char::is_control) {
                return Err(MessageError::ControlCharacter(name));
            }
        }
        let recipient = header.recipient.parse().map_err(MessageError::Recipient)?;

        let alternatives = MultiPart::alternative()
            .boundary(header.email_id.to_string())
            .singlepart(part(ContentType::TEXT_PLAIN, body.text))
            .singlepart(part(ContentType::TEXT_HTML, body.html));
        let message = Message::builder()
            .from(self.mailbox.clone())
            .to(Mailbox::new(None, recipient))
            .subject(header.subject)
            .message_id(Some(format!("<{}@bazaar>", header.email_id)))
            .date(header.date.into())
            // Asks holiday notices and the like not to answer.
            .raw_header(HeaderValue::new(
                HeaderName::new_from_ascii_str("Auto-Submitted"),
                "auto-generated".to_owned(),
            ))
            .multipart(alternatives)?;
        Ok(message)
    }
}

fn part(content_type: ContentType, text: String) -> SinglePart {
    SinglePart::builder().header(content_type).body(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sender() -> Sender {
        Sender::new(&Config::default()).expect("the defaults are good")
    }

    fn check(recipient: &str, subject: &str) -> Result<String, MessageError> {
        let header = Header {
            email_id: EmailId::from_name("mail"),
            recipient,
            subject,
            date: DateTime::from_timestamp(1_700_000_000, 0).expect("a valid time"),
        };
        let body = Rendered {
            text: "Rp 125.000\n".to_owned(),
            html: "<p>€12</p>\n".to_owned(),
        };
        let message = sender().message(&header, body)?;
        Ok(String::from_utf8(message.formatted()).expect("messages are ASCII"))
    }

    #[test]
    fn a_message_is_the_same_every_time() {
        let message = check("buyer@example.com", "Order BZ-1 is confirmed").expect("a good mail");
        let again = check("buyer@example.com", "Order BZ-1 is confirmed").expect("a good mail");
        assert_eq!(message, again);
        insta::assert_snapshot!(message.replace('\r', ""), @r#"
        From: Bazaar <orders@bazaar.test>
        To: buyer@example.com
        Subject: Order BZ-1 is confirmed
        Message-ID: <mail_yj6429ptk5bf591m9cbf4j8cr0@bazaar>
        Date: Tue, 14 Nov 2023 22:13:20 +0000
        Auto-Submitted: auto-generated
        MIME-Version: 1.0
        Content-Type: multipart/alternative;
         boundary="mail_yj6429ptk5bf591m9cbf4j8cr0"

        --mail_yj6429ptk5bf591m9cbf4j8cr0
        Content-Type: text/plain; charset=utf-8
        Content-Transfer-Encoding: 7bit

        Rp 125.000

        --mail_yj6429ptk5bf591m9cbf4j8cr0
        Content-Type: text/html; charset=utf-8
        Content-Transfer-Encoding: quoted-printable

        <p>=E2=82=AC12</p>

        --mail_yj6429ptk5bf591m9cbf4j8cr0--
        "#);
    }

    #[test]
    fn nobody_can_add_headers_or_recipients() {
        let refused = [
            "buyer@example.com\r\nBcc: everybody@example.com",
            "buyer@example.com\nBcc: everybody@example.com",
            "\"a\r\nBcc: b@example.com\"@example.com",
            "buyer@example.com, other@example.com",
            "Buyer <buyer@example.com>",
            "<buyer@example.com>",
            "buyer@example.com>\0",
            "buyer",
            "@example.com",
            "",
            " ",
        ];
        for recipient in refused {
            assert!(check(recipient, "Hello").is_err(), "{recipient:?}");
        }
        let injected = check("buyer@example.com", "Hello\r\nBcc: everybody@example.com");
        assert!(matches!(
            injected,
            Err(MessageError::ControlCharacter("subject"))
        ));
    }

    #[test]
    fn a_sender_that_is_no_mailbox_is_refused_at_the_start() {
        for from in ["", "shop", "Shop <shop>", "a@b.test\r\nBcc: c@d.test"] {
            let config = Config {
                from: from.to_owned(),
                ..Config::default()
            };
            assert!(
                matches!(Sender::new(&config), Err(ConfigError::From { .. })),
                "{from:?}"
            );
        }
    }
}
