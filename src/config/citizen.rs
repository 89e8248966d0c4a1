//! `[citizen]`: what citizens are told and given.

use serde::Deserialize;

use super::Error;
use crate::access::CodeTerms;

/// What the archive is called when nothing else is said.
const DEFAULT_ARCHIVE: &str = "本档案馆";
/// Most characters of the name of the archive: it stands in one line on copies.
const MOST_NAME: usize = 40;
/// What stands for the code in the address at which copies are verified.
const CODE: &str = "{code}";

/// `[citizen]` as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawCitizen {
    /// Name of the archive, as it stands on slips and copies.
    pub archive: Option<String>,
    /// Address of the page at which citizens log in, for the slip.
    pub portal: Option<String>,
    /// Address at which a copy is verified, with `{code}` in it; the QR code of copies holds it.
    pub verify: Option<String>,
    /// Days for which an access code is good.
    pub code_days: Option<u32>,
    /// Wrong entries after which an access code is not good any more.
    pub code_tries: Option<u32>,
    /// Logins with one access code.
    pub code_uses: Option<u32>,
}

/// What citizens are told and given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CitizenService {
    /// Name of the archive.
    pub archive: String,
    /// Address at which they log in.
    pub portal: Option<String>,
    /// Address at which a copy is verified, with `{code}` in it.
    pub verify: Option<String>,
    /// For how long and how much access codes are good.
    pub terms: CodeTerms,
}

impl Default for CitizenService {
    fn default() -> Self {
        Self {
            archive: DEFAULT_ARCHIVE.to_owned(),
            portal: None,
            verify: None,
            terms: CodeTerms::default(),
        }
    }
}

impl CitizenService {
    /// What the QR code of a copy with this code says.
    pub fn verification(&self, code: &str) -> String {
        match &self.verify {
            Some(address) => address.replace(CODE, code),
            None => code.to_owned(),
        }
    }
}

impl RawCitizen {
    /// Checks everything and fills in what was left out.
    ///
    /// # Errors
    /// One variant for each rule that a value breaks.
    pub(super) fn validate(self) -> Result<CitizenService, Error> {
        let defaults = CodeTerms::default();
        let archive = match self.archive {
            None => DEFAULT_ARCHIVE.to_owned(),
            Some(name) => {
                let name = name.trim();
                let fits = (1..=MOST_NAME).contains(&name.chars().count()) && !name.chars().any(char::is_control);
                match fits {
                    true => name.to_owned(),
                    false => return Err(unknown("citizen.archive", name)),
                }
            }
        };
        Ok(CitizenService {
            archive,
            portal: address("citizen.portal", self.portal, false)?,
            verify: address("citizen.verify", self.verify, true)?,
            terms: CodeTerms {
                days: number("citizen.code_days", self.code_days, defaults.days, 90)?,
                tries: number("citizen.code_tries", self.code_tries, defaults.tries, 10)?,
                uses: number("citizen.code_uses", self.code_uses, defaults.uses, 200)?,
            },
        })
    }
}

fn address(key: &'static str, value: Option<String>, with_code: bool) -> Result<Option<String>, Error> {
    let Some(value) = value else { return Ok(None) };
    let web = value.starts_with("https://") || value.starts_with("http://");
    let plain = value.len() <= 200 && value.chars().all(|c| c.is_ascii_graphic());
    if web && plain && value.contains(CODE) == with_code {
        Ok(Some(value))
    } else {
        Err(unknown(key, &value))
    }
}

fn unknown(key: &'static str, value: &str) -> Error {
    Error::UnknownWord {
        key,
        value: value.to_owned(),
    }
}

fn number(key: &'static str, value: Option<u32>, default: u32, most: u32) -> Result<u32, Error> {
    let value = value.unwrap_or(default);
    match (1..=most).contains(&value) {
        true => Ok(value),
        false => Err(Error::OutOfRange {
            key,
            least: 1,
            most: usize::try_from(most).unwrap_or(usize::MAX),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_checked() {
        let raw = RawCitizen::default;
        let service = raw().validate().unwrap();
        assert_eq!(service, CitizenService::default());
        assert_eq!(service.verification("ABCD"), "ABCD");
        let verify = Some("https://da.example.gov.cn/verify/{code}".to_owned());
        let service = RawCitizen { verify, ..raw() }.validate().unwrap();
        assert_eq!(service.verification("ABCD"), "https://da.example.gov.cn/verify/ABCD");
        for (wrong, key) in [
            (
                RawCitizen {
                    archive: Some(" ".into()),
                    ..raw()
                },
                "citizen.archive",
            ),
            (
                RawCitizen {
                    portal: Some("javascript:alert(1)".into()),
                    ..raw()
                },
                "citizen.portal",
            ),
            (
                RawCitizen {
                    portal: Some("https://a/ \"".into()),
                    ..raw()
                },
                "citizen.portal",
            ),
            (
                RawCitizen {
                    verify: Some("https://da.example.gov.cn/".into()),
                    ..raw()
                },
                "citizen.verify",
            ),
            (
                RawCitizen {
                    code_days: Some(0),
                    ..raw()
                },
                "citizen.code_days",
            ),
            (
                RawCitizen {
                    code_tries: Some(11),
                    ..raw()
                },
                "citizen.code_tries",
            ),
            (
                RawCitizen {
                    code_uses: Some(0),
                    ..raw()
                },
                "citizen.code_uses",
            ),
        ] {
            let error = wrong.validate().unwrap_err().to_string();
            assert!(error.contains(key), "{error}");
        }
    }
}
