//! A case (案卷, 办件) with its documents and pages.

use serde::{Deserialize, Serialize};

use super::{
    ApplicantKind, ArchivalCode, CivilDate, DocumentKind, DocumentNumber, Fact, FieldName, Outcome, PageText,
    RegionCode, Retention, SecurityClass, TextSource,
};

/// The fields of a case after the best fact of each has been chosen.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
pub struct CaseFields {
    /// 题名
    pub title: Option<String>,
    /// 审批机关, as named at the time
    pub agency: Option<String>,
    /// 行政区划
    pub region: Option<RegionCode>,
    /// 审批事项
    pub matter: Option<String>,
    /// 文号: canonical when it parses, else as given
    pub document_number: Option<String>,
    /// 受理编号
    pub acceptance_number: Option<String>,
    /// 决定结果
    pub outcome: Option<Outcome>,
    /// 保管期限
    pub retention: Option<Retention>,
    /// 密级
    pub security_class: Option<SecurityClass>,
    /// 申请日期
    pub applied_on: Option<CivilDate>,
    /// 受理日期
    pub accepted_on: Option<CivilDate>,
    /// 决定日期
    pub decided_on: Option<CivilDate>,
    /// 送达日期
    pub served_on: Option<CivilDate>,
    /// 有效期起
    pub valid_from: Option<CivilDate>,
    /// 有效期至
    pub valid_until: Option<CivilDate>,
    /// 申请人
    pub applicant_name: Option<String>,
    /// 申请人类型
    pub applicant_kind: Option<ApplicantKind>,
    /// 证件号码
    pub applicant_id_number: Option<String>,
}

impl CaseFields {
    /// Chooses the best fact of each field: correction over catalogue over extraction, then the higher
    /// confidence, then the earlier in the list. A value that does not parse as its field's type is passed over.
    pub fn resolve(facts: &[Fact]) -> Self {
        let mut fields = Self::default();
        for name in FieldName::ALL {
            let mut candidates: Vec<&Fact> = facts.iter().filter(|f| f.field == *name).collect();
            candidates.sort_by(|a, b| {
                b.source
                    .cmp(&a.source)
                    .then_with(|| b.confidence().total_cmp(&a.confidence()))
            });
            for fact in candidates {
                if fields.set(*name, &fact.value) {
                    break;
                }
            }
        }
        fields
    }

    /// Sets one field from its text form; `false` when the text is not a value of that field.
    pub fn set(&mut self, field: FieldName, value: &str) -> bool {
        let value = value.trim();
        if value.is_empty() {
            return false;
        }
        match field {
            FieldName::Title => put(&mut self.title, Some(value.to_owned())),
            FieldName::Agency => put(&mut self.agency, Some(value.to_owned())),
            FieldName::Region => put(&mut self.region, RegionCode::parse(value)),
            FieldName::Matter => put(&mut self.matter, Some(value.to_owned())),
            FieldName::DocumentNumber => {
                let canonical = DocumentNumber::parse(value).map_or_else(|| value.to_owned(), |n| n.to_string());
                put(&mut self.document_number, Some(canonical))
            }
            FieldName::AcceptanceNumber => put(&mut self.acceptance_number, Some(value.to_owned())),
            FieldName::Outcome => put(&mut self.outcome, Outcome::parse(value)),
            FieldName::Retention => put(&mut self.retention, Retention::parse(value)),
            FieldName::SecurityClass => put(&mut self.security_class, SecurityClass::parse(value)),
            FieldName::AppliedOn => put(&mut self.applied_on, CivilDate::parse(value)),
            FieldName::AcceptedOn => put(&mut self.accepted_on, CivilDate::parse(value)),
            FieldName::DecidedOn => put(&mut self.decided_on, CivilDate::parse(value)),
            FieldName::ServedOn => put(&mut self.served_on, CivilDate::parse(value)),
            FieldName::ValidFrom => put(&mut self.valid_from, CivilDate::parse(value)),
            FieldName::ValidUntil => put(&mut self.valid_until, CivilDate::parse(value)),
            FieldName::ApplicantName => put(&mut self.applicant_name, Some(value.to_owned())),
            FieldName::ApplicantKind => put(&mut self.applicant_kind, ApplicantKind::parse(value)),
            FieldName::ApplicantIdNumber => put(&mut self.applicant_id_number, Some(value.to_owned())),
            // Details have no place among the fields.
            _ => false,
        }
    }

    /// The text form of one field, as [`Self::set`] reads it.
    pub fn get(&self, field: FieldName) -> Option<String> {
        match field {
            FieldName::Title => self.title.clone(),
            FieldName::Agency => self.agency.clone(),
            FieldName::Region => self.region.as_ref().map(ToString::to_string),
            FieldName::Matter => self.matter.clone(),
            FieldName::DocumentNumber => self.document_number.clone(),
            FieldName::AcceptanceNumber => self.acceptance_number.clone(),
            FieldName::Outcome => self.outcome.map(|v| v.code().to_owned()),
            FieldName::Retention => self.retention.map(|v| v.code().to_owned()),
            FieldName::SecurityClass => self.security_class.map(|v| v.code().to_owned()),
            FieldName::AppliedOn => self.applied_on.map(|d| d.to_string()),
            FieldName::AcceptedOn => self.accepted_on.map(|d| d.to_string()),
            FieldName::DecidedOn => self.decided_on.map(|d| d.to_string()),
            FieldName::ServedOn => self.served_on.map(|d| d.to_string()),
            FieldName::ValidFrom => self.valid_from.map(|d| d.to_string()),
            FieldName::ValidUntil => self.valid_until.map(|d| d.to_string()),
            FieldName::ApplicantName => self.applicant_name.clone(),
            FieldName::ApplicantKind => self.applicant_kind.map(|v| v.code().to_owned()),
            FieldName::ApplicantIdNumber => self.applicant_id_number.clone(),
            _ => None,
        }
    }

    /// The year (年度) under which the case counts: of the decision, else of acceptance, else of application.
    pub fn year(&self) -> Option<u32> {
        self.decided_on
            .or(self.accepted_on)
            .or(self.applied_on)
            .map(CivilDate::year)
    }
}

fn put<T>(slot: &mut Option<T>, value: Option<T>) -> bool {
    let given = value.is_some();
    if given {
        *slot = value;
    }
    given
}

/// One page (页): what the catalogue knows of it besides its image.
#[derive(Clone, Debug, PartialEq)]
pub struct PageRecord {
    /// Number within the file, from 1.
    pub number: u32,
    /// Width of the upright page in pixels.
    pub width: u32,
    /// Height of the upright page in pixels.
    pub height: u32,
    /// Resolution in dots per inch, when known.
    pub dpi: Option<u32>,
    /// Clockwise turn that made the page upright: 0, 90, 180 or 270 degrees.
    pub rotation: u32,
    /// Skew of the text in degrees, positive clockwise.
    pub skew: f32,
    /// Mean confidence of the text, 0 to 1; `None` on a page without text.
    pub confidence: Option<f32>,
    /// Where the text comes from.
    pub source: TextSource,
    /// Name and version of the recogniser, or of the reader of the text layer.
    pub engine: String,
    /// The text.
    pub text: PageText,
    /// Why the page could not be read: stable code and what happened; such a page has no text and no image.
    pub failure: Option<(String, String)>,
}

impl PageRecord {
    /// A page of which only the text is known, lines separated by `\n`.
    pub fn imported(number: u32, text: &str) -> Self {
        let text = PageText::without_geometry(text);
        Self {
            number,
            width: 0,
            height: 0,
            dpi: None,
            rotation: 0,
            skew: 0.0,
            confidence: text.confidence(),
            source: TextSource::Import,
            engine: String::new(),
            text,
            failure: None,
        }
    }
}

/// One document (件): a file or a part of one.
#[derive(Clone, Debug, PartialEq)]
pub struct DocumentRecord {
    /// Position in the case, from 1.
    pub ordinal: u32,
    /// Title, from the manifest or the file name.
    pub title: String,
    /// 文种
    pub kind: DocumentKind,
    /// File name inside the case; identifies the document when its bytes change. Empty for imported text.
    pub source_name: String,
    /// SHA-256 of the file, 64 lower-case hexadecimal digits; `None` for imported text.
    pub file_sha256: Option<String>,
    /// The pages of the file that the document takes, when several documents are bound together in the file; `None` for
    /// all of them.
    pub part: Option<PageSpan>,
    /// Why the file could not be read: stable code; such a document has no pages.
    pub failure: Option<String>,
    /// The pages.
    pub pages: Vec<PageRecord>,
}

/// Some pages of a file, one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PageSpan {
    /// Number of the first in the file, from 1.
    pub first_page: u32,
    /// How many.
    pub page_count: u32,
}

impl PageSpan {
    /// Whether a page of the file is one of them.
    pub fn contains(self, page: u32) -> bool {
        (self.first_page..self.first_page.saturating_add(self.page_count)).contains(&page)
    }
}

/// A case as the indexer assembles it and the catalogue returns it.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseRecord {
    /// 档号
    pub archival_code: ArchivalCode,
    /// The best value of each field.
    pub fields: CaseFields,
    /// Every fact known.
    pub facts: Vec<Fact>,
    /// The documents in order.
    pub documents: Vec<DocumentRecord>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Evidence, FactSource};

    fn fact(field: FieldName, value: &str, source: FactSource, confidence: f32) -> Fact {
        Fact {
            field,
            value: value.into(),
            as_read: None,
            source,
            origin: "test".into(),
            evidence: Some(Evidence {
                file_sha256: "0".repeat(64),
                page: 1,
                area: None,
                confidence,
            }),
        }
    }

    #[test]
    fn correction_beats_catalogue_beats_extraction() {
        let mut facts = vec![
            fact(FieldName::Agency, "甲", FactSource::Extraction, 0.5),
            fact(FieldName::Agency, "乙", FactSource::Extraction, 0.9),
        ];
        assert_eq!(CaseFields::resolve(&facts).agency.as_deref(), Some("乙"));
        facts.push(fact(FieldName::Agency, "丙", FactSource::Catalogue, 0.1));
        assert_eq!(CaseFields::resolve(&facts).agency.as_deref(), Some("丙"));
        facts.push(fact(FieldName::Agency, "丁", FactSource::Correction, 0.1));
        assert_eq!(CaseFields::resolve(&facts).agency.as_deref(), Some("丁"));
    }

    #[test]
    fn a_value_of_the_wrong_type_gives_way_to_the_next() {
        let facts = [
            fact(FieldName::DecidedOn, "不详", FactSource::Catalogue, 1.0),
            fact(FieldName::DecidedOn, "2019年5月7日", FactSource::Extraction, 0.9),
        ];
        assert_eq!(CaseFields::resolve(&facts).decided_on, CivilDate::new(2019, 5, 7));
    }

    #[test]
    fn every_field_can_be_set_and_got() {
        for name in FieldName::ALL {
            let value = match name {
                FieldName::Region => "140224",
                FieldName::Outcome => "granted",
                FieldName::Retention => "D30",
                FieldName::SecurityClass => "public",
                FieldName::ApplicantKind => "person",
                FieldName::DocumentNumber => "灵食许〔2019〕1号",
                name if name.code().ends_with("_on") || name.code().starts_with("valid") => "2019-05-07",
                _ => "甲",
            };
            let mut fields = CaseFields::default();
            assert!(fields.set(*name, value), "{}", name.code());
            assert_eq!(fields.get(*name).as_deref(), Some(value));
            assert!(!CaseFields::default().set(*name, "  "));
        }
    }
}
