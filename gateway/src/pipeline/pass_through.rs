//! An answer that already is what the client gets: looked through, and passed on as it is.
//!
//! Whatever is unexpected, be it an error, a null or another order, ends the look; then the
//! answer is read, projected and judged as any other.

use bytes::Bytes;

use crate::executor::Passed;
use crate::json::{JsonError, Scanner};
use crate::operation::program::{Output, OutputId, OutputKind, OutputObjects, OutputType, Program};
use crate::operation::projection::LeafKind;
use crate::pipeline::project;
use crate::response::Data;

/// Why an answer is not passed on.
enum Not {
    Json,
    Expected,
}

impl From<JsonError> for Not {
    fn from(_: JsonError) -> Self {
        Self::Json
    }
}

/// The answer's data, if it may be passed on.
pub(crate) fn run(program: &Program, text: &str, bytes: &Bytes) -> Option<Passed> {
    let mut look = Look {
        scanner: Scanner::new(text),
        output: &program.output,
    };
    let (start, end) = look.answer().ok()?;
    let has_nothing_else = start == Data::BEGINNING.len()
        && end + 1 == bytes.len()
        && bytes.starts_with(Data::BEGINNING);
    Some(if has_nothing_else {
        Passed::Whole(bytes.clone())
    } else {
        Passed::Data(bytes.slice(start..end))
    })
}

struct Look<'a> {
    scanner: Scanner<'a>,
    output: &'a Output,
}

impl Look<'_> {
    /// Where the data is.
    fn answer(&mut self) -> Result<(usize, usize), Not> {
        let mut data = None;
        self.scanner.expect(b'{', "an object is missing")?;
        loop {
            let key = self.scanner.key()?;
            self.scanner.peek();
            match key {
                "\"data\"" if data.is_none() => {
                    let start = self.scanner.at;
                    self.object(self.output.root, &self.output.root_type, 1)?;
                    data = Some((start, self.scanner.at));
                }
                "\"extensions\"" => self.scanner.value(1)?,
                _ => return Err(Not::Expected),
            }
            if !self.scanner.next_element(b'}')? {
                break;
            }
        }
        self.scanner.end()?;
        data.ok_or(Not::Expected)
    }

    fn object(&mut self, id: OutputId, type_name: &str, depth: usize) -> Result<(), Not> {
        self.scanner.nested(depth)?;
        self.expect(b'{')?;
        for (index, member) in self.output.object(id).members.iter().enumerate() {
            if index > 0 {
                self.expect(b',')?;
            }
            self.scanner.peek();
            if !self.scanner.take_exactly(member.token.as_bytes()) {
                return Err(Not::Expected);
            }
            match (&member.ty, &member.kind) {
                (OutputType::Named { non_null }, OutputKind::Leaf(kind)) => {
                    self.leaf(kind, *non_null, depth + 1)?;
                }
                (ty, kind) => self.value(ty, kind, type_name, depth + 1)?,
            }
        }
        self.expect(b'}')
    }

    #[inline]
    fn leaf(&mut self, kind: &LeafKind, non_null: bool, depth: usize) -> Result<(), Not> {
        let next = self.scanner.peek();
        match (kind, next) {
            (LeafKind::String | LeafKind::Id | LeafKind::Any, Some(b'"')) => {
                return Ok(self.scanner.string()?);
            }
            (_, Some(b'n')) if !non_null => return Ok(self.scanner.leaf()?),
            _ => {}
        }
        let start = self.scanner.at;
        self.scanner.value(depth)?;
        let text = self.scanner.since(start);
        if text != "null" && project::is_written_as_is(kind, text.as_bytes()) {
            Ok(())
        } else {
            Err(Not::Expected)
        }
    }

    fn value(
        &mut self,
        ty: &OutputType,
        kind: &OutputKind,
        type_name: &str,
        depth: usize,
    ) -> Result<(), Not> {
        if self.scanner.peek() == Some(b'n') && !ty.is_non_null() {
            return Ok(self.scanner.leaf()?);
        }
        if let OutputType::List { item, .. } = ty {
            self.scanner.nested(depth)?;
            self.expect(b'[')?;
            if self.scanner.take(b']') {
                return Ok(());
            }
            loop {
                self.value(item, kind, type_name, depth + 1)?;
                if !self.scanner.next_element(b']')? {
                    return Ok(());
                }
            }
        }
        match kind {
            OutputKind::Object(OutputObjects::One { type_name, object }) => {
                self.object(*object, type_name, depth)
            }
            OutputKind::Leaf(kind) => self.leaf(kind, ty.is_non_null(), depth),
            OutputKind::Typename => {
                let start = self.scanner.at;
                self.scanner.leaf()?;
                let name = self.scanner.since(start);
                let name = name
                    .strip_prefix('"')
                    .and_then(|name| name.strip_suffix('"'));
                if name == Some(type_name) {
                    Ok(())
                } else {
                    Err(Not::Expected)
                }
            }
            OutputKind::Object(OutputObjects::OneOf { .. }) | OutputKind::Introspection => {
                Err(Not::Expected)
            }
        }
    }

    fn expect(&mut self, byte: u8) -> Result<(), Not> {
        if self.scanner.take(byte) {
            Ok(())
        } else {
            Err(Not::Expected)
        }
    }
}
