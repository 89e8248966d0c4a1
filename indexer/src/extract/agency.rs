//! 审批机关: in the header of a document, in its signature, behind its label and on its seal.

use juanzong::record::{CivilDate, DocumentKind, Fact, FieldName};

use super::glyphs::{Glyph, is_han, text};
use super::labels::{Label, Place, bare_label, ends_at, labelled};
use super::reading::{Line, Reading, by};
use super::vocabulary::{KnownAgency, Vocabulary};

const LABELS: &[Label] = &[
    bare_label("发证机关"),
    bare_label("审批机关"),
    bare_label("许可机关"),
    bare_label("登记机关"),
    bare_label("决定机关"),
    bare_label("批准机关"),
    bare_label("核发机关"),
    bare_label("注册机关"),
    bare_label("受理机关"),
    bare_label("送达机关"),
    bare_label("发证部门"),
    bare_label("审批部门"),
    bare_label("备案部门"),
    bare_label("备案机关"),
    bare_label("受理部门"),
    bare_label("发证单位"),
    bare_label("签发机关"),
    bare_label("颁发机关"),
    bare_label("审核机关"),
    bare_label("承办机关"),
];
/// What agencies have cut into their seals beside their name.
const SEAL_WORDS: &[&str] = &[
    "行政审批专用章",
    "行政许可专用章",
    "业务专用章",
    "审批专用章",
    "许可专用章",
    "登记专用章",
    "受理专用章",
    "专用章",
    "公章",
    "印章",
];
/// Lines of the head and of the foot in which an agency names itself.
const HEAD_LINES: usize = 5;
const FOOT_LINES: usize = 14;

/// The tables, and the regions that a paper speaks of: where its agency is likely to be.
struct Around<'v> {
    vocabulary: &'v Vocabulary,
    regions: Vec<String>,
}

impl<'v> Around<'v> {
    /// The regions in which the applicant was registered, lives or is named after.
    fn of(vocabulary: &'v Vocabulary, facts: &[Fact]) -> Self {
        let mut regions = Vec::new();
        for fact in facts {
            match fact.field {
                FieldName::ApplicantIdNumber | FieldName::PersonIdNumber if !fact.origin.ends_with("check_failed") => {
                    let from = if fact.origin.starts_with("credit_code") { 2 } else { 0 };
                    regions.extend(fact.value.get(from..from + 6).map(str::to_owned));
                }
                FieldName::Address => regions.extend(vocabulary.region_of_address(&fact.value).map(|(_, code)| code)),
                FieldName::ApplicantName => regions.extend(vocabulary.region_of(&fact.value)),
                _ => {}
            }
        }
        Self { vocabulary, regions }
    }

    fn agency(&self, text: &str) -> Option<KnownAgency> {
        self.vocabulary.agency(text, &self.regions)
    }
}

pub(super) fn find(reading: &Reading<'_>, kind: DocumentKind, vocabulary: &Vocabulary, facts: &mut Vec<Fact>) {
    let around = Around::of(vocabulary, facts);
    let weight = match kind {
        DocumentKind::Decision => 0.985,
        DocumentKind::AcceptanceNotice | DocumentKind::SupplementNotice | DocumentKind::Licence => 0.95,
        DocumentKind::ServiceReceipt | DocumentKind::Review => 0.93,
        DocumentKind::Application | DocumentKind::Inspection => 0.9,
        DocumentKind::Contents | DocumentKind::Hearing => return,
        DocumentKind::Other => 0.6,
    };
    let mut give = |name: KnownAgency, glyphs: &[Glyph], rule, worth: f32| {
        let by = by(rule, weight * worth * trust(&name));
        facts.push(reading.fact(FieldName::Agency, name.name, glyphs, by));
    };
    let issued = !matches!(kind, DocumentKind::Application | DocumentKind::Other);
    if issued {
        if let Some((name, glyphs)) = header(reading, &around) {
            give(name, &glyphs, "agency.header", 0.98);
        }
        if let Some((name, glyphs)) = signature(reading, &around) {
            give(name, &glyphs, "agency.signature", 1.0);
        }
    } else if kind == DocumentKind::Other
        && let Some((name, glyphs)) = signature(reading, &around).filter(|(name, _)| name.certain)
    {
        give(name, &glyphs, "agency.signature", 0.9);
    }
    for labelled in labelled(reading, LABELS) {
        let value = first_name(reading, &labelled.value, labelled.place);
        let known = around.agency(&text(value));
        // Without a colon the words may be those of a sentence.
        if let Some(name) = known.filter(|name| name.certain || labelled.place != Place::Joined) {
            give(name, value, "agency.label", labelled.worth());
        }
    }
    if kind == DocumentKind::Other || kind == DocumentKind::Application {
        // A letter to an agency begins with its name.
        let head = reading
            .first_page()
            .iter()
            .take(6)
            .filter(|line| line.compact.ends_with('：'));
        for line in head {
            let glyphs = &line.glyphs[..line.glyphs.len() - 1];
            if let Some(name) = around.agency(&text(glyphs)).filter(|name| name.certain) {
                give(name, glyphs, "agency.addressed", 0.9);
            }
        }
    }
    if issued {
        seals(reading, weight, &around, facts);
    }
}

/// What a name is worth that the tables know, do not know, or know after a repair.
fn trust(name: &KnownAgency) -> f32 {
    match (name.certain, name.repaired) {
        (true, 0) => 1.0,
        (true, 1) => 0.9,
        (true, _) => 0.75,
        (false, _) => 0.86,
    }
}

fn seals(reading: &Reading<'_>, weight: f32, around: &Around<'_>, facts: &mut Vec<Fact>) {
    for page in reading.pages {
        for seal in &page.text.seals {
            let mut name: &str = &seal.text;
            for words in SEAL_WORDS {
                name = name.split_once(words).map_or(name, |(before, _)| before);
            }
            // Rims are read from where the ring opens; a name that lost its place is no name.
            if let Some(known) = around.agency(name).filter(|known| known.certain) {
                let by = by("agency.seal", weight * 0.9 * trust(&known));
                facts.push(reading.fact_of_seal(FieldName::Agency, known.name, page.number, seal, by));
            }
        }
    }
}

/// The agency that a line consists of, without the 文件 of a red header, a remark in brackets (`（盖章）`) or the date
/// beside it.
fn named<'l>(line: &'l Line<'_>, around: &Around<'_>) -> Option<(KnownAgency, &'l [Glyph])> {
    let cut = if line.compact.ends_with("文件") { 2 } else { 0 };
    let whole = &line.glyphs[..line.glyphs.len().saturating_sub(cut)];
    let han = whole.iter().take_while(|g| is_han(g.c)).count();
    let (name, rest) = whole.split_at(han);
    if LABELS.iter().any(|label| label.begins(name)) {
        return None;
    }
    let rest = text(rest);
    let remark = rest.starts_with('（') && rest.ends_with('）');
    let date = CivilDate::parse(&rest).is_some();
    if !(rest.is_empty() || remark || date) {
        return None;
    }
    around.agency(&text(name)).map(|known| (known, name))
}

/// The agency with which a title begins: `某某县行政审批局送达回证`.
fn before_title<'l>(line: &'l Line<'_>, around: &Around<'_>) -> Option<(KnownAgency, &'l [Glyph])> {
    const TITLE: usize = 4;
    let most = line.glyphs.len().checked_sub(TITLE)?.min(30);
    if !super::kind::names_paper(&line.compact) {
        return None;
    }
    (TITLE..=most).rev().find_map(|end| {
        let name = &line.glyphs[..end];
        let known = around.agency(&text(name))?;
        (known.certain && known.repaired == 0).then_some((known, name))
    })
}

/// The best of several names: one that the tables know as it stands, else one they know after a repair, else the first.
fn best(names: Vec<(KnownAgency, Vec<Glyph>)>) -> Option<(KnownAgency, Vec<Glyph>)> {
    let rank = |name: &KnownAgency| if name.certain { name.repaired } else { 3 };
    // `min_by_key` gives the first of equals.
    names.into_iter().min_by_key(|(name, _)| rank(name))
}

/// The agency that a line of the head, or such a line and the next, consists of.
fn header(reading: &Reading<'_>, around: &Around<'_>) -> Option<(KnownAgency, Vec<Glyph>)> {
    let lines = reading.first_page();
    let mut names = Vec::new();
    for (at, line) in lines.iter().enumerate().take(HEAD_LINES) {
        if let Some(next) = lines.get(at + 1) {
            let joined: Vec<Glyph> = line.glyphs.iter().chain(&next.glyphs).copied().collect();
            let cut = if next.compact.ends_with("文件") { 2 } else { 0 };
            let glyphs = &joined[..joined.len().saturating_sub(cut)];
            if let Some(name) = around
                .agency(&text(glyphs))
                .filter(|name| name.certain && name.repaired == 0)
            {
                names.push((name, glyphs.to_vec()));
            }
        }
        let named = named(line, around).or_else(|| before_title(line, around));
        names.extend(named.map(|(name, glyphs)| (name, glyphs.to_vec())));
    }
    best(names)
}

/// The agency in one of the lines before the last line that is the date of a signature.
fn signature(reading: &Reading<'_>, around: &Around<'_>) -> Option<(KnownAgency, Vec<Glyph>)> {
    let start = reading.lines.len().saturating_sub(FOOT_LINES);
    let foot = reading.lines.get(start..)?;
    let dated = foot.iter().rposition(|line| {
        let dates = CivilDate::find_all(&line.compact);
        let printed = line.compact.contains('印');
        !printed
            && dates
                .last()
                .is_some_and(|date| date.span.len() + 4 >= line.glyphs.len() || named(line, around).is_some())
    });
    // Where the date cannot be read, the agency still stands in the foot; its office (办公室) does not sign.
    let lines = match dated {
        Some(dated) => &foot[dated.saturating_sub(3)..=dated],
        None => foot,
    };
    let names = lines.iter().rev().filter(|line| !line.compact.ends_with("办公室"));
    best(
        names
            .filter_map(|line| named(line, around))
            .map(|(name, glyphs)| (name, glyphs.to_vec()))
            .collect(),
    )
}

/// The Han characters at the beginning, behind a remark (`（盖章）`); in running text no further than the line.
fn first_name<'g>(reading: &Reading<'_>, value: &'g [Glyph], place: Place) -> &'g [Glyph] {
    let remark = value.first().filter(|g| g.c == '（');
    let closed = remark.and_then(|_| value.iter().take(10).position(|g| g.c == '）'));
    let value = value.get(closed.map_or(0, |closed| closed + 1)..).unwrap_or_default();
    let mut end = 0;
    while let Some(glyph) = value.get(end).filter(|g| is_han(g.c)) {
        let former = end.checked_sub(1).map(|before| value[before]);
        let broken = former.is_some_and(|f| f.line != glyph.line && ends_at(reading, f, *glyph));
        if matches!(place, Place::Behind | Place::Joined) && broken {
            break;
        }
        end += 1;
    }
    &value[..end]
}
