//! Writes each document of a case onto sheets.

mod bound;
mod decision;
mod forms;
mod letters;
mod licence;
mod look;
mod receipt;
mod report;

use juanzong::record::{ApplicantKind, CivilDate, Outcome};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::Error;
use super::facts::{Facts, Paper, Prose, chinese_date, numeric_date};
use super::fonts::{Face, Fonts};
use super::paper::{A4, Desk, Flow, Margins, Seal, Sheet, Style, mm};
use super::truth::Role;

pub(super) use bound::{Extra, write_extra};
pub(super) use look::Look;

/// One line of a contents list.
#[derive(Debug)]
pub(super) struct ContentsEntry {
    pub(super) number: String,
    pub(super) author: String,
    pub(super) title: String,
    pub(super) date: CivilDate,
    /// First page in the case file.
    pub(super) page: usize,
    /// Last page in the case file.
    pub(super) last_page: usize,
}

/// Writes one document.
///
/// # Errors
/// [`Error::GlyphMissing`] when a character is in none of the fonts.
pub(super) fn write(
    paper: Paper,
    facts: &Facts,
    fonts: &Fonts,
    rng: &ChaCha8Rng,
    contents: &[ContentsEntry],
) -> Result<Vec<Sheet>, Error> {
    write_as(&Look::of(facts), paper, facts, fonts, rng, contents)
}

/// Writes one document in a certain look.
///
/// # Errors
/// As [`write()`].
pub(super) fn write_as(
    look: &Look,
    paper: Paper,
    facts: &Facts,
    fonts: &Fonts,
    rng: &ChaCha8Rng,
    contents: &[ContentsEntry],
) -> Result<Vec<Sheet>, Error> {
    let desk = Desk::new(fonts);
    let at = |scale: f32| {
        let mut writer = Writer::new(facts, &desk, rng.clone(), scale, *look);
        writer.write(paper, contents)
    };
    let mut sheets = at(1.0);
    if one_page(paper, facts.plan.outcome) && sheets.len() > 1 {
        let smaller = SMALLER.iter().map(|scale| at(*scale));
        sheets = smaller.into_iter().find(|sheets| sheets.len() == 1).unwrap_or(sheets);
    }
    desk.check()?;
    Ok(sheets)
}

/// Sizes that are tried in turn to bring a document onto one page, as a clerk does so that the seal does not stand on
/// a page without text.
const SMALLER: [f32; 4] = [0.94, 0.88, 0.82, 0.77];

fn one_page(paper: Paper, outcome: Outcome) -> bool {
    match paper {
        Paper::Decision => outcome != Outcome::Refused,
        Paper::Report(_) | Paper::Hearing => false,
        _ => true,
    }
}

/// What every document needs: facts, desk, sentences, and the case's own habits of setting.
struct Writer<'a> {
    facts: &'a Facts,
    desk: &'a Desk<'a>,
    look: Look,
    prose: Prose<'a>,
    body: Style,
    /// Hand-filled entries of forms.
    hand: Style,
    /// Names of the fields of forms.
    label: Style,
    /// Line distance of running text: 22 lines on 225 mm (GB/T 9704), less where a page has to be saved.
    leading: f32,
}

impl<'a> Writer<'a> {
    fn new(facts: &'a Facts, desk: &'a Desk<'a>, rng: ChaCha8Rng, scale: f32, look: Look) -> Self {
        let scale = scale * look.scale;
        Self {
            facts,
            desk,
            look,
            prose: Prose::new(facts, rng),
            body: Style::new(look.body, 16.0 * scale, Role::Body),
            hand: Style::new(look.hand, 12.0 * scale.max(0.9), Role::Cell),
            label: Style::new(look.label, 12.0, Role::Label),
            leading: 28.9 * scale,
        }
    }

    fn write(&mut self, paper: Paper, entries: &[ContentsEntry]) -> Vec<Sheet> {
        match paper {
            Paper::Contents => forms::contents(self, entries),
            Paper::Application => forms::application(self),
            Paper::Supplement => letters::supplement(self),
            Paper::Acceptance => letters::acceptance(self),
            Paper::Inspection => report::inspection(self),
            Paper::Hearing => report::hearing(self),
            Paper::Report(length) => report::report(self, length),
            Paper::Review => forms::review(self),
            Paper::Decision => decision::decision(self),
            Paper::Licence => licence::licence(self),
            Paper::FoodLicence => licence::food_licence(self),
            Paper::Withdrawal => letters::withdrawal(self),
            Paper::Receipt => receipt::receipt(self),
        }
    }

    /// Empty sheets with these margins, as the look shifts them.
    fn flow(&self, margins: Margins) -> Flow<'a> {
        let size = if self.look.landscape { (A4.1, A4.0) } else { A4 };
        Flow::new(self.desk, self.look.margins(margins), size)
    }

    fn title_style(&self) -> Style {
        Style::new(Face::Title, 22.0, Role::Title)
    }

    fn number_style(&self) -> Style {
        Style {
            role: Role::Number,
            ..self.body
        }
    }

    fn rng(&mut self) -> &mut ChaCha8Rng {
        self.prose.rng()
    }

    /// `（受理编号：…）` and the like: who the applicant is, with numbers.
    fn applicant_in_brackets(&self) -> String {
        let applicant = &self.facts.applicant;
        let label = self.facts.id_label();
        if applicant.kind == ApplicantKind::Person {
            format!("（{label}：{}）", applicant.id_number)
        } else {
            format!(
                "（{label}：{}，法定代表人或负责人：{}）",
                applicant.id_number, applicant.representative.name
            )
        }
    }

    /// The date at the foot: Chinese numerals before 2013, as the older standard asked.
    fn foot_date(date: CivilDate) -> String {
        if date.year() < 2013 {
            chinese_date(date)
        } else {
            numeric_date(date)
        }
    }

    /// Agency and date at the lower right with the seal over both.
    fn sign(&mut self, flow: &mut Flow<'_>, date: CivilDate) {
        flow.need(self.leading * 3.4);
        flow.skip(self.leading * 1.2);
        let style = Style {
            role: Role::Signature,
            ..self.body
        };
        let agency = flow.right_line(&self.facts.agency, &style, style.size * 2.0, self.leading);
        let date = flow.right_line(&Self::foot_date(date), &style, style.size * 4.0, self.leading);
        self.stamp(flow.sheet(), (date.0.min(agency.0 + mm(6.0)), date.1 - mm(3.0)));
    }

    /// The agency's seal at about this place.
    fn stamp(&mut self, sheet: &mut Sheet, (x, y): (f32, f32)) {
        let bureau = self.facts.agency_word.ends_with("行审");
        let shift = |rng: &mut ChaCha8Rng| rng.random_range(-4.0..4.0);
        let centre = (x + shift(self.rng()), y + shift(self.rng()));
        let angle = self.rng().random_range(-0.14..0.14);
        sheet.seals.push(Seal {
            text: self.facts.agency.clone(),
            caption: bureau.then(|| "行政审批专用章".to_owned()),
            // Kept on the sheet: scanners cut the edges, the truth does not.
            centre: (
                centre.0.clamp(mm(30.0), sheet.width - mm(30.0)),
                centre.1.clamp(mm(30.0), sheet.height - mm(30.0)),
            ),
            angle,
        });
    }

    /// The address line: `某某：`.
    fn address(&self, flow: &mut Flow<'_>) {
        flow.paragraph(
            &format!("{}：", self.facts.applicant.name),
            &self.body,
            0.0,
            self.leading,
        );
    }

    fn paragraph(&self, flow: &mut Flow<'_>, text: &str) {
        flow.paragraph(text, &self.body, 2.0, self.leading);
    }
}
