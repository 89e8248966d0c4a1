//! Time limits of matters (`time_limits.tsv`): what special laws set instead of the Administrative Licensing Law, which
//! matters are handled by several offices together, and within how many working days agencies promised to decide
//! (承诺时限). An archive fills it: promises are made place by place.

use super::error::Error;
use super::matters::Matters;
use super::tsv::{Keys, Layers, Table};
use crate::record::CivilDate;

/// One row: what holds for a matter, at an agency, from a day on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeLimitRow {
    /// Name of the matter (in `matters.tsv`); `None`: every matter.
    pub matter: Option<String>,
    /// Whole name of an agency (灵丘县行政审批局), or a kind of agency (行政审批局); `None`: every agency.
    pub agency: Option<String>,
    /// First day of acceptance to which it applies; `None`: from ever.
    pub from: Option<CivilDate>,
    /// Whether it is handled in a unified, joint or centralised way (统一办理、联合办理、集中办理).
    pub joint: bool,
    /// Working days that a special law sets instead of Art. 42.
    pub statutory: Option<u16>,
    /// Working days by which the head of the agency may extend, instead of those of Art. 42.
    pub extension: Option<u16>,
    /// Working days promised.
    pub promised: Option<u16>,
}

/// All rows.
#[derive(Debug, Default)]
pub struct TimeLimits {
    rows: Vec<TimeLimitRow>,
}

impl TimeLimits {
    pub(super) const FILE: &'static str = "time_limits.tsv";

    pub(super) fn table<'a>(text: impl Into<Layers<'a>>) -> Table<'a> {
        Table {
            file: Self::FILE,
            columns: &[
                "matter",
                "agency",
                "from",
                "handling",
                "statutory",
                "extension",
                "promised",
            ],
            key: 3,
            text: text.into(),
        }
    }

    pub(super) fn parse<'a>(text: impl Into<Layers<'a>>, matters: &Matters) -> Result<Self, Error> {
        let table = Self::table(text);
        let mut keys = Keys::new();
        let mut rows = Vec::new();
        for row in table.rows()? {
            keys.add(&[row.text(0), row.text(1), row.text(2)].join(" "), &row)?;
            let matter = row.optional(0);
            if let Some(unknown) = matter.filter(|name| !matters.iter().any(|matter| matter.name == *name)) {
                return Err(row.unknown(0, unknown, Matters::FILE));
            }
            let joint = match row.text(3) {
                "一般" => false,
                "联合" => true,
                _ => return Err(row.invalid(3, "`一般` or `联合`")),
            };
            let days = |index: usize| -> Result<Option<u16>, Error> {
                match row.optional(index).map(str::parse) {
                    None => Ok(None),
                    Some(Ok(days @ 0..=3_000)) => Ok(Some(days)),
                    Some(_) => Err(row.invalid(index, "a number of working days up to 3000")),
                }
            };
            let from = row.optional(2).map(|_| row.date(2)).transpose()?;
            rows.push(TimeLimitRow {
                matter: matter.map(str::to_owned),
                agency: row.optional(1).map(str::to_owned),
                from,
                joint,
                statutory: days(4)?,
                extension: days(5)?,
                promised: days(6)?,
            });
        }
        Ok(Self { rows })
    }

    /// All rows, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &TimeLimitRow> {
        self.rows.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}
