//! Samples that anybody can draw again: simple random ones, and stratified ones.
//!
//! Cases are put in the order of SHA-256 of the seed, a line end and the public identifier of the case; of each stratum the
//! first are taken. That needs no generator of random numbers, so another machine with the same archive and seed draws the
//! same, and a sample of 60 holds that of 30. Who knows the seed only afterwards cannot have chosen cases by it.
//!
//! Strata share a sample in proportion to their cases by the method of the largest remainder (Hamilton); where the sample is
//! large enough each has one case at least.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::catalogue::CaseRow;
use crate::record::closed_list;

closed_list! {
    /// By what the cases of a population are told apart.
    Stratum {
        /// 年度
        Year = "year", "年度", "Year", [];
        /// 审批机关
        Agency = "agency", "审批机关", "Agency", [];
        /// 行政区划
        Region = "region", "行政区划", "Region", [];
        /// 审批事项
        Matter = "matter", "审批事项", "Matter", [];
        /// 决定结果
        Outcome = "outcome", "决定结果", "Outcome", [];
        /// 申请人类型
        ApplicantKind = "applicant_kind", "申请人类型", "Kind of applicant", [];
        /// 保管期限
        Retention = "retention", "保管期限", "Retention", [];
    }
}

impl Stratum {
    /// Reads codes separated by commas, each once; `None` when there is another, or one twice.
    pub fn list(codes: &str) -> Option<Vec<Self>> {
        let codes = codes.split(',').map(str::trim).filter(|code| !code.is_empty());
        let mut strata = Vec::new();
        for code in codes {
            let stratum = Self::ALL.iter().find(|stratum| stratum.code() == code)?;
            if strata.contains(stratum) {
                return None;
            }
            strata.push(*stratum);
        }
        Some(strata)
    }

    /// The value of a case; empty where it is not known.
    fn value(self, case: &CaseRow) -> String {
        let fields = &case.fields;
        let value = match self {
            Self::Year => fields
                .year()
                .or_else(|| case.archival_code.year())
                .map(|year| year.to_string()),
            Self::Agency => fields.agency.clone(),
            Self::Region => fields.region.as_ref().map(ToString::to_string),
            Self::Matter => fields.matter.clone(),
            Self::Outcome => fields.outcome.map(|outcome| outcome.code().to_owned()),
            Self::ApplicantKind => fields.applicant_kind.map(|kind| kind.code().to_owned()),
            Self::Retention => fields.retention.map(|retention| retention.code().to_owned()),
        };
        value.unwrap_or_default()
    }
}

/// What is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// By what cases are told apart; simple random when empty.
    pub by: Vec<Stratum>,
    /// Cases.
    pub size: usize,
    /// Seed.
    pub seed: u64,
}

/// A case of the population: its place in the order, key and public identifier.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Candidate {
    rank: [u8; 16],
    case_id: Box<str>,
    case_key: u64,
}

/// A population that is gone through.
#[derive(Debug)]
pub struct Population {
    plan: Plan,
    strata: BTreeMap<Vec<String>, Vec<Candidate>>,
}

/// A part of the population.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SampledStratum {
    /// Its values, in the order of [`Plan::by`]; empty where they are not known.
    pub values: Vec<String>,
    /// Its cases.
    pub population: u64,
    /// Those that were drawn.
    pub sampled: u64,
}

/// A sample.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// Cases of the population.
    pub population: u64,
    /// Hash of the list of the population.
    pub population_hash: String,
    /// Its strata in the order of their values.
    pub strata: Vec<SampledStratum>,
    /// Keys of the cases that were drawn, stratum by stratum, in the order in which they were.
    pub cases: Vec<u64>,
    /// Hash of the list of the sample.
    pub hash: String,
}

/// SHA-256 (hexadecimal) of public identifiers, ascending, each followed by a line end.
pub fn list_hash<'a>(case_ids: impl IntoIterator<Item = &'a str>) -> String {
    let mut sorted: Vec<&str> = case_ids.into_iter().collect();
    sorted.sort_unstable();
    let mut hash = Sha256::new();
    for id in sorted {
        hash.update(id.as_bytes());
        hash.update(b"\n");
    }
    hex::encode(hash.finalize())
}

impl Population {
    /// Without a case yet.
    pub fn new(plan: Plan) -> Self {
        Self {
            plan,
            strata: BTreeMap::new(),
        }
    }

    /// Adds a case, once.
    pub fn add(&mut self, case: &CaseRow) {
        let values = self.plan.by.iter().map(|stratum| stratum.value(case)).collect();
        let hash = Sha256::digest(format!("{}\n{}", self.plan.seed, case.case_id));
        let mut rank = [0; 16];
        for (byte, of_hash) in rank.iter_mut().zip(hash) {
            *byte = of_hash;
        }
        self.strata.entry(values).or_default().push(Candidate {
            rank,
            case_id: case.case_id.as_str().into(),
            case_key: case.case_key,
        });
    }

    /// Draws the sample.
    pub fn draw(mut self) -> Sample {
        let ids = self.strata.values().flatten().map(|candidate| &*candidate.case_id);
        let population_hash = list_hash(ids);
        let sizes: Vec<usize> = self.strata.values().map(Vec::len).collect();
        let shares = shares(&sizes, self.plan.size);
        let (mut strata, mut drawn) = (Vec::new(), Vec::new());
        for ((values, candidates), share) in self.strata.iter_mut().zip(shares) {
            candidates.sort_unstable();
            strata.push(SampledStratum {
                values: values.clone(),
                population: candidates.len() as u64,
                sampled: share as u64,
            });
            drawn.extend(candidates.iter().take(share).cloned());
        }
        Sample {
            population: sizes.iter().map(|size| *size as u64).sum(),
            population_hash,
            strata,
            hash: list_hash(drawn.iter().map(|candidate| &*candidate.case_id)),
            cases: drawn.iter().map(|candidate| candidate.case_key).collect(),
        }
    }
}

/// How a sample is shared: in proportion, by the largest remainder, ties to the earlier stratum; one for each where there is
/// enough; never more than there are.
fn shares(sizes: &[usize], size: usize) -> Vec<usize> {
    let all: usize = sizes.iter().sum();
    if size >= all {
        return sizes.to_vec();
    }
    let least = usize::from(size >= sizes.len());
    // In whole numbers, so that every machine reckons the same: a stratum's quota is `size * of / all`.
    let quota = |of: usize| (size as u128 * of as u128) / all as u128;
    let mut shares: Vec<usize> = sizes
        .iter()
        .map(|of| usize::try_from(quota(*of)).unwrap_or(*of).max(least).min(*of))
        .collect();
    // What is missing to the quota, in parts of `all`; negative where there is more than the quota.
    let missing = |share: usize, of: usize| {
        let (quota, share) = (size as i128 * of as i128, share as i128 * all as i128);
        quota - share
    };
    loop {
        let total: usize = shares.iter().sum();
        let strata = shares.iter().zip(sizes).enumerate();
        let chosen = match total.cmp(&size) {
            std::cmp::Ordering::Equal => return shares,
            std::cmp::Ordering::Less => strata
                .filter(|(_, (share, of))| share < of)
                .max_by_key(|(at, (share, of))| (missing(**share, **of), std::cmp::Reverse(*at)))
                .map(|(at, _)| (at, true)),
            std::cmp::Ordering::Greater => strata
                .filter(|(_, (share, _))| **share > least)
                .min_by_key(|(at, (share, of))| (missing(**share, **of), std::cmp::Reverse(*at)))
                .map(|(at, _)| (at, false)),
        };
        match chosen {
            Some((at, true)) => shares[at] += 1,
            Some((at, false)) => shares[at] -= 1,
            // Not reached: with fewer than all there is room, and with more than one each there is something to take.
            None => return shares,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::catalogue::CaseTrace;
    use crate::record::{ArchivalCode, CaseFields, CivilDate};

    #[test]
    fn shares_are_proportional_with_the_largest_remainder() {
        assert_eq!(shares(&[10, 20, 30], 6), [1, 2, 3]);
        // Quotas 4.17, 4.17, 1.67: the remainder goes to the third.
        assert_eq!(shares(&[50, 50, 20], 10), [4, 4, 2]);
        assert_eq!(shares(&[97, 1, 1, 1], 10), [7, 1, 1, 1]);
        assert_eq!(shares(&[97, 1, 1, 1], 3), [3, 0, 0, 0]);
        assert_eq!(shares(&[2, 3], 9), [2, 3]);
        assert_eq!(shares(&[5, 5], 5), [3, 2]);
        assert_eq!(shares(&[], 5), Vec::<usize>::new());
    }

    proptest! {
        #[test]
        fn shares_are_whole_fair_and_within_bounds(sizes in prop::collection::vec(1_usize..400, 1..20), size in 0_usize..500) {
            let given = shares(&sizes, size);
            let all: usize = sizes.iter().sum();
            prop_assert_eq!(given.iter().sum::<usize>(), size.min(all));
            for (share, of) in given.iter().zip(&sizes) {
                prop_assert!(share <= of);
                prop_assert!(size < sizes.len() || *share >= 1);
            }
            // Without a minimum in the way nobody is a whole case from the quota.
            if sizes.iter().all(|of| size * of >= all) {
                for (share, of) in given.iter().zip(&sizes) {
                    prop_assert!((share * all).abs_diff(size * of) < all || *share == *of);
                }
            }
        }
    }

    fn case(n: u64) -> CaseRow {
        let year = 2018 + u32::try_from(n % 3).unwrap();
        CaseRow {
            case_key: n,
            case_id: format!("{n:020x}"),
            archival_code: ArchivalCode::parse(&format!("A-{n}")).unwrap(),
            withdrawn: false,
            fields: CaseFields {
                decided_on: CivilDate::new(year, 5, 7),
                ..CaseFields::default()
            },
            trace: CaseTrace::default(),
            documents: Vec::new(),
        }
    }

    fn drawn(by: &[Stratum], size: usize, seed: u64, cases: impl Iterator<Item = u64>) -> Sample {
        let by = by.to_vec();
        let mut population = Population::new(Plan { by, size, seed });
        cases.for_each(|n| population.add(&case(n)));
        population.draw()
    }

    #[test]
    fn the_same_seed_draws_the_same_wherever_and_in_whatever_order() {
        let sample = drawn(&[], 10, 7, 0..300);
        assert_eq!(drawn(&[], 10, 7, (0..300).rev()), sample);
        assert_ne!(drawn(&[], 10, 8, 0..300).cases, sample.cases);
        assert!(drawn(&[], 20, 7, 0..300).cases.starts_with(&sample.cases));
        // Fixed here, so that it is the same on every machine and in every version; reckoned apart.
        assert_eq!(sample.cases[..4], [61, 53, 32, 115], "as Python's hashlib orders them");
        assert_eq!(sample.population, 300);
        let by_year = drawn(&[Stratum::Year], 31, 7, 0..300);
        let sampled: Vec<u64> = by_year.strata.iter().map(|stratum| stratum.sampled).collect();
        assert_eq!(sampled, [11, 10, 10]);
        assert_eq!(by_year.strata[0].values, ["2018"]);
        assert_eq!(by_year.population_hash, sample.population_hash);
        assert_eq!(list_hash(["b", "a"]), hex::encode(Sha256::digest("a\nb\n")));
    }

    #[test]
    fn every_case_is_drawn_as_often_as_any_other() {
        let mut times = vec![0_u32; 40];
        for seed in 0..2_000 {
            for key in drawn(&[], 10, seed, 0..40).cases {
                times[usize::try_from(key).unwrap()] += 1;
            }
        }
        // 500 each; the standard deviation is 19.
        assert!(times.iter().all(|times| times.abs_diff(500) < 90), "{times:?}");
    }
}
