//! What citizens are told of their cases, in plain words: one table in Chinese and English.

use crate::archive::Labels;
use crate::record::{CaseFields, CivilDate, Outcome, Stage};

/// A sentence in both languages; `{}` stands for a date.
struct Words {
    zh: &'static str,
    en: &'static str,
}

const fn words(zh: &'static str, en: &'static str) -> Words {
    Words { zh, en }
}

const GRANTED: Words = words("准予许可", "granted");
const REFUSED: Words = words("不予许可", "refused");
const WITHDRAWN: Words = words("您已撤回申请", "you withdrew the application");
const TERMINATED: Words = words("办理已终止", "ended without a decision");
const REVOKED: Words = words("许可已被撤销", "the licence was revoked");
const CANCELLED: Words = words("许可已注销", "the licence was cancelled");
const CHANGED: Words = words("准予变更", "the change was granted");
const RENEWED: Words = words("准予延续", "renewed");
const DECIDED: Words = words("已作出决定", "decided");
const ACCEPTED: Words = words("已受理，档案中尚无决定", "accepted; the file holds no decision yet");
const APPLIED: Words = words(
    "已申请，档案中尚无受理记录",
    "applied for; the file does not show yet that it was accepted",
);
const UNKNOWN: Words = words("档案中没有办理进度的记录", "the file does not show how far it is");
const ON: Words = words("（{}）", " ({})");

const STAGES: [(Stage, Words, Words, Words); 5] = [
    (
        Stage::Application,
        words("您于{}提交了申请", "you applied on {}"),
        words("您提交了申请", "you applied"),
        words("缺少申请书", "the application is missing"),
    ),
    (
        Stage::Supplement,
        words("机关于{}要求补正材料", "the agency asked for more papers on {}"),
        words("机关要求补正材料", "the agency asked for more papers"),
        words("缺少补正告知书", "the notice asking for more papers is missing"),
    ),
    (
        Stage::Acceptance,
        words("申请于{}受理", "the application was accepted on {}"),
        words("申请已受理", "the application was accepted"),
        words("缺少受理通知书", "the acceptance notice is missing"),
    ),
    (
        Stage::Decision,
        words("机关于{}作出决定", "the agency decided on {}"),
        words("机关已作出决定", "the agency decided"),
        words("缺少决定书", "the decision is missing"),
    ),
    (
        Stage::Service,
        words("决定于{}送达", "the decision was served on {}"),
        words("决定已送达", "the decision was served"),
        words("缺少送达回证", "the service receipt is missing"),
    ),
];

impl Words {
    fn in_language(&self, labels: Labels) -> &'static str {
        match labels {
            Labels::Chinese => self.zh,
            Labels::English => self.en,
        }
    }

    fn on(&self, date: CivilDate, labels: Labels) -> String {
        let date = match labels {
            Labels::Chinese => format!("{}年{}月{}日", date.year(), date.month(), date.day()),
            Labels::English => date.to_string(),
        };
        self.in_language(labels).replace("{}", &date)
    }
}

/// How far a case is.
pub(super) fn status(fields: &CaseFields, labels: Labels) -> String {
    let (told, date) = match fields.outcome {
        Some(Outcome::Granted) => (&GRANTED, fields.decided_on),
        Some(Outcome::Refused) => (&REFUSED, fields.decided_on),
        Some(Outcome::Withdrawn) => (&WITHDRAWN, fields.decided_on),
        Some(Outcome::Terminated) => (&TERMINATED, fields.decided_on),
        Some(Outcome::Revoked) => (&REVOKED, fields.decided_on),
        Some(Outcome::Cancelled) => (&CANCELLED, fields.decided_on),
        Some(Outcome::Changed) => (&CHANGED, fields.decided_on),
        Some(Outcome::Renewed) => (&RENEWED, fields.decided_on),
        Some(Outcome::Unknown) | None => match (fields.decided_on, fields.accepted_on, fields.applied_on) {
            (Some(date), ..) => (&DECIDED, Some(date)),
            (None, Some(date), _) => (&ACCEPTED, Some(date)),
            (None, None, Some(date)) => (&APPLIED, Some(date)),
            (None, None, None) => (&UNKNOWN, None),
        },
    };
    let date = date.map(|date| ON.on(date, labels)).unwrap_or_default();
    format!("{}{date}", told.in_language(labels))
}

/// That a case went through a stage; `None` for the stages of which applicants have no papers.
pub(super) fn passed(stage: Stage, date: Option<CivilDate>, labels: Labels) -> Option<String> {
    let (_, dated, undated, _) = STAGES.iter().find(|(known, ..)| *known == stage)?;
    Some(match date {
        Some(date) => dated.on(date, labels),
        None => undated.in_language(labels).to_owned(),
    })
}

/// That the paper of a stage is missing.
pub(super) fn missing(stage: Stage, labels: Labels) -> Option<String> {
    let (.., missing) = STAGES.iter().find(|(known, ..)| *known == stage)?;
    Some(missing.in_language(labels).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_says_what_is_known() {
        let date = CivilDate::parse("2019-05-07");
        let fields = |outcome, decided_on, accepted_on| CaseFields {
            outcome,
            decided_on,
            accepted_on,
            ..CaseFields::default()
        };
        for (fields, zh, en) in [
            (
                fields(Some(Outcome::Granted), date, None),
                "准予许可（2019年5月7日）",
                "granted (2019-05-07)",
            ),
            (fields(Some(Outcome::Refused), None, date), "不予许可", "refused"),
            (
                fields(Some(Outcome::Unknown), date, None),
                "已作出决定（2019年5月7日）",
                "decided (2019-05-07)",
            ),
            (
                fields(None, None, date),
                "已受理，档案中尚无决定（2019年5月7日）",
                "accepted; the file holds no decision yet (2019-05-07)",
            ),
            (fields(None, None, None), UNKNOWN.zh, UNKNOWN.en),
        ] {
            assert_eq!(status(&fields, Labels::Chinese), zh);
            assert_eq!(status(&fields, Labels::English), en);
        }
    }

    #[test]
    fn every_sentence_has_a_place_for_a_date_in_both_languages_or_in_none() {
        for (_, dated, undated, missing) in &STAGES {
            for (words, dates) in [(dated, 1), (undated, 0), (missing, 0)] {
                assert_eq!(
                    (words.zh.matches("{}").count(), words.en.matches("{}").count()),
                    (dates, dates)
                );
            }
        }
    }
}
