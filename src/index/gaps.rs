//! What a case lacks: fields without which it stands under no value, and what is expected of every case.

use std::collections::BTreeSet;

use crate::analytics::Missing;
use crate::record::{
    CaseRecord, ContentsDifference, DocumentKind, RegionCode, Stage, StageState, contents_differences,
};

/// What a case lacks. A stage lacks when neither a document nor a date of it is there and the case must have gone through
/// it; a document, when the contents list names it.
pub(super) fn missing(case: &CaseRecord) -> BTreeSet<Missing> {
    let fields = &case.fields;
    let levels: Vec<RegionCode> = fields.region.iter().flat_map(RegionCode::levels).collect();
    let at_level = |zeros: &str, below: &str| {
        let of_level = |code: &RegionCode| code.as_str().ends_with(zeros) && !code.as_str().ends_with(below);
        levels.iter().any(of_level)
    };
    let date = fields.decided_on.or(fields.accepted_on).or(fields.applied_on);
    let known = [
        (
            Missing::Year,
            fields.year().or_else(|| case.archival_code.year()).is_some(),
        ),
        (Missing::Date, date.is_some()),
        (Missing::Agency, has_text(fields.agency.as_deref())),
        (Missing::Province, at_level("0000", "000000")),
        (Missing::City, at_level("00", "0000")),
        (Missing::County, at_level("", "00")),
        (Missing::Matter, has_text(fields.matter.as_deref())),
        (Missing::Outcome, fields.outcome.is_some()),
        (Missing::ApplicantKind, fields.applicant_kind.is_some()),
        (Missing::Retention, fields.retention.is_some()),
        (Missing::AcceptedOn, fields.accepted_on.is_some()),
        (Missing::DecidedOn, fields.decided_on.is_some()),
        (Missing::Document, !lacks_a_document(case)),
        (Missing::Readable, !has_unreadable(case)),
    ];
    let mut missing: BTreeSet<Missing> = known
        .into_iter()
        .filter(|(_, known)| !known)
        .map(|(missing, _)| missing)
        .collect();
    let kinds: Vec<(u32, DocumentKind)> = case.documents.iter().map(|d| (d.ordinal, d.kind)).collect();
    let stages = Stage::of_case(fields, &kinds);
    let lacking = stages.iter().filter(|stage| stage.state == StageState::Missing);
    missing.extend(lacking.filter_map(|stage| of_stage(stage.stage)));
    missing
}

fn has_text(text: Option<&str>) -> bool {
    text.is_some_and(|text| !text.trim().is_empty())
}

fn of_stage(stage: Stage) -> Option<Missing> {
    match stage {
        Stage::Application => Some(Missing::StageApplication),
        Stage::Acceptance => Some(Missing::StageAcceptance),
        Stage::Review => Some(Missing::StageReview),
        Stage::Decision => Some(Missing::StageDecision),
        Stage::Service => Some(Missing::StageService),
        // They take place in some cases only.
        Stage::Supplement | Stage::Hearing => None,
    }
}

fn lacks_a_document(case: &CaseRecord) -> bool {
    let pages = |pages: usize| u32::try_from(pages).unwrap_or(u32::MAX);
    let documents: Vec<(u32, u32)> = case
        .documents
        .iter()
        .map(|d| (d.ordinal, pages(d.pages.len())))
        .collect();
    let differences = contents_differences(&case.facts, &documents);
    differences
        .iter()
        .any(|difference| matches!(difference, ContentsDifference::Missing { .. }))
}

fn has_unreadable(case: &CaseRecord) -> bool {
    let failed = |document: &crate::record::DocumentRecord| {
        document.failure.is_some() || document.pages.iter().any(|page| page.failure.is_some())
    };
    case.documents.iter().any(failed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::testing::{add_document, empty_case, set};
    use crate::record::FieldName::*;

    fn codes(case: &CaseRecord) -> Vec<&'static str> {
        missing(case).into_iter().map(Missing::code).collect()
    }

    #[test]
    fn a_case_lacks_what_it_does_not_have() {
        let mut case = empty_case("甲-乙");
        let nothing = codes(&case);
        assert!(nothing.contains(&"year") && nothing.contains(&"county") && nothing.contains(&"stage_review"));
        assert!(!nothing.contains(&"document") && !nothing.contains(&"readable"));
        set(
            &mut case,
            &[
                (Agency, "灵丘县市场监督管理局"),
                (Region, "140200"),
                (Matter, "食品经营许可"),
                (Outcome, "granted"),
                (ApplicantKind, "person"),
                (Retention, "D30"),
                (AcceptedOn, "2019-04-28"),
                (DecidedOn, "2019-05-07"),
                (ServedOn, "2019-05-09"),
            ],
        );
        add_document(&mut case, DocumentKind::Application, 0.9, &["申请书"]);
        assert_eq!(codes(&case), ["county", "stage_review"]);
        add_document(&mut case, DocumentKind::Review, 0.9, &["审查意见"]);
        set(&mut case, &[(Region, "140224")]);
        assert_eq!(codes(&case), Vec::<&str>::new());
        case.documents[1].pages[0].failure = Some(("page_too_large".into(), String::new()));
        assert_eq!(codes(&case), ["readable"]);
        set(&mut case, &[(Outcome, "withdrawn")]);
        case.documents.truncate(1);
        assert_eq!(codes(&case), Vec::<&str>::new(), "a withdrawn case ends there");
    }
}
