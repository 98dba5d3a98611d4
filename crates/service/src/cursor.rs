//! Opaque, signed cursors and the paging rules of every list.

use data_encoding::BASE64URL_NOPAD;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{ApiError, Secret};

/// Items on a page when the client does not say.
pub const DEFAULT_PAGE: i32 = 20;
/// The most items on a page.
pub const MAX_PAGE: i32 = 100;
/// Counting stops here; a list that says this many has at least as many.
pub const COUNT_CAP: u64 = 10_001;

/// Bytes of the signature that are kept; enough against guessing, short in URLs.
const SIGNATURE: usize = 12;

/// Writes and reads cursors of one list. A cursor holds the sort key and id of the last item.
#[derive(Clone)]
pub struct CursorKey {
    secret: Secret,
    list: &'static str,
}

impl CursorKey {
    /// The key for one list; a cursor of another list or shop is refused.
    pub fn new(secret: &Secret, list: &'static str) -> Self {
        Self {
            secret: Secret::new(secret.derive("cursor").to_vec()),
            list,
        }
    }

    /// The cursor of an item.
    pub fn encode(&self, position: &impl Serialize) -> String {
        let payload = serde_json::to_vec(position).expect("positions are plain data");
        let mut bytes = self.signature(&payload);
        bytes.extend(payload);
        BASE64URL_NOPAD.encode(&bytes)
    }

    /// The position in a cursor.
    ///
    /// # Errors
    /// [`ApiError::BadUserInput`] if the cursor was not made by [`CursorKey::encode`] for this list.
    pub fn decode<T: DeserializeOwned>(&self, cursor: &str) -> Result<T, ApiError> {
        let invalid = || ApiError::BadUserInput("`after` is not a cursor of this list".to_owned());
        let bytes = BASE64URL_NOPAD
            .decode(cursor.as_bytes())
            .map_err(|_| invalid())?;
        let (signature, payload) = bytes.split_at_checked(SIGNATURE).ok_or_else(invalid)?;
        if self.signature(payload) != signature {
            return Err(invalid());
        }
        serde_json::from_slice(payload).map_err(|_| invalid())
    }

    fn signature(&self, payload: &[u8]) -> Vec<u8> {
        let mut message = self.list.as_bytes().to_vec();
        message.push(0);
        message.extend_from_slice(payload);
        self.secret.authenticate(&message)[..SIGNATURE].to_vec()
    }
}

/// The number of items a client asked for, within bounds.
///
/// # Errors
/// [`ApiError::BadUserInput`] outside 1 to [`MAX_PAGE`].
pub fn page_size(first: Option<i32>) -> Result<u64, ApiError> {
    match first.unwrap_or(DEFAULT_PAGE) {
        size @ 1..=MAX_PAGE => Ok(size as u64),
        _ => Err(ApiError::BadUserInput(format!(
            "`first` must be between 1 and {MAX_PAGE}"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_round_trips_and_only_for_its_list() {
        let secret = Secret::new(vec![7; 32]);
        let (products, orders) = (
            CursorKey::new(&secret, "products"),
            CursorKey::new(&secret, "orders"),
        );
        let cursor = products.encode(&("name", 5));
        assert_eq!(
            products.decode::<(String, i32)>(&cursor).expect("ours"),
            ("name".to_owned(), 5)
        );
        assert!(orders.decode::<(String, i32)>(&cursor).is_err());
        for bad in ["", "x", "%%%", "AAAA", &cursor[1..]] {
            assert!(products.decode::<(String, i32)>(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn page_sizes_are_bounded() {
        assert_eq!(page_size(None).expect("default"), 20);
        assert_eq!(page_size(Some(100)).expect("largest"), 100);
        for bad in [0, -1, 101, i32::MAX] {
            assert!(page_size(Some(bad)).is_err(), "{bad}");
        }
    }
}
