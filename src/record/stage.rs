//! The stages of an approval (申请 受理 补正 审查 听证 决定 送达) and what a case shows of each.
//!
//! The order is that of the 行政许可法: application (art. 29), acceptance or supplement (art. 32), review (art. 34),
//! hearing (art. 46-48), decision (art. 37-39), service (art. 44).

use super::{CaseFields, CivilDate, DocumentKind, Outcome};

/// A stage of an approval.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Stage {
    /// 申请
    Application,
    /// 补正
    Supplement,
    /// 受理
    Acceptance,
    /// 审查
    Review,
    /// 听证
    Hearing,
    /// 决定
    Decision,
    /// 送达
    Service,
}

/// What a case shows of a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StageState {
    /// A document of the stage is in the case.
    Documented,
    /// No document, but its date is known from elsewhere.
    Dated,
    /// Nothing, though every case that came so far must have gone through it.
    Missing,
    /// Nothing, and nothing says that the case went through it.
    NotSeen,
}

/// A stage of one case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StageOfCase {
    /// The stage.
    pub stage: Stage,
    /// Whether every case that came so far goes through it.
    pub required: bool,
    /// What the case shows of it.
    pub state: StageState,
    /// Positions of its documents in the case, ascending.
    pub documents: Vec<u32>,
    /// Its date, for the stages that have one.
    pub date: Option<CivilDate>,
}

impl Stage {
    /// All stages in their order.
    pub const ALL: &'static [Self] = &[
        Self::Application,
        Self::Supplement,
        Self::Acceptance,
        Self::Review,
        Self::Hearing,
        Self::Decision,
        Self::Service,
    ];

    /// The stage that a kind of document belongs to; `None` for contents lists and for what is not known.
    pub fn of(kind: DocumentKind) -> Option<Self> {
        match kind {
            DocumentKind::Application => Some(Self::Application),
            DocumentKind::SupplementNotice => Some(Self::Supplement),
            DocumentKind::AcceptanceNotice => Some(Self::Acceptance),
            DocumentKind::Inspection | DocumentKind::Review => Some(Self::Review),
            DocumentKind::Hearing => Some(Self::Hearing),
            DocumentKind::Decision | DocumentKind::Licence => Some(Self::Decision),
            DocumentKind::ServiceReceipt => Some(Self::Service),
            DocumentKind::Contents | DocumentKind::Other => None,
        }
    }

    /// The stable code shown in answers.
    pub fn code(self) -> &'static str {
        match self {
            Self::Application => "application",
            Self::Supplement => "supplement",
            Self::Acceptance => "acceptance",
            Self::Review => "review",
            Self::Hearing => "hearing",
            Self::Decision => "decision",
            Self::Service => "service",
        }
    }

    /// The Chinese name.
    pub fn label_zh(self) -> &'static str {
        match self {
            Self::Application => "申请",
            Self::Supplement => "补正",
            Self::Acceptance => "受理",
            Self::Review => "审查",
            Self::Hearing => "听证",
            Self::Decision => "决定",
            Self::Service => "送达",
        }
    }

    /// The English name.
    pub fn label_en(self) -> &'static str {
        match self {
            Self::Application => "Application",
            Self::Supplement => "Supplement",
            Self::Acceptance => "Acceptance",
            Self::Review => "Review",
            Self::Hearing => "Hearing",
            Self::Decision => "Decision",
            Self::Service => "Service",
        }
    }

    /// The stages of a case: `documents` are the positions of its documents with their kinds.
    ///
    /// A supplement or a hearing takes place in some cases only, so the lack of one is never a fault. A case that was
    /// withdrawn ends there: the stages after its application are not missed.
    pub fn of_case(fields: &CaseFields, documents: &[(u32, DocumentKind)]) -> Vec<StageOfCase> {
        let withdrawn = fields.outcome == Some(Outcome::Withdrawn);
        let stage_of_case = |stage: Self| {
            let mut own: Vec<u32> = documents
                .iter()
                .filter(|(_, kind)| Self::of(*kind) == Some(stage))
                .map(|(ordinal, _)| *ordinal)
                .collect();
            own.sort_unstable();
            let date = match stage {
                Self::Application => fields.applied_on,
                Self::Acceptance => fields.accepted_on,
                Self::Decision => fields.decided_on,
                Self::Service => fields.served_on,
                Self::Supplement | Self::Review | Self::Hearing => None,
            };
            let by_chance = matches!(stage, Self::Supplement | Self::Hearing);
            let required = !(by_chance || withdrawn && stage > Self::Application);
            let state = if !own.is_empty() {
                StageState::Documented
            } else if date.is_some() {
                StageState::Dated
            } else if required {
                StageState::Missing
            } else {
                StageState::NotSeen
            };
            StageOfCase {
                stage,
                required,
                state,
                documents: own,
                date,
            }
        };
        Self::ALL.iter().copied().map(stage_of_case).collect()
    }
}

impl StageState {
    /// The stable code shown in answers.
    pub fn code(self) -> &'static str {
        match self {
            Self::Documented => "documented",
            Self::Dated => "dated",
            Self::Missing => "missing",
            Self::NotSeen => "not_seen",
        }
    }

    /// The Chinese wording.
    pub fn label_zh(self) -> &'static str {
        match self {
            Self::Documented => "有材料",
            Self::Dated => "仅有日期",
            Self::Missing => "缺失",
            Self::NotSeen => "未涉及",
        }
    }

    /// The English wording.
    pub fn label_en(self) -> &'static str {
        match self {
            Self::Documented => "documented",
            Self::Dated => "date only",
            Self::Missing => "missing",
            Self::NotSeen => "not seen",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn states(fields: &CaseFields, kinds: &[DocumentKind]) -> Vec<(&'static str, &'static str)> {
        let documents: Vec<(u32, DocumentKind)> = (1..).zip(kinds.iter().copied()).collect();
        Stage::of_case(fields, &documents)
            .into_iter()
            .map(|stage| (stage.stage.code(), stage.state.code()))
            .collect()
    }

    #[test]
    fn documents_and_dates_show_stages_and_the_rest_is_missing() {
        let fields = CaseFields {
            accepted_on: CivilDate::new(2019, 4, 28),
            ..CaseFields::default()
        };
        let kinds = [
            DocumentKind::Decision,
            DocumentKind::Application,
            DocumentKind::Contents,
        ];
        assert_eq!(
            states(&fields, &kinds),
            [
                ("application", "documented"),
                ("supplement", "not_seen"),
                ("acceptance", "dated"),
                ("review", "missing"),
                ("hearing", "not_seen"),
                ("decision", "documented"),
                ("service", "missing"),
            ]
        );
    }

    #[test]
    fn a_withdrawn_case_misses_nothing_after_its_application() {
        let fields = CaseFields {
            outcome: Some(Outcome::Withdrawn),
            ..CaseFields::default()
        };
        let states = states(&fields, &[]);
        assert_eq!(states[0], ("application", "missing"));
        assert!(states[1..].iter().all(|(_, state)| *state == "not_seen"), "{states:?}");
    }

    #[test]
    fn every_stage_but_none_else_comes_from_a_kind_of_document() {
        let mut from_kinds: Vec<Stage> = DocumentKind::ALL.iter().filter_map(|kind| Stage::of(*kind)).collect();
        from_kinds.sort_unstable();
        from_kinds.dedup();
        assert_eq!(from_kinds, Stage::ALL);
    }
}
