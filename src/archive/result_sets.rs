//! Results that are kept, and what became of them: which cases came, went and changed since, and why.

use std::collections::{BTreeMap, HashMap};
use std::time::Instant;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use thiserror::Error;

use super::findings::{ListedCase, in_words};
use super::{Labels, View};
use crate::analytics::sampling::list_hash;
use crate::catalogue::{self, CaseMark, CaseSummary, NewResultSet, ResultSet};
use crate::record::closed_list;
use crate::search::{self, SearchRequest};

/// Cases looked up at a time.
const AT_A_TIME: usize = 500;

closed_list! {
    /// What became of a case of a list.
    Difference {
        /// 新增
        Added = "added", "新增", "Added", [];
        /// 减少
        Removed = "removed", "减少", "Removed", [];
        /// 变化
        Changed = "changed", "变化", "Changed", [];
    }
}

closed_list! {
    /// Why a list differs from what it was.
    Cause {
        /// 新入库案卷
        NewCase = "new_case", "新入库案卷", "The case is new", [];
        /// 人工更正
        Correction = "correction", "人工更正", "The case was corrected", [];
        /// 重新识别或重新导入
        Reread = "reread", "重新识别或重新导入", "The case was read or imported again", [];
        /// 可见范围变化或案卷撤出
        Rights = "rights", "可见范围变化或案卷撤出", "What may be seen has changed, or the case was withdrawn", [];
        /// 词典变化
        Dictionary = "dictionary", "词典变化", "The dictionaries have changed", [];
        /// 索引变化: the index, or what is common in it.
        Index = "index", "索引变化", "The index has changed", [];
    }
}

/// Why a result cannot be kept or compared.
#[derive(Debug, Error)]
pub enum ResultSetError {
    /// The catalogue.
    #[error(transparent)]
    Catalogue(#[from] catalogue::Error),
    /// The search.
    #[error(transparent)]
    Search(#[from] search::Error),
}

/// A result that was kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct ResultSetAnswer {
    /// Opaque identifier.
    pub id: String,
    /// What its owner calls it.
    pub name: String,
    /// The parameters of the search: names and values.
    pub parameters: Vec<(String, String)>,
    /// When it was kept (RFC 3339, UTC).
    pub made_at: String,
    /// Generation of the index.
    pub generation: String,
    /// Every change of the catalogue up to this sequence was found.
    pub sequence: u64,
    /// Cases.
    pub count: u64,
    /// SHA-256 of their public identifiers, ascending, each followed by a line end.
    pub hash: String,
}

/// The results that somebody kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct ResultSetsAnswer {
    /// The latest first.
    pub result_sets: Vec<ResultSetAnswer>,
}

/// What became of a result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct ComparisonAnswer {
    /// The result as it was kept.
    pub kept: ResultSetAnswer,
    /// Generation of the index now.
    pub generation: String,
    /// Every change of the catalogue up to this sequence was found now.
    pub sequence: u64,
    /// Cases now.
    pub count: u64,
    /// Hash of the list now: the same when it lists the same cases.
    pub hash: String,
    /// How many there are of each difference and cause.
    pub counts: Vec<DifferenceCount>,
    /// How many differences there are in all.
    pub total: u64,
    /// Those of this page: added, removed, changed, each by the order in which the cases came.
    pub differences: Vec<DifferenceAnswer>,
}

/// How many there are of a difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct DifferenceCount {
    /// Code of the difference: `added`, `removed`, `changed`.
    pub difference: String,
    /// The difference in words.
    pub difference_label: String,
    /// Code of the cause: `new_case`, `correction`, `reread`, `rights`, `dictionary`, `index`.
    pub cause: String,
    /// The cause in words.
    pub cause_label: String,
    /// How many.
    pub count: u64,
}

/// A case that came, went or changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct DifferenceAnswer {
    /// Code of the difference.
    pub difference: String,
    /// Code of the cause.
    pub cause: String,
    /// Opaque id of the case, that of one that may not be seen any more, too: who kept the list has seen it.
    pub case_id: Option<String>,
    /// The case, when it may be seen.
    pub case: Option<ListedCase>,
}

impl From<ResultSet> for ResultSetAnswer {
    fn from(set: ResultSet) -> Self {
        Self {
            id: set.set_id,
            name: set.name,
            parameters: set.parameters,
            made_at: set.made_at,
            generation: set.generation,
            sequence: set.sequence,
            count: set.count,
            hash: set.hash,
        }
    }
}

/// Hash of anything that can be printed.
fn fingerprint(of: &impl std::fmt::Debug) -> String {
    hex::encode(Sha256::digest(format!("{of:?}")))
}

/// What was found now.
struct FoundNow {
    generation: String,
    sequence: u64,
    hash: String,
    marks: Vec<CaseMark>,
}

impl View {
    async fn found_now(&self, request: SearchRequest, deadline: Instant) -> Result<FoundNow, ResultSetError> {
        let found = self.all_matches(request, deadline).await?;
        let marks = self.archive.catalogue().marks(found.keys()).await?;
        Ok(FoundNow {
            generation: found.generation.clone(),
            sequence: found.sequence,
            hash: list_hash(marks.iter().map(|mark| mark.case_id.as_str())),
            marks,
        })
    }

    fn tables(&self) -> String {
        fingerprint(&self.archive.index().wanted_analyser().dictionaries().checksums())
    }

    /// Keeps what a search finds, under a name, for who is named as the owner.
    ///
    /// # Errors
    /// When the parameters are no search, the name is refused, or search or catalogue fail.
    pub async fn keep_result(
        &self,
        owner: &str,
        name: &str,
        parameters: Vec<(String, String)>,
        deadline: Instant,
    ) -> Result<ResultSetAnswer, ResultSetError> {
        let request = SearchRequest::from_pairs(parameters.clone())?;
        let found = self.found_now(request, deadline).await?;
        let new = NewResultSet {
            owner: owner.to_owned(),
            name: name.to_owned(),
            parameters,
            generation: found.generation,
            sequence: found.sequence,
            tables: self.tables(),
            rights: fingerprint(&self.visible.restrictions()),
            hash: found.hash,
            cases: found.marks.iter().map(|mark| (mark.case_key, mark.sequence)).collect(),
        };
        Ok(self.archive.catalogue().keep_result_set(&new).await?.into())
    }

    /// The results that somebody kept, the latest first.
    ///
    /// # Errors
    /// When the catalogue fails.
    pub async fn kept_results(&self, owner: &str) -> catalogue::Result<ResultSetsAnswer> {
        let sets = self.archive.catalogue().result_sets(owner).await?;
        Ok(ResultSetsAnswer {
            result_sets: sets.into_iter().map(ResultSetAnswer::from).collect(),
        })
    }

    /// Searches again, and tells what came, went and changed since a result was kept, and why: `limit` differences after the
    /// first `offset`. `None` when it is not there, or somebody else's.
    ///
    /// # Errors
    /// When search or catalogue fail.
    pub async fn compare_result(
        &self,
        owner: &str,
        id: &str,
        (offset, limit): (usize, usize),
        labels: Labels,
        deadline: Instant,
    ) -> Result<Option<ComparisonAnswer>, ResultSetError> {
        let catalogue = self.archive.catalogue();
        let Some((kept, before)) = catalogue.result_set(owner, id).await? else {
            return Ok(None);
        };
        let request = SearchRequest::from_pairs(kept.parameters.clone())?;
        let now = self.found_now(request, deadline).await?;
        let differences = self.differences(&kept, &before, &now).await?;
        let mut counts: BTreeMap<(Difference, Cause), u64> = BTreeMap::new();
        for (_, difference, cause) in &differences {
            *counts.entry((*difference, *cause)).or_default() += 1;
        }
        let page: Vec<_> = differences.iter().skip(offset).take(limit).copied().collect();
        let mut cases: HashMap<u64, CaseSummary> = HashMap::new();
        let keys: Vec<u64> = page.iter().map(|(key, ..)| *key).collect();
        for some in keys.chunks(AT_A_TIME) {
            let summaries = catalogue.summaries(some).await?;
            cases.extend(summaries.into_iter().map(|case| (case.case_key, case)));
        }
        let page = page.into_iter().map(|(key, difference, cause)| {
            let case = cases.remove(&key);
            DifferenceAnswer {
                difference: difference.code().to_owned(),
                cause: cause.code().to_owned(),
                case_id: case.as_ref().map(|case| case.case_id.clone()),
                case: case.filter(|case| self.sees(case)).map(ListedCase::from),
            }
        });
        Ok(Some(ComparisonAnswer {
            generation: now.generation,
            sequence: now.sequence,
            count: now.marks.len() as u64,
            hash: now.hash,
            counts: counts
                .into_iter()
                .map(|((difference, cause), count)| DifferenceCount {
                    difference: difference.code().to_owned(),
                    difference_label: in_words(labels, difference.label_zh(), difference.label_en()),
                    cause: cause.code().to_owned(),
                    cause_label: in_words(labels, cause.label_zh(), cause.label_en()),
                    count,
                })
                .collect(),
            total: differences.len() as u64,
            differences: page.collect(),
            kept: kept.into(),
        }))
    }

    /// Each case that differs, with how and why.
    async fn differences(
        &self,
        kept: &ResultSet,
        before: &[(u64, u64)],
        now: &FoundNow,
    ) -> Result<Vec<(u64, Difference, Cause)>, ResultSetError> {
        let was = |key: u64| {
            let at = before.binary_search_by_key(&key, |(key, _)| *key).ok()?;
            before.get(at).map(|(_, sequence)| *sequence)
        };
        let is = |key: u64| now.marks.binary_search_by_key(&key, |mark| mark.case_key).is_ok();
        let mut differing: Vec<(u64, Difference, u64)> = Vec::new();
        for mark in &now.marks {
            match was(mark.case_key) {
                None => differing.push((mark.case_key, Difference::Added, mark.sequence)),
                Some(sequence) if sequence != mark.sequence => {
                    differing.push((mark.case_key, Difference::Changed, mark.sequence));
                }
                Some(_) => {}
            }
        }
        let gone: Vec<(u64, u64)> = before.iter().filter(|(key, _)| !is(*key)).copied().collect();
        let catalogue = self.archive.catalogue();
        let mut lost = HashMap::new();
        for some in gone.chunks(AT_A_TIME) {
            let keys: Vec<u64> = some.iter().map(|(key, _)| *key).collect();
            for case in catalogue.summaries(&keys).await? {
                lost.insert(case.case_key, (self.sees(&case), case.sequence));
            }
        }
        differing.extend(gone.iter().map(|(key, sequence)| {
            let now = lost.get(key).map_or(*sequence, |(_, sequence)| *sequence);
            (*key, Difference::Removed, now)
        }));
        let keys: Vec<u64> = differing.iter().map(|(key, ..)| *key).collect();
        let corrected = catalogue.corrected_since(&kept.made_at, &keys).await?;
        let other_rights = kept.rights != fingerprint(&self.visible.restrictions());
        let other_tables = kept.tables != self.tables();
        let cause = |key: u64, difference: Difference, sequence: u64| {
            // One that cannot be seen any more is told of no further.
            let unseen = difference == Difference::Removed && !lost.get(&key).is_some_and(|(seen, _)| *seen);
            let changed = match was(key) {
                Some(was) => was != sequence,
                None => sequence > kept.sequence,
            };
            match difference {
                _ if unseen => Cause::Rights,
                Difference::Added if key > kept.last_case => Cause::NewCase,
                _ if corrected.contains(&key) => Cause::Correction,
                _ if changed => Cause::Reread,
                _ if other_rights => Cause::Rights,
                _ if other_tables => Cause::Dictionary,
                _ => Cause::Index,
            }
        };
        let mut told: Vec<(u64, Difference, Cause)> = differing
            .into_iter()
            .map(|(key, difference, sequence)| (key, difference, cause(key, difference, sequence)))
            .collect();
        told.sort_unstable_by_key(|(key, difference, _)| (*difference, *key));
        Ok(told)
    }
}
