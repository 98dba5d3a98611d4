//! How the demo provider signs: `Demo-Signature: t=<unix seconds>,v1=<hex>`, where the second part is
//! HMAC-SHA256 over `<t>.<body>`.

use chrono::{DateTime, Utc};
use data_encoding::HEXLOWER;
use hmac::{Hmac, Mac};
use sha2::Sha256;

/// The header that carries the signature.
pub const HEADER: &str = "demo-signature";

/// How far a signature's time may be from ours, both ways.
const TOLERANCE_SECONDS: u64 = 300;

fn mac(secret: &[u8], time: i64, body: &[u8]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("HMAC takes keys of any length");
    mac.update(time.to_string().as_bytes());
    mac.update(b".");
    mac.update(body);
    mac
}

/// The header's value for `body`, signed at `time`.
pub fn sign(secret: &[u8], time: DateTime<Utc>, body: &[u8]) -> String {
    let time = time.timestamp();
    format!(
        "t={time},v1={}",
        HEXLOWER.encode(&mac(secret, time, body).finalize().into_bytes())
    )
}

/// Whether `header` is a signature of `body` made within five minutes of `now`. Any one of several
/// `v1` parts may match; the comparison takes the same time wherever they differ.
pub fn is_valid(secret: &[u8], header: &str, body: &[u8], now: DateTime<Utc>) -> bool {
    let parts = || {
        header
            .split(',')
            .filter_map(|part| part.trim().split_once('='))
    };
    let Some(time) = parts()
        .find(|(name, _)| *name == "t")
        .and_then(|(_, value)| value.parse::<i64>().ok())
    else {
        return false;
    };
    if time.abs_diff(now.timestamp()) > TOLERANCE_SECONDS {
        return false;
    }
    parts()
        .filter(|(name, _)| *name == "v1")
        .filter_map(|(_, value)| HEXLOWER.decode(value.as_bytes()).ok())
        .any(|signature| mac(secret, time, body).verify_slice(&signature).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] = br#"{"id":"evt_1"}"#;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).expect("a valid time")
    }

    #[test]
    fn a_signature_is_what_the_description_says() {
        assert_eq!(
            sign(b"secret", at(1_700_000_000), b"{}"),
            "t=1700000000,v1=b8569b78799ff9e3cbff0fc2d63a33a2b57f3282abd07c37ae5e8e7d79a5f163"
        );
    }

    #[test]
    fn only_the_signed_body_with_the_right_secret_and_time_is_valid() {
        let now = at(1_700_000_000);
        let header = sign(b"secret", now, BODY);
        assert!(is_valid(b"secret", &header, BODY, now));
        assert!(!is_valid(b"other", &header, BODY, now));
        assert!(!is_valid(b"secret", &header, br#"{"id":"evt_2"}"#, now));
        let moved = header.replace("t=1700000000", "t=1700000001");
        assert!(
            !is_valid(b"secret", &moved, BODY, now),
            "the time is signed too"
        );
    }

    #[test]
    fn a_signature_holds_for_five_minutes_in_both_directions() {
        let header = sign(b"secret", at(1_700_000_000), BODY);
        for (now, valid) in [(-301, false), (-300, true), (300, true), (301, false)] {
            assert_eq!(
                is_valid(b"secret", &header, BODY, at(1_700_000_000 + now)),
                valid,
                "{now}"
            );
        }
    }

    #[test]
    fn one_matching_part_is_enough_and_rubbish_is_refused() {
        let now = at(1_700_000_000);
        let header = sign(b"secret", now, BODY);
        let rollover = header.replace(",v1=", &format!(",v1={},v0=x,v1=", "0".repeat(64)));
        assert!(is_valid(b"secret", &rollover, BODY, now));
        let max = format!("t={},v1=00", i64::MIN);
        for rubbish in [
            "",
            "t=1700000000",
            "v1=00",
            "t=,v1=",
            "t=x,v1=zz",
            "t=1700000000,v1=",
            "====",
            &max,
        ] {
            assert!(!is_valid(b"secret", rubbish, BODY, now), "{rubbish}");
        }
    }
}
