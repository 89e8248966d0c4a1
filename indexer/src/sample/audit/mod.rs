//! An invented archive in which everything is as it should be but for irregularities that are planted and known: what findings
//! are measured by. Registers are numbered without gaps, dates follow each other on working days, licences are renewed in
//! time, papers are complete, and applicants have one number each; namesakes are among them, and shops of the same name in
//! several counties.
//!
//! Decisions are made on Mondays to Fridays of months in which there has never been a holiday, so that nothing here needs a
//! table of holidays.

mod lines;
mod plant;
mod world;

use juanzong::record::{ApplicantKind, CaseLine, CivilDate, DocumentKind, Outcome, Retention};

use super::vocabulary::regions::County;

/// What to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuditOptions {
    /// Cases, roughly.
    pub cases: u32,
    /// Irregularities, as many of each kind as of the others as far as there is room.
    pub planted: u32,
    /// Seed of all chance.
    pub seed: u64,
}

/// An irregularity that was planted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planted {
    /// Code of the rule that should find it.
    pub rule: &'static str,
    /// Archival codes of the cases that show it.
    pub cases: Vec<String>,
    /// Agency and year, of those that no case shows by itself.
    pub place: Option<(String, u32)>,
}

/// An archive with what was planted in it.
#[derive(Debug)]
pub struct AuditedArchive {
    offices: Vec<Office>,
    cases: Vec<AuditedCase>,
    planted: Vec<Planted>,
}

impl AuditedArchive {
    /// Invents an archive.
    pub fn invent(options: AuditOptions) -> Self {
        let mut world = world::World::invent(options.seed, options.cases);
        let planted = plant::plant(&mut world, options.planted);
        let codes = |cases: Vec<usize>, world: &world::World| -> Vec<String> {
            cases.into_iter().map(|at| world.code_of(at)).collect()
        };
        let planted = planted
            .into_iter()
            .map(|plant| Planted {
                rule: plant.rule,
                cases: codes(plant.cases, &world),
                place: plant
                    .place
                    .map(|(office, year)| (world.offices[office].name.clone(), year)),
            })
            .collect();
        Self {
            offices: world.offices,
            cases: world.cases,
            planted,
        }
    }

    /// What was planted.
    pub fn planted(&self) -> &[Planted] {
        &self.planted
    }

    /// The lines for `import`, one for each case.
    pub fn lines(&self) -> impl Iterator<Item = CaseLine> {
        (0..self.cases.len()).map(|at| lines::line(self, at))
    }
}

/// An agency that keeps registers.
#[derive(Clone, Debug)]
struct Office {
    name: String,
    county: &'static County,
    /// 机关代字
    word: String,
    /// What stands in archival codes before and after the year.
    fonds: String,
    letters: &'static str,
    matters: &'static [Subject],
    /// Refusals in thousandths.
    refusals: u32,
}

/// What an office decides.
#[derive(Debug)]
struct Subject {
    name: &'static str,
    /// Years of a licence; 0 without end.
    validity: u32,
    retention: Retention,
}

/// An applicant.
#[derive(Clone, Debug)]
struct Party {
    name: String,
    kind: ApplicantKind,
    id_number: String,
}

/// A case.
#[derive(Clone, Debug)]
struct AuditedCase {
    office: usize,
    subject: &'static Subject,
    party: Party,
    outcome: Outcome,
    /// What the decision says, which should be the outcome.
    said: Outcome,
    applied: CivilDate,
    accepted: Option<CivilDate>,
    decided: CivilDate,
    served: Option<CivilDate>,
    valid_until: Option<CivilDate>,
    retention: Retention,
    papers: Vec<DocumentKind>,
    /// Number in the register of decisions, and in the archive, of its year.
    serial: u32,
    piece: u32,
    /// Year of the register.
    year: u32,
    /// The case whose report lies in this one instead of its own.
    report_of: Option<usize>,
}
