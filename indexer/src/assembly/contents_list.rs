//! 卷内目录: the list of documents in a case with their page numbers.
//!
//! Read from the cells of its table. DA/T 22-2015 and the rules for 案卷 know the columns 序号 文号 责任者 题名 日期 页号
//! 备注; local forms have some of them under other names, or 页数 (how many pages) in place of 页号 (the first, or from-to).

use std::collections::BTreeMap;

use juanzong::record::{CivilDate, LineRole, PageRecord, PixelBox, decimal_digit};

/// Most entries of a list that are read: a bound volume has far fewer, and a page of nonsense has more cells than that.
const ENTRIES_MOST: usize = 2_000;
/// Highest page number that is believed.
const PAGE_MOST: u32 = 20_000;

/// One line of a contents list.
#[derive(Clone, Debug, PartialEq)]
pub struct ContentsEntry {
    /// 题名
    pub title: String,
    /// 文号, as written.
    pub document_number: Option<String>,
    /// 责任者
    pub responsible: Option<String>,
    /// 日期
    pub date: Option<CivilDate>,
    /// Number of its first page in the volume, from 1; `None` when the list gives only numbers of pages (页数).
    pub first_page: Option<u32>,
    /// Number of its last page, when the list says so itself (`80-86`).
    pub last_page: Option<u32>,
    /// Number of its pages: as declared (页数), or up to the next entry.
    pub page_count: Option<u32>,
    /// Page of the file on which the entry stands, and its box in pixels of the upright page.
    pub place: (u32, PixelBox),
    /// Confidence of its least sure line, 0 to 1.
    pub confidence: f32,
}

/// A contents list.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct ContentsList {
    /// Its entries in order.
    pub entries: Vec<ContentsEntry>,
    /// Pages of the whole volume (本卷共86页), when it says so.
    pub total: Option<u32>,
}

/// What a column holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Column {
    Title,
    DocumentNumber,
    Responsible,
    Date,
    Page,
    PageCount,
}

/// Wordings of headings without spaces; the first that fits wins.
const HEADINGS: &[(&str, Column)] = &[
    ("页数", Column::PageCount),
    ("张数", Column::PageCount),
    ("份页", Column::PageCount),
    ("页号", Column::Page),
    ("页次", Column::Page),
    ("页码", Column::Page),
    ("起止页", Column::Page),
    ("题名", Column::Title),
    ("材料名称", Column::Title),
    ("文件名称", Column::Title),
    ("文件标题", Column::Title),
    ("标题", Column::Title),
    ("文号", Column::DocumentNumber),
    ("文件编号", Column::DocumentNumber),
    ("责任者", Column::Responsible),
    ("责任人", Column::Responsible),
    ("日期", Column::Date),
];

impl ContentsList {
    /// Reads the list from its pages; empty when there is no table with a title column and a page column.
    pub fn read(pages: &[PageRecord]) -> Self {
        let mut list = Self::default();
        let mut columns: BTreeMap<u16, Column> = BTreeMap::new();
        for page in pages {
            list.total = list.total.or_else(|| total(page));
            for cells in rows(page) {
                match heading(&cells) {
                    Some(found) => columns = found,
                    // A list that goes on on the next page goes on in the same columns.
                    None if !columns.is_empty() => list.entries.extend(entry(&cells, &columns, page.number)),
                    None => {}
                }
                if list.entries.len() >= ENTRIES_MOST {
                    return list;
                }
            }
        }
        list.count_pages();
        list
    }

    /// Whether the entries begin on pages that never go back, as those of a real list do.
    pub fn is_ascending(&self) -> bool {
        let firsts: Vec<u32> = self.entries.iter().filter_map(|entry| entry.first_page).collect();
        firsts.windows(2).all(|pair| pair[0] <= pair[1])
    }

    fn count_pages(&mut self) {
        let ascending = self.is_ascending();
        let next: Vec<Option<u32>> = self.entries.iter().skip(1).map(|entry| entry.first_page).collect();
        let end = self.total.map(|total| total + 1);
        for (entry, next) in self.entries.iter_mut().zip(next.into_iter().chain([end])) {
            if entry.page_count.is_some() {
                continue;
            }
            let span = |first: u32| match entry.last_page {
                Some(last) => last.checked_sub(first).map(|pages| pages + 1),
                // Two short papers may stand on one page.
                None if ascending => next.and_then(|next| next.checked_sub(first)).map(|pages| pages.max(1)),
                None => None,
            };
            entry.page_count = entry.first_page.and_then(span);
        }
    }
}

/// Text, box and least confidence of each cell of a row, by its column.
type Cells = BTreeMap<u16, (String, PixelBox, f32)>;

/// The rows of the tables of a page, their texts without spaces.
fn rows(page: &PageRecord) -> Vec<Cells> {
    let mut rows: BTreeMap<(u16, u16), Cells> = BTreeMap::new();
    for line in &page.text.lines {
        let LineRole::Cell { table, row, column } = line.role else {
            continue;
        };
        let text = line.text.chars().filter(|c| !c.is_whitespace());
        rows.entry((table, row))
            .or_default()
            .entry(column)
            .and_modify(|(known, area, confidence)| {
                known.extend(text.clone());
                *area = area.union(line.area);
                *confidence = confidence.min(line.confidence);
            })
            .or_insert_with(|| (text.clone().collect(), line.area, line.confidence));
    }
    rows.into_values().collect()
}

/// The columns, when a row is the heading of a contents list.
fn heading(cells: &Cells) -> Option<BTreeMap<u16, Column>> {
    let mut columns = BTreeMap::new();
    for (column, (text, ..)) in cells {
        let kind = HEADINGS
            .iter()
            .find(|(wording, _)| text.contains(wording))
            .map(|(_, kind)| *kind);
        if let Some(kind) = kind
            && !columns.values().any(|known| *known == kind)
        {
            columns.insert(*column, kind);
        }
    }
    let has = |kind| columns.values().any(|known| *known == kind);
    (has(Column::Title) && (has(Column::Page) || has(Column::PageCount))).then_some(columns)
}

fn entry(cells: &Cells, columns: &BTreeMap<u16, Column>, page: u32) -> Option<ContentsEntry> {
    let of = |kind: Column| {
        let column = columns.iter().find(|(_, known)| **known == kind)?.0;
        cells
            .get(column)
            .map(|(text, ..)| text.as_str())
            .filter(|text| !text.is_empty())
    };
    let title = of(Column::Title)?.to_owned();
    let (first_page, last_page) = of(Column::Page).map_or((None, None), page_numbers);
    let filled = || cells.values().filter(|(text, ..)| !text.is_empty());
    let area = filled().map(|(_, area, _)| *area).reduce(PixelBox::union)?;
    Some(ContentsEntry {
        title,
        document_number: of(Column::DocumentNumber).map(str::to_owned),
        responsible: of(Column::Responsible).map(str::to_owned),
        date: of(Column::Date).and_then(date),
        first_page,
        last_page,
        page_count: of(Column::PageCount).and_then(|text| page_numbers(text).0),
        place: (page, area),
        confidence: filled().map(|(_, _, confidence)| *confidence).fold(1.0, f32::min),
    })
}

/// `12`, `80-86`, `第3页`, `3至5`: the first one or two numbers, when they are page numbers that do not go back.
fn page_numbers(text: &str) -> (Option<u32>, Option<u32>) {
    let mut numbers: Vec<Option<u32>> = Vec::new();
    let mut in_number = false;
    for c in text.chars() {
        let digit = decimal_digit(c);
        match (digit, in_number) {
            (Some(digit), true) => {
                let last = numbers.last_mut().and_then(Option::take);
                let longer = last.and_then(|n: u32| n.checked_mul(10)?.checked_add(digit));
                if let Some(number) = numbers.last_mut() {
                    *number = longer.filter(|n| *n <= PAGE_MOST);
                }
            }
            (Some(digit), false) => numbers.push(Some(digit)),
            (None, _) => {}
        }
        in_number = digit.is_some();
    }
    match numbers.as_slice() {
        [Some(first)] if *first > 0 => (Some(*first), None),
        [Some(first), Some(last)] if *first > 0 && first <= last => (Some(*first), Some(*last)),
        _ => (None, None),
    }
}

/// `20240119`, or any form that dates are written in.
fn date(text: &str) -> Option<CivilDate> {
    let digits: Vec<u32> = text.chars().map_while(decimal_digit).collect();
    if digits.len() == 8 && text.chars().count() == 8 {
        let number = |range: std::ops::Range<usize>| digits[range].iter().fold(0, |n, digit| n * 10 + digit);
        return CivilDate::new(number(0..4), number(4..6), number(6..8));
    }
    CivilDate::parse(text)
}

/// `本卷共86页`.
fn total(page: &PageRecord) -> Option<u32> {
    page.text.lines.iter().find_map(|line| {
        let text: String = line.text.chars().filter(|c| !c.is_whitespace()).collect();
        let (_, after) = text.split_once("卷共").or_else(|| text.split_once("合计"))?;
        let (number, _) = after.split_once('页')?;
        page_numbers(number).0
    })
}

#[cfg(test)]
mod tests {
    use juanzong::record::{PageText, TextLine, TextSource};

    use super::*;

    fn page(number: u32, rows: &[&[&str]], below: &str) -> PageRecord {
        let mut lines = Vec::new();
        for (row, cells) in (0_u16..).zip(rows) {
            for (column, cell) in (0_u16..).zip(*cells) {
                for (at, text) in (0_u32..).zip(cell.split('|').filter(|text| !text.is_empty())) {
                    let (x, y) = (u32::from(column) * 100, u32::from(row) * 60 + at * 25);
                    lines.push(TextLine {
                        text: text.to_owned(),
                        area: PixelBox::from([x, y, x + 90, y + 20]),
                        role: LineRole::Cell { table: 0, row, column },
                        ..TextLine::default()
                    });
                }
            }
        }
        lines.push(TextLine {
            text: below.to_owned(),
            ..TextLine::default()
        });
        PageRecord {
            number,
            width: 800,
            height: 1000,
            dpi: None,
            rotation: 0,
            skew: 0.0,
            confidence: None,
            source: TextSource::Ocr,
            engine: "test".into(),
            text: PageText {
                lines,
                ..PageText::default()
            },
            failure: None,
        }
    }

    const HEADING: &[&str] = &["序号", "文 号", "责任者", "题名", "日期", "页号", "备注"];

    #[test]
    fn a_list_over_two_pages_is_read_with_wrapped_cells() {
        let first = page(
            1,
            &[
                HEADING,
                &[
                    "1",
                    "澄林许|〔2016〕631|号",
                    "澄城县林业|局",
                    "关于准予林木采伐许可的决定",
                    "20160511",
                    "1",
                    "",
                ],
                &["2", "", "乔山", "行政许可|申请表", "2016年4月25日", "12", "复印件"],
            ],
            "",
        );
        let second = page(
            2,
            &[
                &["3", "", "许可科", "送达回证", "20160532", "80-86", ""],
                &["", "", "", "", "", "", ""],
            ],
            "本卷共 86 页，立卷人：乔光",
        );
        let list = ContentsList::read(&[first, second]);
        assert_eq!(list.total, Some(86));
        assert!(list.is_ascending());
        let titles: Vec<&str> = list.entries.iter().map(|entry| entry.title.as_str()).collect();
        assert_eq!(titles, ["关于准予林木采伐许可的决定", "行政许可申请表", "送达回证"]);
        let counts: Vec<Option<u32>> = list.entries.iter().map(|entry| entry.page_count).collect();
        assert_eq!(counts, [Some(11), Some(68), Some(7)]);
        assert_eq!(list.entries[0].document_number.as_deref(), Some("澄林许〔2016〕631号"));
        assert_eq!(list.entries[1].date, CivilDate::new(2016, 4, 25));
        assert_eq!(list.entries[2].date, None, "there is no 32nd of May");
        assert_eq!(list.entries[2].place.0, 2);
    }

    #[test]
    fn numbers_of_pages_need_no_page_numbers() {
        let rows: &[&[&str]] = &[
            &["序号", "材料名称", "页数"],
            &["1", "申请书", "3"],
            &["2", "身份证明", "共2页"],
        ];
        let list = ContentsList::read(&[page(1, rows, "")]);
        let counts: Vec<Option<u32>> = list.entries.iter().map(|entry| entry.page_count).collect();
        assert_eq!(counts, [Some(3), Some(2)]);
        assert!(list.entries.iter().all(|entry| entry.first_page.is_none()));
    }

    #[test]
    fn other_tables_are_no_contents_list() {
        let rows: &[&[&str]] = &[
            &["申请人", "丰源餐饮", "电话", "0350-1234567"],
            &["住所", "新建路", "邮编", "034400"],
        ];
        assert_eq!(ContentsList::read(&[page(1, rows, "")]), ContentsList::default());
        assert_eq!(ContentsList::read(&[]), ContentsList::default());
    }

    #[test]
    fn a_list_that_goes_back_counts_nothing_by_the_next_entry() {
        let rows: &[&[&str]] = &[
            HEADING,
            &["1", "", "", "甲", "", "9", ""],
            &["2", "", "", "乙", "", "3", ""],
        ];
        let list = ContentsList::read(&[page(1, rows, "")]);
        assert!(!list.is_ascending());
        assert_eq!(list.entries[0].page_count, None);
    }

    #[test]
    fn page_numbers_in_their_forms() {
        for (text, numbers) in [
            ("12", (Some(12), None)),
            ("80-86", (Some(80), Some(86))),
            ("３至５", (Some(3), Some(5))),
            ("第7页", (Some(7), None)),
            ("9-3", (None, None)),
            ("0", (None, None)),
            ("1-2-3", (None, None)),
            ("99999999999", (None, None)),
            ("", (None, None)),
        ] {
            assert_eq!(page_numbers(text), numbers, "{text}");
        }
    }
}
