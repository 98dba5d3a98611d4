//! Reads JSON without decoding it: values are checked and left where they are.

/// Nesting that is followed; twice the deepest operation, and some more.
pub(crate) const MAX_DEPTH: usize = 256;

/// Strings up to this length are read word by word.
const SHORT_STRING: usize = 32;

/// What is wrong with a text that should be JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct JsonError {
    /// The byte where it shows.
    pub(crate) at: usize,
    pub(crate) problem: &'static str,
}

impl std::fmt::Display for JsonError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} at byte {}", self.problem, self.at)
    }
}

/// Goes through a JSON text from left to right.
pub(crate) struct Scanner<'a> {
    text: &'a str,
    pub(crate) at: usize,
}

impl<'a> Scanner<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    fn bytes(&self) -> &'a [u8] {
        self.text.as_bytes()
    }

    pub(crate) fn error(&self, problem: &'static str) -> JsonError {
        JsonError {
            at: self.at,
            problem,
        }
    }

    /// The text from `start` to here.
    pub(crate) fn since(&self, start: usize) -> &'a str {
        self.text.get(start..self.at).unwrap_or_default()
    }

    /// The next byte that is not white space, without taking it.
    #[inline]
    pub(crate) fn peek(&mut self) -> Option<u8> {
        let bytes = self.bytes();
        loop {
            let byte = *bytes.get(self.at)?;
            if !matches!(byte, b' ' | b'\n' | b'\r' | b'\t') {
                return Some(byte);
            }
            self.at += 1;
        }
    }

    /// Takes this byte if it comes next.
    #[inline]
    pub(crate) fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    #[inline]
    pub(crate) fn expect(&mut self, byte: u8, problem: &'static str) -> Result<(), JsonError> {
        if self.take(byte) {
            Ok(())
        } else {
            Err(self.error(problem))
        }
    }

    /// Takes these bytes if they come next, as they are.
    #[inline]
    pub(crate) fn take_exactly(&mut self, token: &[u8]) -> bool {
        let end = self.at + token.len();
        let found = self
            .bytes()
            .get(self.at..end)
            .is_some_and(|text| is_same(text, token));
        if found {
            self.at = end;
        }
        found
    }

    /// Nothing may come any more.
    pub(crate) fn end(&mut self) -> Result<(), JsonError> {
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.error("something follows the value")),
        }
    }

    /// After a member or element: whether there is another one.
    #[inline]
    pub(crate) fn next_element(&mut self, close: u8) -> Result<bool, JsonError> {
        match self.peek() {
            Some(b',') => {
                self.at += 1;
                Ok(true)
            }
            Some(byte) if byte == close => {
                self.at += 1;
                Ok(false)
            }
            _ => Err(self.error("a comma or the end of the list or object is missing")),
        }
    }

    /// A member's key, with its quotes; the colon is taken too.
    #[inline]
    pub(crate) fn key(&mut self) -> Result<&'a str, JsonError> {
        if self.peek() != Some(b'"') {
            return Err(self.error("a key is missing"));
        }
        let start = self.at;
        self.string()?;
        let key = self.since(start);
        self.expect(b':', "a colon is missing")?;
        Ok(key)
    }

    /// Any value.
    pub(crate) fn value(&mut self, depth: usize) -> Result<(), JsonError> {
        match self.peek() {
            Some(b'{') => {
                self.nested(depth)?;
                self.at += 1;
                if self.take(b'}') {
                    return Ok(());
                }
                loop {
                    self.key()?;
                    self.value(depth + 1)?;
                    if !self.next_element(b'}')? {
                        return Ok(());
                    }
                }
            }
            Some(b'[') => {
                self.nested(depth)?;
                self.at += 1;
                if self.take(b']') {
                    return Ok(());
                }
                loop {
                    self.value(depth + 1)?;
                    if !self.next_element(b']')? {
                        return Ok(());
                    }
                }
            }
            _ => self.leaf(),
        }
    }

    #[inline]
    pub(crate) fn nested(&self, depth: usize) -> Result<(), JsonError> {
        if depth < MAX_DEPTH {
            Ok(())
        } else {
            Err(self.error("too deeply nested"))
        }
    }

    /// A string, number, Boolean or null.
    #[inline]
    pub(crate) fn leaf(&mut self) -> Result<(), JsonError> {
        match self.peek() {
            Some(b'"') => self.string(),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') if self.take_exactly(b"true") => Ok(()),
            Some(b'f') if self.take_exactly(b"false") => Ok(()),
            Some(b'n') if self.take_exactly(b"null") => Ok(()),
            Some(_) => Err(self.error("not a value")),
            None => Err(self.error("the text ends early")),
        }
    }

    /// A string, from its opening quote.
    pub(crate) fn string(&mut self) -> Result<(), JsonError> {
        let bytes = self.bytes();
        let mut at = self.at + 1;
        let mut words = 0;
        loop {
            // Eight bytes at a time, as long as none of them is special.
            while let Some(chunk) = bytes.get(at..at + 8) {
                // What is long may be longer still: then a search for its end is faster.
                words += 1;
                if words > SHORT_STRING / 8 {
                    at = self.plain(at)?;
                    break;
                }
                let word = u64::from_le_bytes(chunk.try_into().expect("eight bytes were taken"));
                let special = special_bytes(word);
                if special == 0 {
                    at += 8;
                } else {
                    at += special.trailing_zeros() as usize / 8;
                    break;
                }
            }
            match bytes.get(at) {
                Some(b'"') => {
                    self.at = at + 1;
                    return Ok(());
                }
                Some(b'\\') => at = self.escape(at)?,
                Some(0..=0x1f) => {
                    self.at = at;
                    return Err(self.error("a control character in a string"));
                }
                Some(_) => at += 1,
                None => {
                    self.at = at;
                    return Err(self.error("a string does not end"));
                }
            }
        }
    }

    /// Where the next quote or backslash is; there must be no control character before it.
    fn plain(&mut self, at: usize) -> Result<usize, JsonError> {
        let rest = self.bytes().get(at..).unwrap_or_default();
        let length = memchr::memchr2(b'"', b'\\', rest).unwrap_or(rest.len());
        let text = rest.get(..length).unwrap_or_default();
        // Without a branch per byte, many are compared at once.
        if text.iter().fold(u8::MAX, |least, byte| least.min(*byte)) < 0x20 {
            self.at = at;
            return Err(self.error("a control character in a string"));
        }
        Ok(at + length)
    }

    /// An escape sequence at a backslash; returns where it ends.
    fn escape(&mut self, at: usize) -> Result<usize, JsonError> {
        let bytes = self.bytes();
        let unit = |at: usize| -> Option<u32> {
            let digits = bytes.get(at..at + 6)?.strip_prefix(b"\\u")?;
            digits.iter().try_fold(0, |unit, digit| {
                Some(unit * 16 + char::from(*digit).to_digit(16)?)
            })
        };
        let end = match bytes.get(at + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Some(at + 2),
            Some(b'u') => match unit(at) {
                // Half a pair is no character.
                Some(0xd800..=0xdbff) => unit(at + 6)
                    .filter(|low| (0xdc00..=0xdfff).contains(low))
                    .map(|_| at + 12),
                Some(0xdc00..=0xdfff) | None => None,
                Some(_) => Some(at + 6),
            },
            _ => None,
        };
        self.at = at;
        end.ok_or(self.error("an invalid escape sequence"))
    }

    fn number(&mut self) -> Result<(), JsonError> {
        let bytes = self.bytes();
        let mut at = self.at;
        let digits = |at: &mut usize| {
            let start = *at;
            while bytes.get(*at).is_some_and(u8::is_ascii_digit) {
                *at += 1;
            }
            *at > start
        };
        if bytes.get(at) == Some(&b'-') {
            at += 1;
        }
        let mut valid = if bytes.get(at) == Some(&b'0') {
            at += 1;
            true
        } else {
            digits(&mut at)
        };
        if bytes.get(at) == Some(&b'.') {
            at += 1;
            valid &= digits(&mut at);
        }
        if matches!(bytes.get(at), Some(b'e' | b'E')) {
            at += 1;
            if matches!(bytes.get(at), Some(b'+' | b'-')) {
                at += 1;
            }
            valid &= digits(&mut at);
        }
        // `01` and `1x` are two values without anything between them.
        valid &= !bytes
            .get(at)
            .is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'+'));
        if !valid {
            return Err(self.error("an invalid number"));
        }
        self.at = at;
        Ok(())
    }
}

/// Texts up to this length are copied as one piece of fixed size, which takes no call.
const SHORT: usize = 24;

/// Appends the beginning of a text.
#[inline]
pub(crate) fn append_start(out: &mut Vec<u8>, text: &[u8], length: usize) {
    match text.first_chunk::<SHORT>() {
        Some(chunk) if length <= SHORT => {
            out.extend_from_slice(chunk);
            out.truncate(out.len() - (SHORT - length));
        }
        _ => out.extend_from_slice(text.get(..length).unwrap_or_default()),
    }
}

/// A text that is written often.
#[derive(Debug)]
pub(crate) struct Token {
    length: usize,
    /// With bytes at the end that are not part of it.
    padded: Box<[u8]>,
}

impl Token {
    pub(crate) fn new(text: &str) -> Self {
        let mut padded = text.as_bytes().to_vec();
        padded.resize(text.len().max(SHORT), 0);
        Self {
            length: text.len(),
            padded: padded.into(),
        }
    }

    #[inline]
    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.padded.get(..self.length).unwrap_or_default()
    }

    #[inline]
    pub(crate) fn append_to(&self, out: &mut Vec<u8>) {
        append_start(out, &self.padded, self.length);
    }
}

/// Whether two texts of the same length are equal; they are short, so calling for a comparison
/// would take longer than comparing.
#[inline]
fn is_same(left: &[u8], right: &[u8]) -> bool {
    let (left_words, left_rest) = left.as_chunks::<8>();
    let (right_words, right_rest) = right.as_chunks::<8>();
    left_words
        .iter()
        .zip(right_words)
        .all(|(left, right)| u64::from_le_bytes(*left) == u64::from_le_bytes(*right))
        && left_rest
            .iter()
            .zip(right_rest)
            .all(|(left, right)| left == right)
}

/// Marks the bytes of a word that are a quote, a backslash or a control character; the lowest mark is exact.
#[inline]
fn special_bytes(word: u64) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let zero = |word: u64| word.wrapping_sub(ONES) & !word;
    let quote = zero(word ^ (ONES * 0x22));
    let backslash = zero(word ^ (ONES * 0x5c));
    let control = word.wrapping_sub(ONES * 0x20) & !word;
    (quote | backslash | control) & HIGH
}

/// The string that a valid JSON string token stands for.
pub(crate) fn unescape(token: &str) -> std::borrow::Cow<'_, str> {
    let inner = token
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .unwrap_or(token);
    if !inner.contains('\\') {
        return inner.into();
    }
    serde_json::from_str::<String>(token)
        .unwrap_or_default()
        .into()
}

/// Whether a valid JSON number can be read as a double.
pub(crate) fn is_finite(number: &str) -> bool {
    // The largest double has 309 digits.
    let is_small = number.len() < 309 && !number.contains(['e', 'E']);
    is_small || number.parse().is_ok_and(f64::is_finite)
}

/// Appends a string as a JSON token.
pub(crate) fn write_string(out: &mut Vec<u8>, text: &str) {
    serde_json::to_writer(out, text).expect("a string can be written to memory");
}

/// A string as a JSON token.
pub(crate) fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("a string can be written to memory")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_valid(text: &str) -> bool {
        let mut scanner = Scanner::new(text);
        scanner.value(0).and_then(|()| scanner.end()).is_ok()
    }

    #[test]
    fn the_grammar_is_that_of_json() {
        for text in [
            "0",
            "-0",
            "10",
            "1.10",
            "1e5",
            "1E-5",
            "-1.5e+10",
            "9223372036854775808",
            "\"\"",
            "\"abc\"",
            "\"0123456789 abcdef\"",
            "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\"",
            "\"\\ud83d\\ude00\"",
            "\"é😀 and more than eight\"",
            "true",
            "false",
            "null",
            "[]",
            "{}",
            " [ 1 , [ ] , { } ] ",
            "{\"a\":{\"b\":[1,2]},\"c\":null}",
            "\"\u{7f}\"",
        ] {
            assert!(is_valid(text), "{text}");
            assert!(
                serde_json::from_str::<serde_json::Value>(text).is_ok(),
                "{text}"
            );
        }
        for text in [
            "",
            "01",
            "1.",
            ".1",
            "1e",
            "+1",
            "-",
            "1x",
            "--1",
            "tru",
            "nul",
            "truee",
            "\"",
            "\"abc",
            "\"\\\"",
            "\"\\x\"",
            "\"\\u12\"",
            "\"\\ud83d\"",
            "\"\\ude00\"",
            "\"\\ud83d\\u0041\"",
            "\"a\nb\"",
            "\"12345678\u{1}\"",
            "[",
            "[1",
            "[1,",
            "[1,]",
            "[,1]",
            "[1 2]",
            "{",
            "{\"a\"",
            "{\"a\":",
            "{\"a\":1",
            "{\"a\":1,",
            "{\"a\":1,}",
            "{a:1}",
            "{1:1}",
            "{\"a\" 1}",
            "1 2",
            "{}{}",
            "<html>",
            "'a'",
            "NaN",
            "Infinity",
        ] {
            assert!(!is_valid(text), "{text}");
            assert!(
                serde_json::from_str::<serde_json::Value>(text).is_err(),
                "{text}"
            );
        }
    }

    #[test]
    fn nesting_ends_somewhere() {
        for depth in [MAX_DEPTH + 1, 100_000] {
            assert!(!is_valid(&"[".repeat(depth)));
            assert!(!is_valid(&format!(
                "{}1{}",
                "[".repeat(depth),
                "]".repeat(depth)
            )));
            assert!(!is_valid(&format!(
                "{}1{}",
                "{\"a\":".repeat(depth),
                "}".repeat(depth)
            )));
        }
        let depth = MAX_DEPTH;
        assert!(is_valid(&format!(
            "{}1{}",
            "[".repeat(depth),
            "]".repeat(depth)
        )));
    }

    #[test]
    fn special_bytes_are_found_wherever_they_are() {
        for special in ['"', '\\', '\u{0}', '\u{1f}'] {
            for position in 0..20 {
                let text: String = (0..24)
                    .map(|at| if at == position { special } else { 'é' })
                    .collect();
                let bytes = text.as_bytes();
                for chunk in bytes.chunks_exact(8) {
                    let word = u64::from_le_bytes(chunk.try_into().unwrap());
                    let expected = chunk
                        .iter()
                        .position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f));
                    let found = special_bytes(word);
                    let found = (found != 0).then(|| found.trailing_zeros() as usize / 8);
                    assert_eq!(found, expected, "{text}");
                }
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn another_reader_agrees(parts in proptest::collection::vec(proptest::sample::select(vec![
            "{", "}", "[", "]", ",", ":", "\"", "\\", "\"a\"", "\"a\":", "\\u00e9", "\\ud83d", "\\ude00",
            "0", "1", "-", ".", "e", "E5", "+", "true", "null", "nul", " ", "\n", "\u{feff}", "\u{a0}",
            "é", "\u{1}", "\u{7f}", "x", "/", "\\/", "1.10", "12345678901234567890",
        ]), 0..12)) {
            let text: String = parts.concat();
            proptest::prop_assert_eq!(
                is_valid(&text),
                serde_json::from_str::<serde_json::Value>(&text).is_ok(),
                "{}", text
            );
        }
    }
}
