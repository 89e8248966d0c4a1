//! What each case holds: outcome, documents, formats and effects, told by its position.
//!
//! A table rather than chance, so that every document kind, every format and every effect occurs in the first
//! twenty cases whatever the seed, and so that a shorter run is a prefix of a longer one.

use juanzong::record::{DocumentKind, Outcome};

use super::super::files::Format;

/// One paper of a case file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sample) enum Paper {
    Contents,
    Application,
    Supplement,
    Acceptance,
    Inspection,
    Hearing,
    /// 审查报告; the number is roughly its pages.
    Report(u32),
    Review,
    Decision,
    Licence,
    /// 食品经营许可证, in two columns of fields.
    FoodLicence,
    Withdrawal,
    Receipt,
}

/// One effect of scanning on hard pages; each hard page has two or three.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sample) enum Effect {
    Skew,
    Blur,
    Noise,
    BleedThrough,
    Fold,
    LowContrast,
    Uneven,
    LowResolution,
    Fax,
    Rotated,
}

impl Effect {
    /// All, in the order in which they are rotated through.
    pub(in crate::sample) const ALL: [Self; 10] = [
        Self::Skew,
        Self::Fold,
        Self::Rotated,
        Self::BleedThrough,
        Self::LowContrast,
        Self::Noise,
        Self::Fax,
        Self::Uneven,
        Self::Blur,
        Self::LowResolution,
    ];
}

/// The make-up of a case file.
#[derive(Debug)]
pub(in crate::sample) struct Plan {
    pub(in crate::sample) outcome: Outcome,
    pub(in crate::sample) papers: &'static [(Paper, Format)],
}

use Format::{Jpeg, PdfG4, PdfJbig2, PdfJpeg, PdfText, Png, TiffG4, TiffLzw};
use Paper::{
    Acceptance, Application, Contents, Decision, Hearing, Inspection, Licence, Receipt, Report, Review, Supplement,
    Withdrawal,
};

const fn plan(outcome: Outcome, papers: &'static [(Paper, Format)]) -> Plan {
    Plan { outcome, papers }
}

/// Twenty case files; later ones repeat them with other facts and other formats.
const PLANS: &[Plan] = &[
    plan(
        Outcome::Granted,
        &[
            (Contents, PdfJpeg),
            (Application, TiffG4),
            (Acceptance, PdfG4),
            (Decision, PdfJpeg),
            (Licence, Jpeg),
            (Receipt, Png),
        ],
    ),
    plan(Outcome::Granted, &[(Application, TiffLzw), (Decision, PdfText)]),
    plan(
        Outcome::Granted,
        &[
            (Application, PdfJpeg),
            (Acceptance, PdfText),
            (Decision, PdfJpeg),
            (Licence, Jpeg),
        ],
    ),
    plan(
        Outcome::Refused,
        &[(Application, PdfJbig2), (Decision, PdfJpeg), (Receipt, TiffG4)],
    ),
    plan(Outcome::Granted, &[(Decision, PdfG4), (Licence, Png)]),
    plan(
        Outcome::Renewed,
        &[(Application, PdfText), (Review, PdfJpeg), (Decision, TiffLzw)],
    ),
    plan(
        Outcome::Granted,
        &[(Contents, TiffG4), (Report(2), PdfG4), (Decision, Jpeg)],
    ),
    plan(Outcome::Granted, &[(Acceptance, Jpeg), (Decision, PdfJpeg)]),
    plan(
        Outcome::Withdrawn,
        &[
            (Application, PdfG4),
            (Acceptance, Png),
            (Withdrawal, Jpeg),
            (Decision, PdfText),
        ],
    ),
    plan(Outcome::Granted, &[(Decision, TiffG4), (Receipt, PdfJbig2)]),
    plan(
        Outcome::Refused,
        &[
            (Supplement, Jpeg),
            (Hearing, PdfJpeg),
            (Report(3), PdfJpeg),
            (Decision, PdfJbig2),
        ],
    ),
    plan(Outcome::Granted, &[(Application, Png), (Licence, PdfJpeg)]),
    plan(
        Outcome::Renewed,
        &[
            (Application, PdfG4),
            (Acceptance, TiffLzw),
            (Decision, PdfJpeg),
            (Licence, PdfJpeg),
        ],
    ),
    plan(
        Outcome::Changed,
        &[(Application, Jpeg), (Review, TiffLzw), (Decision, PdfText)],
    ),
    plan(Outcome::Granted, &[(Inspection, TiffG4), (Decision, PdfJpeg)]),
    plan(
        Outcome::Granted,
        &[
            (Contents, PdfText),
            (Application, PdfJpeg),
            (Inspection, PdfJbig2),
            (Review, PdfG4),
            (Decision, PdfJpeg),
            (Licence, TiffLzw),
        ],
    ),
    plan(Outcome::Granted, &[(Decision, Jpeg), (Licence, PdfG4)]),
    plan(
        Outcome::Refused,
        &[(Acceptance, PdfJpeg), (Report(5), TiffG4), (Decision, PdfText)],
    ),
    plan(Outcome::Granted, &[(Application, TiffG4), (Decision, Png)]),
    plan(
        Outcome::Granted,
        &[
            (Supplement, PdfText),
            (Acceptance, TiffG4),
            (Decision, PdfG4),
            (Receipt, Jpeg),
        ],
    ),
];

impl Plan {
    /// The plan of the case at a position.
    pub(in crate::sample) fn of(index: u32) -> &'static Self {
        &PLANS[index as usize % PLANS.len()]
    }

    /// How often the list of plans was gone through before a position.
    pub(in crate::sample) fn repetition(index: u32) -> u32 {
        index / u32::try_from(PLANS.len()).unwrap_or(1)
    }

    /// Number of documents that are planned as scans in the cases before a position.
    pub(in crate::sample) fn scanned_before(index: u32) -> u32 {
        let scanned = |plan: &Self| plan.papers.iter().filter(|(_, format)| *format != PdfText).count();
        let place = index as usize % PLANS.len();
        let whole: usize = PLANS.iter().map(scanned).sum();
        let part: usize = PLANS[..place].iter().map(scanned).sum();
        u32::try_from(Self::repetition(index) as usize * whole + part).unwrap_or(u32::MAX)
    }

    /// Whether the outcome leaves a valid licence behind.
    pub(in crate::sample) fn has_licence(&self) -> bool {
        matches!(self.outcome, Outcome::Granted | Outcome::Renewed | Outcome::Changed)
    }

    /// The part of the case title (题名) after the applicant.
    pub(in crate::sample) fn title_of(&self, matter: &str) -> String {
        match self.outcome {
            Outcome::Refused => format!("{matter}申请不予许可卷"),
            Outcome::Withdrawn => format!("撤回{matter}申请卷"),
            Outcome::Renewed => format!("{matter}延续卷"),
            Outcome::Changed => format!("{matter}变更卷"),
            _ => format!("{matter}卷"),
        }
    }
}

impl Paper {
    /// Kind of document (文种).
    pub(in crate::sample) fn kind(self) -> DocumentKind {
        match self {
            Self::Contents => DocumentKind::Contents,
            Self::Application => DocumentKind::Application,
            Self::Supplement => DocumentKind::SupplementNotice,
            Self::Acceptance => DocumentKind::AcceptanceNotice,
            Self::Inspection => DocumentKind::Inspection,
            Self::Hearing => DocumentKind::Hearing,
            Self::Report(_) | Self::Review => DocumentKind::Review,
            Self::Decision => DocumentKind::Decision,
            Self::Licence | Self::FoodLicence => DocumentKind::Licence,
            Self::Withdrawal => DocumentKind::Other,
            Self::Receipt => DocumentKind::ServiceReceipt,
        }
    }

    /// Title of the document, also in its file name.
    pub(in crate::sample) fn title(self, outcome: Outcome) -> &'static str {
        match self {
            Self::Contents => "卷内目录",
            Self::Application => match outcome {
                Outcome::Renewed => "延续申请表",
                Outcome::Changed => "变更申请表",
                _ => "行政许可申请表",
            },
            Self::Supplement => "补正告知书",
            Self::Acceptance => "受理通知书",
            Self::Inspection => "现场核查记录表",
            Self::Hearing => "听证笔录",
            Self::Report(_) => "审查报告",
            Self::Review => "审查意见表",
            Self::Decision => match outcome {
                Outcome::Refused => "不予行政许可决定书",
                Outcome::Withdrawn => "终止审查决定书",
                Outcome::Renewed => "准予延续行政许可决定书",
                Outcome::Changed => "准予变更行政许可决定书",
                _ => "准予行政许可决定书",
            },
            Self::Licence => "许可证正本",
            Self::FoodLicence => "食品经营许可证正本",
            Self::Withdrawal => "撤回申请书",
            Self::Receipt => "送达回证",
        }
    }
}
