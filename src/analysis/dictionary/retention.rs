//! Least retention periods (保管期限表, `retention.tsv`), by matter and outcome. An archive fills it.

use std::collections::HashMap;

use super::error::Error;
use super::tsv::{Keys, Layers, Table};
use crate::record::{Outcome, Retention};

/// The table.
#[derive(Debug, Default)]
pub struct Retentions {
    rows: HashMap<(Option<String>, Option<Outcome>), Retention>,
}

impl Retentions {
    pub(super) const FILE: &'static str = "retention.tsv";

    pub(super) fn table<'a>(text: impl Into<Layers<'a>>) -> Table<'a> {
        Table {
            file: Self::FILE,
            columns: &["matter", "outcome", "least"],
            key: 2,
            text: text.into(),
        }
    }

    pub(super) fn parse<'a>(text: impl Into<Layers<'a>>) -> Result<Self, Error> {
        let table = Self::table(text);
        let mut keys = Keys::new();
        let mut rows = HashMap::new();
        for row in table.rows()? {
            keys.add(&[row.text(0), row.text(1)].join(" "), &row)?;
            let outcome = match row.optional(1) {
                None => None,
                Some(word) => {
                    Some(Outcome::parse(word).ok_or_else(|| row.invalid(1, "an outcome (准予, 不予 …) or `-`"))?)
                }
            };
            let least = Retention::parse(row.text(2)).ok_or_else(|| row.invalid(2, "`永久`, `30年` or `10年`"))?;
            rows.insert((row.optional(0).map(str::to_owned), outcome), least);
        }
        Ok(Self { rows })
    }

    /// The least period of a case of this matter and outcome; `None` when the table says nothing of it.
    pub fn least(&self, matter: Option<&str>, outcome: Option<Outcome>) -> Option<Retention> {
        if self.rows.is_empty() {
            return None;
        }
        let of = |matter: Option<&str>, outcome| self.rows.get(&(matter.map(str::to_owned), outcome)).copied();
        let of_matter = matter.and_then(|matter| of(Some(matter), outcome).or_else(|| of(Some(matter), None)));
        of_matter.or_else(|| of(None, outcome)).or_else(|| of(None, None))
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_narrower_row_counts() {
        let text = "-\t-\t10年\n-\t不予\t30年\n食品经营许可\t-\t30年\n食品经营许可\t准予\t永久\n";
        let table = Retentions::parse(text).unwrap();
        let least = |matter, outcome| table.least(matter, outcome);
        assert_eq!(
            least(Some("食品经营许可"), Some(Outcome::Granted)),
            Some(Retention::Permanent)
        );
        assert_eq!(
            least(Some("食品经营许可"), Some(Outcome::Refused)),
            Some(Retention::Years30)
        );
        assert_eq!(least(Some("其他"), Some(Outcome::Refused)), Some(Retention::Years30));
        assert_eq!(least(None, None), Some(Retention::Years10));
        assert!(Retentions::parse("-\t-\t20年\n").is_err() && Retentions::parse("-\t甲\t永久\n").is_err());
        assert_eq!(Retentions::default().least(None, None), None);
    }
}
