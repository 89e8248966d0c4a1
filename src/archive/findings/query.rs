//! Which findings are asked for.

use super::FindingState;
use crate::analytics::findings::{Parameters, Rule, Severity};
use crate::search::Error;

/// Which findings are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FindingsQuery {
    /// By these rules; by all when empty.
    pub rules: Vec<Rule>,
    /// Of these severities; of all when empty.
    pub severities: Vec<Severity>,
    /// About these years, both included.
    pub years: Option<(u32, u32)>,
    /// About one of these agencies; about any when empty.
    pub agencies: Vec<String>,
    /// Shown by this case.
    pub case_id: Option<String>,
    /// In this state; in all when `None`.
    pub state: Option<FindingState>,
    /// What can be set.
    pub parameters: Parameters,
}

/// Takes a parameter that stands at most once out of the others.
///
/// # Errors
/// [`Error::RepeatedParameter`].
pub fn take_once(pairs: &mut Vec<(String, String)>, parameter: &'static str) -> Result<Option<String>, Error> {
    let mut found = pairs.extract_if(.., |(name, _)| name == parameter);
    let first = found.next().map(|(_, value)| value);
    match found.next() {
        Some(_) => Err(Error::RepeatedParameter { parameter }),
        None => Ok(first.map(|value| value.trim().to_owned())),
    }
}

impl FindingsQuery {
    /// Takes the parameters of `GET /api/v1/findings` but for paging out of the others: `rule`, `severity` and `agency`
    /// (repeatable), `state` (`open` when left out, `dismissed`, `all`), `year`, `case`, `months`.
    ///
    /// # Errors
    /// When one of them is repeated or has no such value.
    pub fn take(pairs: &mut Vec<(String, String)>) -> Result<Self, Error> {
        let mut query = Self::default();
        for (_, code) in pairs.extract_if(.., |(name, _)| name == "rule") {
            let rule = Rule::from_code(&code);
            query
                .rules
                .push(rule.ok_or(Error::InvalidParameter { parameter: "rule" })?);
        }
        for (_, code) in pairs.extract_if(.., |(name, _)| name == "severity") {
            let severity = Severity::ALL.iter().find(|severity| severity.code() == code);
            let invalid = Error::InvalidParameter { parameter: "severity" };
            query.severities.push(*severity.ok_or(invalid)?);
        }
        let agencies = pairs.extract_if(.., |(name, _)| name == "agency");
        query.agencies = agencies.map(|(_, name)| name).filter(|name| !name.is_empty()).collect();
        query.state = match take_once(pairs, "state")?.as_deref() {
            None => Some(FindingState::Open),
            Some("all") => None,
            Some(code) => Some(FindingState::from_code(code).ok_or(Error::InvalidParameter { parameter: "state" })?),
        };
        query.years = read(pairs, "year")?.map(|year| (year, year));
        query.case_id = take_once(pairs, "case")?.filter(|id| !id.is_empty());
        let months = read(pairs, "months")?.unwrap_or(Parameters::default().months);
        if !Parameters::MONTHS.contains(&months) {
            return Err(Error::InvalidParameter { parameter: "months" });
        }
        query.parameters = Parameters { months };
        Ok(query)
    }
}

fn read(pairs: &mut Vec<(String, String)>, parameter: &'static str) -> Result<Option<u32>, Error> {
    let invalid = |_| Error::InvalidParameter { parameter };
    take_once(pairs, parameter)?
        .map(|text| text.parse().map_err(invalid))
        .transpose()
}
