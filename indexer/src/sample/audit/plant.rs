//! What is planted, a function for each kind. No case and no register is taken for two kinds, so that each is found for its own
//! sake.

use std::collections::{BTreeMap, BTreeSet};

use juanzong::record::{CivilDate, CreditCode, DocumentKind, IdNumber, Outcome, Retention};
use rand::RngExt;
use rand::seq::SliceRandom;

use super::world::{World, YEARS, back, forth, is_weekend, shift};

/// What was planted, by positions of cases.
pub(super) struct Plant {
    pub(super) rule: &'static str,
    pub(super) cases: Vec<usize>,
    pub(super) place: Option<(usize, u32)>,
}

/// Cases of a register, at least, for what is told of registers as a whole.
const LEAST_OF_A_REGISTER: usize = 24;

type Planter = fn(&mut Planting<'_>) -> Option<Plant>;

/// What adds cases, before registers are numbered.
const ADDING: [Planter; 4] = [
    |planting| planting.refused_then_granted(),
    |planting| planting.used_after_expiry(),
    |planting| planting.renewed_after_expiry(),
    |planting| planting.several_numbers(),
];

/// What changes cases.
const CHANGING: [Planter; 16] = [
    |planting| planting.renumber("number_gap", true),
    |planting| planting.renumber("number_gap", false),
    |planting| planting.renumber("number_jump", true),
    |planting| planting.renumber("number_jump", false),
    |planting| planting.duplicate(),
    |planting| planting.decided_first(),
    |planting| planting.served_first(),
    |planting| planting.day_off(),
    |planting| planting.over_time(),
    |planting| planting.missing_stage(),
    |planting| planting.missing_document(),
    |planting| planting.contradiction(),
    |planting| planting.several_names(),
    |planting| planting.invalid_number(),
    |planting| planting.identical_scan(),
    |planting| planting.short_retention(),
];

/// What changes registers as a whole.
const OF_REGISTERS: [Planter; 2] = [
    |planting| planting.many_refusals(),
    |planting| planting.long_durations(),
];

/// Plants as many of each kind.
pub(super) fn plant(world: &mut World, count: u32) -> Vec<Plant> {
    let kinds = ADDING.len() + CHANGING.len() + OF_REGISTERS.len();
    let of_each = (count as usize).div_ceil(kinds);
    let mut planting = Planting {
        world,
        taken: BTreeSet::new(),
        registers: BTreeSet::new(),
        unusual: BTreeMap::new(),
        order: Vec::new(),
        next: 0,
    };
    let mut planted = Vec::new();
    let mut rounds = |planting: &mut Planting<'_>, planters: &[Planter]| {
        planting.shuffle();
        for planter in planters {
            for _ in 0..of_each {
                planted.extend(planter(planting));
            }
        }
    };
    rounds(&mut planting, &ADDING);
    planting.world.number();
    // Registers first: they need all of their cases.
    rounds(&mut planting, &OF_REGISTERS);
    rounds(&mut planting, &CHANGING);
    planted
}

struct Planting<'a> {
    world: &'a mut World,
    /// Cases that show something already.
    taken: BTreeSet<usize>,
    /// Registers that do.
    registers: BTreeSet<(usize, u32)>,
    /// How many unusual years an office has.
    unusual: BTreeMap<usize, u32>,
    /// Cases in the order in which they are tried.
    order: Vec<usize>,
    next: usize,
}

impl Planting<'_> {
    fn shuffle(&mut self) {
        self.order = (0..self.world.cases.len()).collect();
        self.order.shuffle(&mut self.world.rng);
        self.next = 0;
    }

    /// A case that shows nothing yet, and is wanted; it is taken then.
    fn take(&mut self, wanted: impl Fn(&World, usize) -> bool) -> Option<usize> {
        for _ in 0..self.order.len() {
            let at = self.order[self.next % self.order.len()];
            self.next += 1;
            if !self.taken.contains(&at) && wanted(self.world, at) {
                self.taken.insert(at);
                return Some(at);
            }
        }
        None
    }

    fn plant(rule: &'static str, cases: Vec<usize>) -> Option<Plant> {
        Some(Plant {
            rule,
            cases,
            place: None,
        })
    }

    /// Cases of a register that shows nothing yet, in the order of their numbers.
    fn register(&mut self) -> Option<Vec<usize>> {
        let registers = self.registers.clone();
        let of = |world: &World, at: usize| {
            let case = &world.cases[at];
            world
                .cases
                .iter()
                .enumerate()
                .filter(|(_, other)| (other.office, other.year) == (case.office, case.year))
                .map(|(at, _)| at)
                .collect::<Vec<usize>>()
        };
        // Sizes are counted once: going through all cases for each candidate would take too long.
        let mut sizes: BTreeMap<(usize, u32), usize> = BTreeMap::new();
        for case in &self.world.cases {
            *sizes.entry((case.office, case.year)).or_default() += 1;
        }
        let at = self.take(|world, at| {
            let key = (world.cases[at].office, world.cases[at].year);
            !registers.contains(&key) && sizes.get(&key).is_some_and(|size| *size >= LEAST_OF_A_REGISTER)
        })?;
        // The case itself shows nothing.
        self.taken.remove(&at);
        let mut register = of(self.world, at);
        register.sort_by_key(|at| self.world.cases[*at].serial);
        self.registers
            .insert((self.world.cases[at].office, self.world.cases[at].year));
        Some(register)
    }

    fn renumber(&mut self, rule: &'static str, documents: bool) -> Option<Plant> {
        let register = self.register()?;
        let missing = match rule {
            "number_jump" => self.world.rng.random_range(10..40),
            _ => self.world.rng.random_range(1..4),
        };
        let first = self.world.rng.random_range(4..register.len() - 4);
        for at in &register[first..] {
            let case = &mut self.world.cases[*at];
            match documents {
                true => case.serial += missing,
                false => case.piece += missing,
            }
        }
        Self::plant(rule, vec![register[first - 1], register[first]])
    }

    fn duplicate(&mut self) -> Option<Plant> {
        let register = self.register()?;
        let second = self.world.rng.random_range(4..register.len() - 4);
        for at in &register[second..] {
            self.world.cases[*at].serial -= 1;
        }
        Self::plant("number_duplicate", vec![register[second - 1], register[second]])
    }

    fn decided_first(&mut self) -> Option<Plant> {
        let at = self.take(|_, _| true)?;
        let days = self.world.rng.random_range(2..6);
        let case = &mut self.world.cases[at];
        case.accepted = Some(forth(case.decided, days));
        case.applied = back(case.decided, 2);
        case.served = Some(forth(case.decided, days + 2));
        Self::plant("decision_before_acceptance", vec![at])
    }

    fn served_first(&mut self) -> Option<Plant> {
        let at = self.take(|_, _| true)?;
        let case = &mut self.world.cases[at];
        case.served = Some(back(case.decided, 2));
        Self::plant("dates_out_of_order", vec![at])
    }

    fn day_off(&mut self) -> Option<Plant> {
        let at = self.take(|world, at| (3..=20).contains(&world.cases[at].decided.day()))?;
        let holiday = self.world.rng.random_bool(0.5);
        let case = &mut self.world.cases[at];
        // 1 May and 1 to 3 October are free each year; a Sunday of the months of decisions is, too.
        let decided = match holiday {
            true => CivilDate::new(case.year, 10, 2).unwrap_or(case.decided),
            false => (1..8)
                .map(|days| shift(case.decided, days))
                .find(|day| is_weekend(*day))
                .map_or(case.decided, |saturday| shift(saturday, 1)),
        };
        case.decided = decided;
        case.accepted = Some(back(decided, 5));
        case.applied = back(decided, 6);
        case.served = Some(forth(decided, 8));
        case.valid_until = case.valid_until.map(|until| until.max(decided));
        Self::plant("decision_on_day_off", vec![at])
    }

    fn over_time(&mut self) -> Option<Plant> {
        let days = self.world.rng.random_range(48..90);
        // What depends on when somebody applied is not to change with it.
        let at = self.take(|world, at| matches!(world.cases[at].outcome, Outcome::Granted | Outcome::Refused))?;
        let case = &mut self.world.cases[at];
        case.accepted = Some(back(case.decided, days));
        case.applied = back(case.decided, days + 1);
        Self::plant("over_time", vec![at])
    }

    fn missing_stage(&mut self) -> Option<Plant> {
        let at = self.take(|_, _| true)?;
        let case = &mut self.world.cases[at];
        case.served = None;
        case.papers.retain(|kind| *kind != DocumentKind::ServiceReceipt);
        Self::plant("missing_stage", vec![at])
    }

    fn missing_document(&mut self) -> Option<Plant> {
        let at = self.take(|_, _| true)?;
        let kinds = [
            DocumentKind::AcceptanceNotice,
            DocumentKind::Application,
            DocumentKind::ServiceReceipt,
            DocumentKind::Decision,
        ];
        let missing = kinds[self.world.rng.random_range(0..kinds.len())];
        self.world.cases[at].papers.retain(|kind| *kind != missing);
        Self::plant("missing_document", vec![at])
    }

    fn contradiction(&mut self) -> Option<Plant> {
        let at = self.take(|world, at| matches!(world.cases[at].outcome, Outcome::Granted | Outcome::Refused))?;
        let case = &mut self.world.cases[at];
        case.said = match case.outcome {
            Outcome::Refused => Outcome::Granted,
            _ => Outcome::Refused,
        };
        Self::plant("outcome_contradiction", vec![at])
    }

    /// A later case of the applicant of another one.
    fn pair(&mut self) -> Option<(usize, usize)> {
        let first = self.take(|world, at| {
            let case = &world.cases[at];
            case.outcome == Outcome::Granted && case.subject.validity == 0 && case.year + 2 < YEARS.end
        })?;
        let case = self.world.cases[first].clone();
        let later = self.world.working_day(case.year + 1);
        let second = self
            .world
            .add(case.office, case.subject, &case.party, Outcome::Granted, later);
        self.taken.insert(second);
        Some((first, second))
    }

    fn several_numbers(&mut self) -> Option<Plant> {
        let (first, second) = self.pair()?;
        let party = self.world.cases[second].party.clone();
        let county = self.world.offices[self.world.cases[second].office].county;
        self.world.cases[second].party.id_number = self.world.other_number(&party, county);
        Self::plant("applicant_several_numbers", vec![first, second])
    }

    fn several_names(&mut self) -> Option<Plant> {
        // Registers are numbered: a case of somebody else is given the number of another one.
        let first = self.take(|world, at| world.cases[at].subject.validity == 0)?;
        let number = self.world.cases[first].party.clone();
        let second = self.take(|world, at| {
            let case = &world.cases[at];
            case.subject.validity == 0 && case.party.kind == number.kind && case.party.name != number.name
        })?;
        self.world.cases[second].party.id_number = number.id_number;
        Self::plant("number_several_names", vec![first, second])
    }

    fn invalid_number(&mut self) -> Option<Plant> {
        let at = self.take(|_, _| true)?;
        let number = &mut self.world.cases[at].party.id_number;
        let head: String = number.chars().take(17).collect();
        // One in 31 wrong numbers of one sort is a good one of the other.
        let wrong = ('1'..='9').map(|check| format!("{head}{check}"));
        *number = wrong
            .into_iter()
            .find(|number| IdNumber::parse(number).is_none() && CreditCode::parse(number).is_none())?;
        Self::plant("invalid_number", vec![at])
    }

    fn identical_scan(&mut self) -> Option<Plant> {
        let first = self.take(|_, _| true)?;
        let second = self.take(|_, _| true)?;
        self.world.cases[second].report_of = Some(first);
        Self::plant("identical_scan", vec![first, second])
    }

    fn short_retention(&mut self) -> Option<Plant> {
        let at = self.take(|world, at| {
            let case = &world.cases[at];
            case.retention != Retention::Years10 && case.outcome == Outcome::Granted
        })?;
        self.world.cases[at].retention = Retention::Years10;
        Self::plant("retention_too_short", vec![at])
    }

    fn refused_then_granted(&mut self) -> Option<Plant> {
        let at = self.take(|world, at| {
            let case = &world.cases[at];
            case.outcome == Outcome::Refused && case.year + 1 < YEARS.end && case.decided.month() < 9
        })?;
        let case = self.world.cases[at].clone();
        let granted = loop {
            let day = self.world.working_day(case.year);
            if day > case.decided || case.decided.month() > 11 {
                break day;
            }
        };
        let second = self
            .world
            .add(case.office, case.subject, &case.party, Outcome::Granted, granted);
        self.taken.insert(second);
        Self::plant("refused_then_granted", vec![at, second])
    }

    fn after_expiry(&mut self, rule: &'static str, outcome: Outcome) -> Option<Plant> {
        let followed: BTreeSet<String> = {
            let mut seen = BTreeSet::new();
            let numbers = self.world.cases.iter().map(|case| &case.party.id_number);
            numbers
                .filter(|number| !seen.insert((*number).clone()))
                .cloned()
                .collect()
        };
        let at = self.take(|world, at| {
            let case = &world.cases[at];
            let ended = case.valid_until.is_some_and(|until| until.year() + 1 < YEARS.end);
            ended && case.outcome == Outcome::Granted && !followed.contains(&case.party.id_number)
        })?;
        let case = self.world.cases[at].clone();
        let ended = case.valid_until.unwrap_or(case.decided);
        let later = self.world.working_day(ended.year() + 1);
        let second = self.world.add(case.office, case.subject, &case.party, outcome, later);
        self.taken.insert(second);
        // Applied for when it had ended, too, even where the next year begins soon after.
        let added = &mut self.world.cases[second];
        added.applied = added.applied.max(shift(ended, 1));
        Self::plant(rule, vec![second, at])
    }

    fn used_after_expiry(&mut self) -> Option<Plant> {
        self.after_expiry("licence_used_after_expiry", Outcome::Changed)
    }

    fn renewed_after_expiry(&mut self) -> Option<Plant> {
        self.after_expiry("renewal_after_expiry", Outcome::Renewed)
    }

    /// A register of an office with at most one unusual year of a kind.
    fn unusual(&mut self) -> Option<Vec<usize>> {
        for _ in 0..100 {
            let register = self.register()?;
            let office = self.world.cases[register[0]].office;
            let unusual = self.unusual.entry(office).or_default();
            if *unusual < 3 {
                *unusual += 1;
                return Some(register);
            }
            let key = (office, self.world.cases[register[0]].year);
            self.registers.remove(&key);
        }
        None
    }

    fn of_register(&self, rule: &'static str, register: &[usize]) -> Plant {
        let case = &self.world.cases[register[0]];
        Plant {
            rule,
            cases: Vec::new(),
            place: Some((case.office, case.year)),
        }
    }

    fn many_refusals(&mut self) -> Option<Plant> {
        let register = self.unusual()?;
        // Those whose applicants have no other case, so that nothing else comes of it.
        let mut times: BTreeMap<&str, u32> = BTreeMap::new();
        for case in &self.world.cases {
            *times.entry(case.party.id_number.as_str()).or_default() += 1;
        }
        let single: Vec<usize> = register
            .iter()
            .copied()
            .filter(|at| times.get(self.world.cases[*at].party.id_number.as_str()) == Some(&1))
            .filter(|at| self.world.cases[*at].outcome == Outcome::Granted && !self.taken.contains(at))
            .collect();
        for at in single.into_iter().take(register.len() * 2 / 3) {
            let case = &mut self.world.cases[at];
            (case.outcome, case.said) = (Outcome::Refused, Outcome::Refused);
            case.valid_until = None;
            case.papers.retain(|kind| *kind != DocumentKind::Licence);
        }
        Some(self.of_register("refusal_rate_outlier", &register))
    }

    fn long_durations(&mut self) -> Option<Plant> {
        let register = self.unusual()?;
        for at in &register {
            let days = self.world.rng.random_range(13..18);
            let case = &mut self.world.cases[*at];
            // When it was applied for stays what it is, where something else depends on it.
            if !self.taken.contains(at) && matches!(case.outcome, Outcome::Granted | Outcome::Refused) {
                case.accepted = Some(back(case.decided, days));
                case.applied = back(case.decided, days + 1);
            }
        }
        Some(self.of_register("duration_outlier", &register))
    }
}
