//! Answers searches.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use crate::index::{CaseIndex, Snapshot};
use crate::record::PageText;

use super::did_you_mean::better_spelling;
use super::execute::{FoundCase, execute};
use super::expand::{add_sounding_names, asks_for_few, expand, expand_sounds, may_be_sounds, tell, without_few};
use super::facets::present;
use super::highlight::Highlighter;
use super::interpret::interpret;
use super::kept::KeptLists;
use super::kept_answers::{AnswersOf, Findings, KeptAnswers};
use super::person_number;
use super::plan::{Planner, QueryPlan};
use super::snippets::SnippetReader;
use super::tolerance::Tolerance;
use super::tree::QueryTree;
use super::values::ValueCache;
use super::visible_docs::VisibleDocs;
use super::{
    CaseSummary, CaseTexts, Error, Hit, MatchKind, PageMarks, PersonNumbers, SearchRequest, SearchResponse, Snippet,
    VisibleCases, limits,
};

/// Answers searches on one index. Cheap to clone.
#[derive(Clone)]
pub struct Searcher(Arc<Inner>);

struct Inner {
    index: CaseIndex,
    values: ValueCache,
    kept: Arc<KeptLists>,
    answers: KeptAnswers,
}

/// What the index says about a request, before titles and texts are fetched. All of it comes from one snapshot.
pub struct FoundCases {
    started: Instant,
    findings: Arc<Findings>,
    snapshot: Snapshot,
}

impl FoundCases {
    /// The keys of the cases on this page of the answer, in their order.
    pub fn keys(&self) -> impl Iterator<Item = u64> {
        self.findings.cases.iter().map(|case| case.case_key)
    }

    /// What a request for the cases behind these sends as `after`; `None` when there are no more.
    pub fn next(&self) -> Option<&str> {
        self.findings.next.as_deref()
    }

    /// How many cases match.
    pub fn total(&self) -> u64 {
        self.findings.total
    }

    /// All that was found.
    #[cfg(test)]
    pub(super) fn told(&self) -> String {
        format!("{:?}", self.findings)
    }

    /// Sum of the counts shown of a facet; `None` when it was not asked for.
    #[cfg(test)]
    pub(super) fn facet_total(&self, facet: &str) -> Option<u64> {
        let values = self.findings.facets.get(facet)?;
        Some(values.iter().map(|value| value.count).sum())
    }
}

impl Searcher {
    /// A searcher on an index, with the analysis that the index was built with.
    pub fn new(index: CaseIndex) -> Self {
        Self(Arc::new(Inner {
            index,
            values: ValueCache::default(),
            kept: Arc::default(),
            answers: KeptAnswers::default(),
        }))
    }

    /// Names that were looked through before.
    pub(super) fn values(&self) -> &ValueCache {
        &self.0.values
    }

    /// Lists of documents that were worked out before.
    pub(super) fn kept(&self) -> &Arc<KeptLists> {
        &self.0.kept
    }

    /// What was found before.
    pub(super) fn answers(&self) -> &KeptAnswers {
        &self.0.answers
    }

    /// The index that is searched.
    pub fn index(&self) -> &CaseIndex {
        &self.0.index
    }

    /// Reads a query without running it; what would also be searched is told as if little were found.
    ///
    /// # Errors
    /// When it breaks one of [`limits`].
    pub fn understand(&self, query: &str) -> Result<QueryTree, Error> {
        let analyser = self.0.index.analyser();
        let mut tree = interpret(query, &analyser, PersonNumbers::Searched)?;
        expand(&mut tree, &analyser);
        tell(&mut tree);
        Ok(tree)
    }

    /// Reads the query of a request, with the other names that are to be searched.
    pub(super) fn read(
        &self,
        request: &SearchRequest,
        visible: &VisibleCases,
        snapshot: &Snapshot,
        deadline: Instant,
    ) -> Result<QueryTree, Error> {
        let mut tree = interpret(&request.query, &snapshot.analyser, request.numbers)?;
        if request.expand {
            expand(&mut tree, &snapshot.analyser);
            let seen = match may_be_sounds(&tree) {
                true => Some(VisibleDocs::new(visible, snapshot, self.kept(), deadline)?),
                false => None,
            };
            if let Some(seen) = &seen {
                expand_sounds(&mut tree, &*self.0.values.get(snapshot)?, seen)?;
            }
            if asks_for_few(&tree) {
                let narrow = without_few(&tree);
                let plan = QueryPlan::new(
                    &narrow,
                    &Tolerance::default(),
                    request,
                    visible,
                    &self.planner(snapshot),
                );
                let count = plan.selected(plan.exact.as_ref()).count(&snapshot.searcher);
                let count = count.map_err(|source| Error::Tantivy {
                    action: "count what is found as typed",
                    source,
                })?;
                if count as u64 >= limits::FEW_CASES {
                    tree = narrow;
                } else if let Some(seen) = &seen {
                    add_sounding_names(&mut tree, snapshot, seen)?;
                }
            }
            tell(&mut tree);
        }
        Ok(tree)
    }

    /// The whole search: [`Self::find`] on the blocking pool, then [`Self::answer`]. If the future is dropped, the
    /// blocking part goes on until it ends; a caller that counts running searches by permits should call the two
    /// itself and move the permit into the blocking task.
    ///
    /// # Errors
    /// As of the two.
    pub async fn search<T: CaseTexts>(
        &self,
        request: &SearchRequest,
        visible: &VisibleCases,
        texts: &T,
        deadline: Instant,
    ) -> Result<SearchResponse, Error> {
        let (searcher, request, visible) = (self.clone(), request.clone(), visible.clone());
        let task = tokio::task::spawn_blocking(move || searcher.find(&request, &visible, deadline));
        let found = task.await.map_err(|_| Error::Interrupted)??;
        self.answer(found, texts, deadline).await
    }

    /// The blocking part: which of the visible cases match.
    ///
    /// # Errors
    /// [`Error::DeadlineExceeded`] when the time is over, [`Error::Index`] while there is no index, errors of kind
    /// `Invalid` for the query.
    pub fn find(
        &self,
        request: &SearchRequest,
        visible: &VisibleCases,
        deadline: Instant,
    ) -> Result<FoundCases, Error> {
        let started = Instant::now();
        let snapshot = self.0.index.snapshot()?;
        let answers = self.0.answers.of(&snapshot, visible);
        let findings = answers.request(request, deadline, || {
            self.look(&snapshot, request, visible, answers, deadline)
        })?;
        Ok(FoundCases {
            started,
            findings,
            snapshot,
        })
    }

    fn look(
        &self,
        snapshot: &Snapshot,
        request: &SearchRequest,
        visible: &VisibleCases,
        answers: AnswersOf<'_>,
        deadline: Instant,
    ) -> Result<Findings, Error> {
        let (tree, plan) = self.plan(snapshot, request, visible, answers, deadline)?;
        let executed = execute(snapshot, &plan, request, deadline)?;
        let exact = executed.cases.iter().any(|case| case.matched == MatchKind::Exact);
        let suggestion = match exact || request.page > 1 || request.goes_on() {
            true => None,
            false => better_spelling(request, visible, snapshot, &self.planner(snapshot), deadline)?,
        };
        Ok(Findings {
            tree,
            total: executed.total,
            cases: executed.cases,
            next: executed.next,
            facets: present(executed.counts, request, snapshot.analyser.dictionaries()),
            suggestion,
        })
    }

    fn planner<'a>(&'a self, snapshot: &'a Snapshot) -> Planner<'a> {
        Planner {
            fields: &snapshot.fields,
            dictionaries: snapshot.analyser.dictionaries(),
            kept: &self.0.kept,
        }
    }

    pub(super) fn plan(
        &self,
        snapshot: &Snapshot,
        request: &SearchRequest,
        visible: &VisibleCases,
        answers: AnswersOf<'_>,
        deadline: Instant,
    ) -> Result<(QueryTree, QueryPlan), Error> {
        let mut tree = self.read(request, visible, snapshot, deadline)?;
        let planner = self.planner(snapshot);
        let analyser = &snapshot.analyser;
        let tolerance = Tolerance::find(&tree, &planner, snapshot, analyser, visible, answers, deadline)?;
        for remark in &tolerance.remarks {
            tree.understood.push('；');
            tree.understood.push_str(remark);
        }
        let plan = QueryPlan::new(&tree, &tolerance, request, visible, &planner);
        Ok((tree, plan))
    }

    /// Fetches what the hits show, and their snippets. Past the deadline, hits stay without snippets.
    ///
    /// # Errors
    /// When the texts cannot be read.
    pub async fn answer<T: CaseTexts>(
        &self,
        found: FoundCases,
        texts: &T,
        deadline: Instant,
    ) -> Result<SearchResponse, Error> {
        let wrap = |error: T::Error| Error::Texts(Box::new(error));
        let keys: Vec<u64> = found.findings.cases.iter().map(|case| case.case_key).collect();
        let summaries = texts.summaries(&keys).await.map_err(wrap)?;
        let mut summaries: HashMap<u64, CaseSummary> = summaries.into_iter().map(|s| (s.case_key, s)).collect();
        let mut snippets = SnippetReader {
            highlighter: Highlighter::new(&found.findings.tree, &found.snapshot.analyser),
            snapshot: &found.snapshot,
            by_number: person_number::any(&found.findings.tree),
            texts,
            deadline,
            characters: limits::CHARACTERS_READ,
        };
        // A case that was withdrawn after the last commit is not shown; the index follows.
        let shown = found.findings.cases.iter();
        let shown = shown.filter_map(|case| Some((case, summaries.remove(&case.case_key)?)));
        let shown: Vec<(&FoundCase, CaseSummary)> = shown.collect();
        let states: Vec<_> = shown.iter().map(|(case, summary)| (*case, summary.state())).collect();
        let snippets = snippets.read(&states).await?;
        let hits = shown.into_iter().zip(snippets);
        let hits = hits
            .map(|((case, summary), snippets)| hit(case, summary, snippets))
            .collect();
        Ok(SearchResponse {
            total: found.findings.total,
            took_ms: u64::try_from(found.started.elapsed().as_millis()).unwrap_or(u64::MAX),
            understood: found.findings.tree.understood.clone(),
            hits,
            next: found.findings.next.clone(),
            facets: found.findings.facets.clone(),
            suggestion: found.findings.suggestion.clone(),
        })
    }

    /// What to mark on a page for a query.
    ///
    /// # Errors
    /// When the query breaks one of [`limits`].
    pub fn mark_page(&self, query: &str, page: &PageText) -> Result<PageMarks, Error> {
        let tree = self.understand(query)?;
        Ok(Highlighter::new(&tree, &self.0.index.analyser()).mark(page))
    }
}

fn hit(case: &FoundCase, summary: CaseSummary, snippets: Vec<Snippet>) -> Hit {
    Hit {
        case_id: summary.case_id,
        archival_code: summary.archival_code,
        title: summary.title,
        document_number: summary.document_number,
        matter: summary.matter,
        agency: summary.agency,
        outcome: summary.outcome,
        decided_on: summary.decided_on,
        applicant: summary.applicant,
        has_images: summary.has_images,
        ocr_quality: case.ocr_quality,
        score: case.score,
        matched: case.matched,
        snippets,
    }
}
