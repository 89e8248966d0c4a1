//! Facts about a case and where each comes from.

use serde::{Deserialize, Serialize};

use super::PixelBox;

/// Declares the fields once: variant, code, Chinese name, English name.
macro_rules! field_names {
    (
        fields { $($(#[$doc:meta])* $variant:ident = $code:literal, $zh:literal, $en:literal;)+ }
        details { $($(#[$ddoc:meta])* $dvariant:ident = $dcode:literal, $dzh:literal, $den:literal;)+ }
    ) => {
        /// A field of a case that can be filled, searched, filtered and corrected; or one of its details, of which
        /// a case may have several values and which stand among its facts only.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum FieldName {
            $($(#[$doc])* #[serde(rename = $code)] $variant,)+
            $($(#[$ddoc])* #[serde(rename = $dcode)] $dvariant,)+
        }

        impl FieldName {
            /// The fields of which a case has one value each, in the order in which they are shown.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// The details, of which a case may have several values: facts without a place in [`super::CaseFields`].
            pub const DETAILS: &'static [Self] = &[$(Self::$dvariant),+];

            /// The stable code used in storage, manifests and API.
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ $(Self::$dvariant => $dcode),+ }
            }

            /// The Chinese name.
            pub fn label_zh(self) -> &'static str {
                match self { $(Self::$variant => $zh,)+ $(Self::$dvariant => $dzh),+ }
            }

            /// The English name.
            pub fn label_en(self) -> &'static str {
                match self { $(Self::$variant => $en,)+ $(Self::$dvariant => $den),+ }
            }

            /// The field with this code.
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ $($dcode => Some(Self::$dvariant),)+ _ => None }
            }
        }
    };
}

field_names! {
    fields {
    /// 题名
    Title = "title", "题名", "Title";
    /// 审批机关
    Agency = "agency", "审批机关", "Agency";
    /// 行政区划, six digits
    Region = "region", "行政区划", "Region";
    /// 审批事项
    Matter = "matter", "审批事项", "Matter";
    /// 文号, canonical form
    DocumentNumber = "document_number", "文号", "Document number";
    /// 受理编号
    AcceptanceNumber = "acceptance_number", "受理编号", "Acceptance number";
    /// 决定结果, code of [`super::Outcome`]
    Outcome = "outcome", "决定结果", "Outcome";
    /// 保管期限, code of [`super::Retention`]
    Retention = "retention", "保管期限", "Retention";
    /// 密级, code of [`super::SecurityClass`]
    SecurityClass = "security_class", "密级", "Security class";
    /// 申请日期
    AppliedOn = "applied_on", "申请日期", "Applied on";
    /// 受理日期
    AcceptedOn = "accepted_on", "受理日期", "Accepted on";
    /// 决定日期
    DecidedOn = "decided_on", "决定日期", "Decided on";
    /// 送达日期
    ServedOn = "served_on", "送达日期", "Served on";
    /// 有效期起
    ValidFrom = "valid_from", "有效期起", "Valid from";
    /// 有效期至
    ValidUntil = "valid_until", "有效期至", "Valid until";
    /// 申请人
    ApplicantName = "applicant_name", "申请人", "Applicant";
    /// 申请人类型, code of [`super::ApplicantKind`]
    ApplicantKind = "applicant_kind", "申请人类型", "Kind of applicant";
    /// 证件号码: credit code or identity number
    ApplicantIdNumber = "applicant_id_number", "证件号码", "Identity number";
    }
    details {
    /// 文种 of one document, code of [`super::DocumentKind`]; the evidence is its title
    WrittenKind = "document_kind", "文种", "Kind of document";
    /// 档号 as it stands on paper
    WrittenCode = "archival_code", "档号", "Archival code";
    /// 证照编号
    LicenceNumber = "licence_number", "证照编号", "Licence number";
    /// 法定代表人或负责人
    LegalRepresentative = "legal_representative", "法定代表人", "Legal representative";
    /// 公民身份号码 of persons other than the applicant: representatives and agents
    PersonIdNumber = "person_id_number", "相关人员证件号码", "Identity number of a person";
    /// 住所、经营场所
    Address = "address", "地址", "Address";
    /// 联系电话
    Phone = "phone", "联系电话", "Telephone";
    /// 法律依据, `《…》第…条`
    LegalBasis = "legal_basis", "法律依据", "Legal basis";
    /// 金额, as [`super::Money`] writes it
    Amount = "amount", "金额", "Amount";
    /// 面积, as [`super::FloorArea`] writes it
    Area = "area", "面积", "Area";
    /// A document that the contents list names, as [`super::DeclaredDocument`] writes it; the evidence is its row
    DeclaredDocument = "declared_document", "目录所列材料", "Document in the contents list";
    /// Title of a document that the contents list does not name
    UndeclaredDocument = "undeclared_document", "目录未列材料", "Document not in the contents list";
    /// A title inside a file that was left whole, by which another document may begin
    BoundTitle = "bound_title", "疑似装订的材料", "Title inside a file";
    /// A title inside a file by which another case begins
    FurtherCase = "further_case", "疑似另一案卷", "Another case inside a file";
    /// Title of a contents list of which nothing else can be read, in a file that was divided without it
    UnreadContents = "unread_contents", "无法识别的卷内目录", "Contents list that cannot be read";
    }
}

impl FieldName {
    /// Whether a case may have several values of it, all of them right.
    pub fn is_detail(self) -> bool {
        Self::DETAILS.contains(&self)
    }

    /// Whether its values are personal data that is masked wherever facts are shown (个人信息保护法): identity numbers,
    /// telephone numbers, addresses. A credit code under such a field is public all the same.
    pub fn is_personal(self) -> bool {
        matches!(
            self,
            Self::ApplicantIdNumber | Self::PersonIdNumber | Self::Phone | Self::Address
        )
    }
}

/// Origin of an address that was read behind a label of premises (住所, 经营场所 …), not of a home (住址).
pub const ADDRESS_OF_PREMISES: &str = "address.premises";

/// Who says so. Later variants win over earlier ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactSource {
    /// Read from the text of the scans by a rule.
    Extraction,
    /// Given by the catalogue of the archive: a manifest or an import.
    Catalogue,
    /// Set by a person.
    Correction,
}

impl FactSource {
    /// The stable code stored in the catalogue.
    pub fn code(self) -> &'static str {
        match self {
            Self::Extraction => "extraction",
            Self::Catalogue => "catalogue",
            Self::Correction => "correction",
        }
    }

    /// The source with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Extraction, Self::Catalogue, Self::Correction]
            .into_iter()
            .find(|s| s.code() == code)
    }
}

/// Where on paper a fact stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// SHA-256 of the file, 64 lower-case hexadecimal digits.
    pub file_sha256: String,
    /// Page of the file, from 1.
    pub page: u32,
    /// Box in pixels of the upright page; `None` when the text has no geometry.
    #[serde(rename = "box")]
    pub area: Option<PixelBox>,
    /// Confidence, 0 to 1.
    pub confidence: f32,
}

/// One value of one field, as one source has it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fact {
    /// The field.
    pub field: FieldName,
    /// The value in canonical form.
    pub value: String,
    /// The text as it was read or typed, when it differs.
    pub as_read: Option<String>,
    /// Who says so.
    pub source: FactSource,
    /// Name of the rule, manifest or person that gave it.
    pub origin: String,
    /// Where it stands, for extracted facts.
    pub evidence: Option<Evidence>,
}

impl Fact {
    /// Confidence used to choose among facts of the same source: that of the evidence, else 1.
    pub fn confidence(&self) -> f32 {
        self.evidence.as_ref().map_or(1.0, |e| e.confidence)
    }
}
