//! Samples as they are answered, with all that is needed to draw them again.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::findings::ListedCase;
use super::{Labels, View};
use crate::analytics::sampling::{Plan, Population, Stratum};
use crate::catalogue;
use crate::search::AllMatches;

/// Cases read at a time.
const AT_A_TIME: u32 = 4_000;
/// Cases looked up at a time.
const SUMMARIES_AT_A_TIME: usize = 500;

/// A sample of cases, and how to draw it again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct SampleAnswer {
    /// How it was drawn.
    pub method: String,
    /// Seed.
    pub seed: u64,
    /// Cases that were wanted.
    pub size: u64,
    /// Codes of the fields by which the population is told apart; none for a simple random sample.
    pub by: Vec<String>,
    /// Cases of the population: all that may be seen, or those of them that match.
    pub population: u64,
    /// SHA-256 of the public identifiers of the population, ascending, each followed by a line end.
    pub population_hash: String,
    /// State of the catalogue from which it was drawn.
    pub sequence: u64,
    /// The strata.
    pub strata: Vec<StratumAnswer>,
    /// SHA-256 of the public identifiers of the sample, ascending, each followed by a line end.
    pub hash: String,
    /// The sample, stratum by stratum.
    pub cases: Vec<ListedCase>,
}

/// A stratum of a population.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct StratumAnswer {
    /// Its values in the order of `by`; empty where they are not known.
    pub values: Vec<String>,
    /// Its cases.
    pub population: u64,
    /// Those that were drawn.
    pub sampled: u64,
}

impl View {
    /// Draws a sample of the cases that may be seen, or of those of them that were found.
    ///
    /// # Errors
    /// When the catalogue fails.
    pub async fn sample(
        &self,
        plan: Plan,
        found: Option<&AllMatches>,
        labels: Labels,
    ) -> catalogue::Result<SampleAnswer> {
        let catalogue = self.archive.catalogue();
        let sequence = catalogue.sequence().await?;
        let wanted: Option<HashSet<u64>> = found.map(|found| found.keys().iter().copied().collect());
        let mut population = Population::new(plan.clone());
        let mut last = 0;
        loop {
            let rows = catalogue.case_rows(last, AT_A_TIME).await?;
            let Some(row) = rows.last() else { break };
            last = row.case_key;
            let seen = rows
                .iter()
                .filter(|row| !row.withdrawn && self.visible.allow(row.case_key, &row.archival_code, &row.fields));
            seen.filter(|row| wanted.as_ref().is_none_or(|wanted| wanted.contains(&row.case_key)))
                .for_each(|row| population.add(row));
        }
        let sample = population.draw();
        let mut cases = Vec::with_capacity(sample.cases.len());
        for some in sample.cases.chunks(SUMMARIES_AT_A_TIME) {
            let summaries = catalogue.summaries(some).await?;
            cases.extend(
                summaries
                    .into_iter()
                    .filter(|case| self.sees(case))
                    .map(ListedCase::from),
            );
        }
        let method = match (labels, plan.by.is_empty()) {
            (Labels::Chinese, true) => "简单随机：按 SHA-256(种子 换行 案卷标识) 排序，取前若干卷",
            (Labels::Chinese, false) => {
                "分层随机：按最大余数法依比例分配，各层至少一卷（样本量足够时）；层内按 SHA-256(种子 换行 案卷标识) 排序，取前若干卷"
            }
            (Labels::English, true) => {
                "simple random: the first cases in the order of SHA-256(seed, line end, case id)"
            }
            (Labels::English, false) => {
                "stratified random: proportional by the largest remainder, one case of each stratum at least where the size \
                 allows; in a stratum the first cases in the order of SHA-256(seed, line end, case id)"
            }
        };
        Ok(SampleAnswer {
            method: method.to_owned(),
            seed: plan.seed,
            size: plan.size as u64,
            by: plan
                .by
                .iter()
                .map(|stratum: &Stratum| stratum.code().to_owned())
                .collect(),
            population: sample.population,
            population_hash: sample.population_hash,
            sequence,
            strata: sample
                .strata
                .into_iter()
                .map(|stratum| StratumAnswer {
                    values: stratum.values,
                    population: stratum.population,
                    sampled: stratum.sampled,
                })
                .collect(),
            hash: sample.hash,
            cases,
        })
    }
}
