//! The W3C trace context, as it travels in headers and events.

use std::fmt;

/// The name of the header, and of the field in events.
const HEADER: &str = "traceparent";

/// The only flag we know: somebody up the road records this trace.
const SAMPLED: u8 = 0b1;

/// `00-<trace id>-<parent id>-<flags>`: which trace a piece of work belongs to, and
/// which piece of work asked for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TraceParent {
    trace_id: u128,
    parent_id: u64,
    flags: u8,
}

impl TraceParent {
    /// The name of the header: `traceparent`.
    pub const HEADER: &'static str = HEADER;

    /// Reads a header. Anything invalid is `None`: the caller starts anew, and never
    /// fails for it.
    #[must_use]
    pub fn parse(header: &str) -> Option<Self> {
        let mut parts = header.split('-');
        let version = lower_hex(parts.next()?, 2)?;
        let trace_id = lower_hex(parts.next()?, 32)?;
        let parent_id = lower_hex(parts.next()?, 16)?;
        let flags = lower_hex(parts.next()?, 2)?;

        // A later version may add parts at the end; ours has none, and ff is no version.
        let ends_here = parts.next().is_none();
        if version == 0xff || (version == 0 && !ends_here) || trace_id == 0 || parent_id == 0 {
            return None;
        }
        Some(Self {
            trace_id,
            parent_id: u64::try_from(parent_id).ok()?,
            // Flags we do not know are not passed on.
            flags: u8::try_from(flags).ok()? & SAMPLED,
        })
    }

    /// A new trace.
    #[must_use]
    pub fn new_root() -> Self {
        Self {
            trace_id: random_above_zero(),
            parent_id: random_id(),
            flags: SAMPLED,
        }
    }

    /// The trace of this header, or a new one.
    #[must_use]
    pub fn parse_or_new_root(header: Option<&str>) -> Self {
        header.and_then(Self::parse).unwrap_or_else(Self::new_root)
    }

    /// The next piece of work in the same trace.
    #[must_use]
    pub fn child(&self) -> Self {
        Self {
            parent_id: random_id(),
            ..*self
        }
    }

    /// The id of the trace: 32 hexadecimal digits.
    #[must_use]
    pub fn trace_id(&self) -> String {
        format!("{:032x}", self.trace_id)
    }

    /// The id of the piece of work: 16 hexadecimal digits.
    #[must_use]
    pub fn parent_id(&self) -> String {
        format!("{:016x}", self.parent_id)
    }

    /// Whether somebody up the road records this trace.
    #[must_use]
    pub fn is_sampled(&self) -> bool {
        self.flags & SAMPLED != 0
    }
}

/// The header.
impl fmt::Display for TraceParent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            trace_id,
            parent_id,
            flags,
        } = self;
        write!(formatter, "00-{trace_id:032x}-{parent_id:016x}-{flags:02x}")
    }
}

/// Exactly `digits` hexadecimal digits, in lower case as the standard wants them.
fn lower_hex(text: &str, digits: usize) -> Option<u128> {
    let well_formed = text.len() == digits
        && text
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if well_formed {
        u128::from_str_radix(text, 16).ok()
    } else {
        None
    }
}

/// Zero means "no trace", so it is not drawn.
fn random_above_zero() -> u128 {
    rand::random_range(1..=u128::MAX)
}

fn random_id() -> u64 {
    rand::random_range(1..=u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::TraceParent;

    /// The examples of the W3C recommendation.
    const SAMPLED: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    const NOT_SAMPLED: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";

    #[test]
    fn the_standards_examples_are_read_and_written() {
        for (header, sampled) in [(SAMPLED, true), (NOT_SAMPLED, false)] {
            let parent = TraceParent::parse(header).expect("valid");
            assert_eq!(parent.trace_id(), "4bf92f3577b34da6a3ce929d0e0e4736");
            assert_eq!(parent.parent_id(), "00f067aa0ba902b7");
            assert_eq!(parent.is_sampled(), sampled);
            assert_eq!(parent.to_string(), header);
        }
    }

    #[test]
    fn what_is_invalid_is_not_read() {
        let invalid = [
            "",
            "00",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-001",
            // Nothing but zeros.
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            // Capitals, other letters, signs and spaces.
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00F067AA0BA902B7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01",
            "00-+bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            " 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00_4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7_01",
            // Too short, too long.
            "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e47366-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
            // No version.
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "0-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-４bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        ];
        for header in invalid {
            assert_eq!(TraceParent::parse(header), None, "{header:?}");
        }
    }

    #[test]
    fn a_later_version_is_read_as_far_as_we_know_it() {
        for header in [
            "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what-the-future",
        ] {
            let parent = TraceParent::parse(header).expect("valid");
            assert_eq!(parent.to_string(), SAMPLED, "passed on in our version");
        }
        assert_eq!(
            TraceParent::parse("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01.what"),
            None
        );
    }

    #[test]
    fn unknown_flags_are_not_passed_on() {
        let parent = TraceParent::parse("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-ff");
        assert_eq!(
            parent.map(|parent| parent.to_string()).as_deref(),
            Some(SAMPLED)
        );
    }

    #[test]
    fn a_child_stays_in_the_trace() {
        let root = TraceParent::new_root();
        let child = root.child();
        assert_eq!(child.trace_id(), root.trace_id());
        assert_ne!(child.parent_id(), root.parent_id());
        assert_eq!(child.is_sampled(), root.is_sampled());
        let parent = TraceParent::parse(NOT_SAMPLED).expect("valid");
        assert!(!parent.child().is_sampled());
    }

    #[test]
    fn a_new_trace_is_valid_and_its_own() {
        let (one, other) = (TraceParent::new_root(), TraceParent::new_root());
        assert_ne!(one.trace_id(), other.trace_id());
        assert_eq!(TraceParent::parse(&one.to_string()), Some(one));
    }

    #[test]
    fn an_invalid_header_starts_anew() {
        let known = TraceParent::parse_or_new_root(Some(SAMPLED));
        assert_eq!(known.to_string(), SAMPLED);
        for header in [None, Some("nonsense")] {
            let anew = TraceParent::parse_or_new_root(header);
            assert_ne!(anew.trace_id(), known.trace_id());
        }
    }
}
