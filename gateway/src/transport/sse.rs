//! Reads a stream of server-sent events.

use bytes::{Bytes, BytesMut};

use super::TransportError;

/// An event of a GraphQL subscription.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum SseEvent {
    /// A response.
    Next(Bytes),
    /// The end.
    Complete,
}

/// Cuts a byte stream into events.
pub(super) struct EventReader {
    buffer: BytesMut,
    /// How much of the buffer has no line break.
    searched: usize,
    event: String,
    data: Option<Vec<u8>>,
    limit: usize,
}

impl EventReader {
    /// A reader that refuses events of more than `limit` bytes.
    pub(super) fn new(limit: usize) -> Self {
        Self {
            buffer: BytesMut::new(),
            searched: 0,
            event: String::new(),
            data: None,
            limit,
        }
    }

    /// Adds bytes as they arrive.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// The next whole event, if there is one; comments and unknown events are passed over.
    pub(super) fn next_event(&mut self) -> Result<Option<SseEvent>, TransportError> {
        // A line may come byte by byte; what was looked at is not looked at again.
        while let Some(end) = self.line_end() {
            let line = self.buffer.split_to(end + 1);
            let line = line.strip_suffix(b"\n").unwrap_or(&line);
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if line.is_empty() {
                let event = std::mem::take(&mut self.event);
                let data = self.data.take();
                match (event.as_str(), data) {
                    ("complete", _) => return Ok(Some(SseEvent::Complete)),
                    ("next" | "", Some(data)) => {
                        return Ok(Some(SseEvent::Next(Bytes::from(data))));
                    }
                    _ => continue,
                }
            }
            let (field, value) = match line.iter().position(|byte| *byte == b':') {
                Some(colon) => (&line[..colon], &line[colon + 1..]),
                None => (line, &b""[..]),
            };
            let value = value.strip_prefix(b" ").unwrap_or(value);
            match field {
                b"event" => self.event = String::from_utf8_lossy(value).into_owned(),
                b"data" => match &mut self.data {
                    Some(data) => {
                        data.push(b'\n');
                        data.extend_from_slice(value);
                    }
                    None => self.data = Some(value.to_vec()),
                },
                _ => {}
            }
        }

        self.searched = self.buffer.len();
        if self.buffer.len() + self.data.as_ref().map_or(0, Vec::len) > self.limit {
            let message = format!("an event of more than {} bytes", self.limit);
            return Err(TransportError::InvalidAnswer { message });
        }
        Ok(None)
    }

    /// Where the next line ends, if all of it is there.
    fn line_end(&mut self) -> Option<usize> {
        let searched = std::mem::take(&mut self.searched);
        let rest = self.buffer.get(searched..)?;
        Some(searched + rest.iter().position(|byte| *byte == b'\n')?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_found_wherever_the_stream_is_cut() {
        let stream = b": ping\n\nevent: next\r\ndata: {\"a\":\r\ndata: 1}\r\n\r\nevent: other\ndata: x\n\nevent: complete\n\n";
        for cut in 0..stream.len() {
            let mut reader = EventReader::new(1000);
            let mut events = Vec::new();
            for part in [&stream[..cut], &stream[cut..]] {
                reader.push(part);
                while let Some(event) = reader.next_event().unwrap() {
                    events.push(event);
                }
            }
            assert_eq!(
                events,
                [
                    SseEvent::Next(Bytes::from_static(b"{\"a\":\n1}")),
                    SseEvent::Complete
                ]
            );
        }
    }

    #[test]
    fn an_endless_event_is_refused() {
        let mut reader = EventReader::new(10);
        reader.push(b"data: 0123456789012345");
        assert!(reader.next_event().is_err());
    }

    #[test]
    fn a_line_may_come_byte_by_byte() {
        let mut reader = EventReader::new(2_000_000);
        let line = format!("data: {}\n\n", "x".repeat(1_000_000));
        let mut events = Vec::new();
        for byte in line.as_bytes() {
            reader.push(&[*byte]);
            events.extend(reader.next_event().unwrap());
        }
        assert!(matches!(events.as_slice(), [SseEvent::Next(data)] if data.len() == 1_000_000));
    }
}
