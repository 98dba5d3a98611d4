//! `intended-breaks.toml`: the breaking changes that were decided on.

use std::path::{Path, PathBuf};

use anyhow::Context;
use federation::diff::IntendedBreak;
use figment::Figment;
use figment::providers::{Format, Toml};
use serde::Deserialize;

/// What stands in the file while nothing is to break.
const EMPTY: &str = "\
# Breaking changes that were decided on; docs/how-to/change-the-graph.md says when. One entry each:
#
# [[break]]
# coordinate = \"Order.total\"     # as `bazaar schema check` names it
# date = \"2027-01-31\"            # the day clients were told it happens on
# reason = \"Why clients have to live with it.\"
";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default, rename = "break")]
    breaks: Vec<IntendedBreak>,
}

pub(super) fn path(folder: &Path) -> PathBuf {
    folder.join("intended-breaks.toml")
}

/// Reads the list; without the file nothing is to break.
pub(super) fn read(path: &Path) -> anyhow::Result<Vec<IntendedBreak>> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error).context(format!("cannot read {}", path.display())),
    };
    parse(&text).with_context(|| format!("{} is not a list of breaks", path.display()))
}

/// Writes an empty list.
pub(super) fn clear(path: &Path) -> anyhow::Result<()> {
    std::fs::write(path, EMPTY).with_context(|| format!("cannot write {}", path.display()))
}

fn parse(text: &str) -> anyhow::Result<Vec<IntendedBreak>> {
    Ok(Figment::from(Toml::string(text)).extract::<File>()?.breaks)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_read_and_nothing_else() {
        assert_eq!(parse(EMPTY).expect("a list"), []);
        let uncommented: String = EMPTY
            .lines()
            .skip(2)
            .map(|line| format!("{}\n", line.trim_start_matches("# ")))
            .collect();
        let list = parse(&uncommented).expect("a list");
        assert_eq!(list[0].coordinate, "Order.total");
        assert_eq!(list[0].date, "2027-01-31");
        for wrong in [
            "break = 1",
            "[[breaks]]\ncoordinate = \"Order.total\"",
            "[[break]]\ncoordinate = \"Order.total\"",
            "[[break]]\ncoordinate = \"A.b\"\ndate = \"2027-01-31\"\nreason = \"r\"\nextra = 1",
            "[[break",
        ] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
