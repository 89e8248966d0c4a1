//! An invented archive of 60 cases: 14 made by hand for the queries, the others so that every facet has many values.

use std::convert::Infallible;
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::index::testing::{add_document, analyser, empty_case, options, put, set};
use crate::index::{CaseIndex, CaseIndexWriter};
use crate::record::{CaseRecord, DocumentKind, FieldName};
use crate::search::{
    CasePage, CaseState, CaseSummary, CaseTexts, Error, MatchKind, SearchRequest, SearchResponse, Searcher,
    VisibleCases,
};

/// Number of cases.
pub(super) const CASES: u64 = 60;

/// The archive with its index; the key of a case is its place from 1.
pub(super) struct Archive {
    pub(super) cases: Vec<CaseRecord>,
    pub(super) searcher: Searcher,
    _folder: TempDir,
}

/// One archive for all tests of the process; nobody writes to it.
pub(super) fn archive() -> &'static Archive {
    static ARCHIVE: LazyLock<Archive> = LazyLock::new(|| Archive::new(cases()));
    &ARCHIVE
}

impl Archive {
    pub(super) fn new(cases: Vec<CaseRecord>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        // Small batches, so that there are several segments.
        let mut writer = CaseIndexWriter::open(folder.path(), analyser(), options(9)).unwrap();
        for (case, key) in cases.iter().zip(1..) {
            // Each case once with other text first, so that there are deleted documents too.
            writer.apply(put(key, 2 * key, &cases[0])).unwrap();
            writer.apply(put(key, 2 * key + 1, case)).unwrap();
        }
        writer.close().unwrap();
        Self::opened(cases, folder)
    }

    /// An archive whose index holds only some of the cases, and never held others.
    pub(super) fn with_keys(cases: Vec<CaseRecord>, keys: &[u64]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = CaseIndexWriter::open(folder.path(), analyser(), options(9)).unwrap();
        for (case, key) in cases.iter().zip(1..).filter(|(_, key)| keys.contains(key)) {
            writer.apply(put(key, key, case)).unwrap();
        }
        writer.close().unwrap();
        Self::opened(cases, folder)
    }

    fn opened(cases: Vec<CaseRecord>, folder: TempDir) -> Self {
        let index = CaseIndex::open(folder.path(), analyser()).unwrap();
        Self {
            cases,
            searcher: Searcher::new(index),
            _folder: folder,
        }
    }

    pub(super) fn try_search(&self, visible: &VisibleCases, pairs: &[(&str, &str)]) -> Result<SearchResponse, Error> {
        let request = SearchRequest::from_pairs(pairs.iter().copied())?;
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let deadline = Instant::now() + Duration::from_secs(60);
        runtime.block_on(self.searcher.search(&request, visible, self, deadline))
    }

    pub(super) fn search(&self, pairs: &[(&str, &str)]) -> SearchResponse {
        self.try_search(&VisibleCases::all(), pairs).unwrap()
    }

    /// Keys of all hits of a query in their order, with how they match.
    pub(super) fn hits(&self, query: &str) -> Vec<(u64, MatchKind)> {
        let response = self.search(&[("q", query), ("size", "100")]);
        assert_eq!(response.total, response.hits.len() as u64, "{query}");
        response
            .hits
            .iter()
            .map(|hit| (hit.case_id.parse().unwrap(), hit.matched))
            .collect()
    }

    /// Keys of all hits of a query, ascending.
    pub(super) fn keys(&self, query: &str) -> Vec<u64> {
        let mut keys: Vec<u64> = self.hits(query).into_iter().map(|(key, _)| key).collect();
        keys.sort_unstable();
        keys
    }
}

impl CaseTexts for Archive {
    type Error = Infallible;

    async fn summaries(&self, case_keys: &[u64]) -> Result<Vec<CaseSummary>, Infallible> {
        let summary = |key: &u64| {
            let case = &self.cases[usize::try_from(key - 1).unwrap()];
            CaseSummary {
                case_key: *key,
                sequence: 0,
                case_id: key.to_string(),
                archival_code: case.archival_code.to_string(),
                title: case.fields.title.clone(),
                document_number: case.fields.document_number.clone(),
                matter: case.fields.matter.clone(),
                agency: case.fields.agency.clone(),
                outcome: case.fields.outcome,
                decided_on: case.fields.decided_on,
                applicant: case.fields.applicant_name.clone(),
                has_images: false,
            }
        };
        Ok(case_keys.iter().map(summary).collect())
    }

    async fn pages(
        &self,
        cases: &[CaseState],
        offset: usize,
        limit: usize,
    ) -> Result<Vec<Arc<[CasePage]>>, Infallible> {
        let pages = |case: &CaseState| {
            let case = &self.cases[usize::try_from(case.case_key - 1).unwrap()];
            let pages = case.documents.iter().flat_map(|document| {
                let place = (document.ordinal, document.kind);
                let pages = document.pages.iter();
                pages.map(move |page| CasePage::new(place.0, page.number, place.1, page.text.text()))
            });
            pages.skip(offset).take(limit).collect()
        };
        Ok(cases.iter().map(pages).collect())
    }
}

pub(super) fn made(serial: u32, fields: &[(FieldName, &str)], pages: &[&str]) -> CaseRecord {
    let mut case = empty_case(&format!("0123-XK·2019-D30-SCJG-{serial:04}"));
    set(&mut case, fields);
    add_document(&mut case, DocumentKind::Decision, 0.97, pages);
    case
}

/// The cases made by hand; `queries.rs` names them by their keys.
fn by_hand() -> Vec<CaseRecord> {
    use FieldName::*;
    vec![
        // 1
        made(
            42,
            &[
                (Title, "灵丘县丰源餐饮有限公司食品经营许可"),
                (Agency, "灵丘县市场监督管理局"),
                (Region, "140224"),
                (Matter, "食品经营许可"),
                (DocumentNumber, "灵食许〔2019〕444号"),
                (AcceptanceNumber, "SL20190444"),
                (Outcome, "granted"),
                (Retention, "D30"),
                (SecurityClass, "public"),
                (AppliedOn, "2019-04-25"),
                (DecidedOn, "2019-05-07"),
                (ApplicantName, "灵丘县丰源餐饮有限公司"),
                (ApplicantKind, "legal_person"),
            ],
            &[
                "灵丘县市场监督管理局\n行政许可决定书\n灵食许〔2019〕444号\n你单位提出的食品经营许可申请，经审查，符合法定条件。",
                // 52 letters without a break.
                "经本机关审查认为该申请人提交的材料齐全符合法定形式并且经营场所布局合理设备设施与所申请的经营项目相适应现予准许",
            ],
        ),
        // 2: the same applicant in another year; 2019 stands in the text
        made(
            43,
            &[
                (Title, "灵丘县丰源餐饮有限公司食品经营许可延续"),
                (Agency, "灵丘县行政审批服务管理局"),
                (Region, "140224"),
                (Matter, "食品经营许可"),
                (DocumentNumber, "灵审许〔2021〕12号"),
                (Outcome, "renewed"),
                (DecidedOn, "2021-03-01"),
                (ApplicantName, "灵丘县丰源餐饮有限公司"),
                (ApplicantKind, "legal_person"),
            ],
            &["原许可证于2019年颁发，丰源餐饮申请延续。"],
        ),
        // 3: the words of 食品经营许可证核发, never in this order
        made(
            44,
            &[(Title, "关于核发许可证的说明"), (Agency, "广灵县市场监督管理局")],
            &["许可证由本局核发。有关食品经营的场所应当合格。"],
        ),
        // 4
        made(
            45,
            &[
                (Title, "不予核发食品经营许可证核发决定"),
                (Agency, "广灵县市场监督管理局"),
                (Region, "140223"),
                (Outcome, "refused"),
                (ApplicantName, "李四"),
                (ApplicantKind, "person"),
                (DecidedOn, "2018-02-03"),
            ],
            &["食品经营许可证核发申请不符合条件，不予许可。"],
        ),
        // 5: quotes the number of case 1 in another form, in running text
        made(
            46,
            &[
                (Title, "卫生许可变更"),
                (Agency, "灵丘县卫生健康局"),
                (DocumentNumber, "灵卫许〔2020〕7号"),
            ],
            &["根据灵食许[2019]第0444号决定，李记面馆名称予以变更。"],
        ),
        // 6: a number that ends like that of case 1
        made(
            47,
            &[
                (Title, "小作坊登记"),
                (DocumentNumber, "灵食许〔2019〕1444号"),
                (DecidedOn, "2019-12-01"),
            ],
            &["小作坊登记。"],
        ),
        // 7
        made(
            48,
            &[(Title, "餐饮服务许可注销"), (Outcome, "cancelled")],
            &["餐饮服务许可注销。"],
        ),
        // 8: a date in Chinese numerals, on the page only
        made(49, &[(Title, "取水许可")], &["二〇一七年八月九日\n取水许可申请"]),
        // 9: a phrase torn by the end of a page
        made(50, &[(Title, "占道许可")], &["此处占用", "城市道路施工围挡"]),
        // 10: the same phrase in one piece, over the end of a line
        made(51, &[(Title, "挖掘许可")], &["此处占用城市\n道路施工围挡"]),
        // 11: traditional characters and full width
        made(
            52,
            &[(Title, "廣告發布登記"), (ApplicantName, "ＡＢＣ廣告有限公司")],
            &["廣告發布登記"],
        ),
        // 12: half a document number in the title only
        made(
            53,
            &[
                (Title, "灵环审备案"),
                (DocumentNumber, "灵环审〔2016〕8号"),
                (DecidedOn, "2016-01-01"),
            ],
            &["备案"],
        ),
        // 13: a repeated letter
        made(54, &[(Title, "人人人乐超市登记")], &["人人人乐超市"]),
        // 14: a word that is longer than what is searched
        made(55, &[(Title, "行政许可决定书补发")], &["补发行政许可决定书一份"]),
    ]
}

/// The cases of the archive.
pub(super) fn cases() -> Vec<CaseRecord> {
    use FieldName::*;
    let mut cases = by_hand();
    let pick = |list: &[&'static str], at: usize| list[at % list.len()];
    for at in cases.len()..usize::try_from(CASES).unwrap() {
        let mut case = empty_case(&format!("0200-XK·2000-Y-ZZZ-{:04}", 5000 + at));
        let year = 2009 + (at * 7) % 17;
        let agency = pick(
            &[
                "浑源县林业局",
                "阳高县水务局",
                "天镇县交通运输局",
                "左云县教育局",
                "云州区民政局",
            ],
            at,
        );
        let matter = pick(
            &[
                "采伐许可",
                "河道采砂",
                "道路运输",
                "民办学校设立",
                "社会团体登记",
                "校车使用",
            ],
            at / 2,
        );
        let number = format!("晋字〔{year}〕{}号", 3000 + at);
        let date = format!("{year}-{:02}-{:02}", 1 + at % 12, 1 + at % 28);
        set(
            &mut case,
            &[
                (Title, &format!("{agency}{matter}")),
                (Agency, agency),
                (Matter, matter),
                (
                    Region,
                    pick(&["140225", "140221", "140222", "140226", "140215", "140000"], at),
                ),
                (
                    Outcome,
                    pick(&["granted", "granted", "refused", "changed", "withdrawn"], at / 3),
                ),
                (Retention, pick(&["Y", "D30", "D10"], at)),
                (DocumentNumber, &number),
            ],
        );
        // Some cases have no date, so no year but that of the archival code.
        if !at.is_multiple_of(9) {
            set(&mut case, &[(DecidedOn, &date)]);
        }
        if !at.is_multiple_of(4) {
            set(
                &mut case,
                &[(ApplicantKind, pick(&["person", "legal_person", "organisation"], at))],
            );
        }
        let confidence = [0.99, 0.9, 0.5][at % 3];
        let (first, second) = (
            [DocumentKind::Application, DocumentKind::Contents][at % 2],
            DocumentKind::Decision,
        );
        add_document(&mut case, first, confidence, &[&format!("申请{matter}")]);
        add_document(&mut case, second, confidence, &[&format!("{agency}决定"), "附页"]);
        cases.push(case);
    }
    cases
}
