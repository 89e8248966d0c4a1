use juanzong::record::PixelBox;
use proptest::prelude::*;

use super::super::ContentsEntry;
use super::*;

fn start(kind: DocumentKind, confidence: f32) -> Option<Start> {
    Some(Start {
        kind,
        confidence,
        title: kind.label_zh().to_owned(),
        area: None,
    })
}

fn entry(title: &str, first_page: Option<u32>) -> ContentsEntry {
    ContentsEntry {
        title: title.to_owned(),
        document_number: None,
        responsible: None,
        date: None,
        first_page,
        last_page: None,
        page_count: None,
        place: (1, PixelBox::default()),
        confidence: 1.0,
    }
}

fn list_of(entries: &[(&str, u32)]) -> ContentsList {
    ContentsList {
        entries: entries.iter().map(|(title, page)| entry(title, Some(*page))).collect(),
        total: None,
    }
}

fn list(pages: &[u32]) -> ContentsList {
    ContentsList {
        entries: pages
            .iter()
            .map(|page| entry(&format!("材料{page}"), Some(*page)))
            .collect(),
        total: None,
    }
}

fn ranges(volume: &Volume) -> Vec<Range<usize>> {
    match volume {
        Volume::Bound(parts) => parts.iter().map(|part| part.pages.clone()).collect(),
        _ => Vec::new(),
    }
}

fn titles(volume: &Volume) -> Vec<&str> {
    match volume {
        Volume::Bound(parts) => parts.iter().map(|part| part.title.as_deref().unwrap_or("-")).collect(),
        _ => Vec::new(),
    }
}

use DocumentKind::{AcceptanceNotice, Application, Contents, Decision, Other, ServiceReceipt};

#[test]
fn sure_titles_of_three_kinds_divide() {
    let starts = [
        start(Application, 0.98),
        None,
        start(AcceptanceNotice, 0.97),
        start(Decision, 0.99),
        None,
    ];
    let volume = divide(&starts, &ContentsList::default());
    assert_eq!(ranges(&volume), [0..2, 2..3, 3..5]);
    assert_eq!(titles(&volume)[1], "受理通知书");
}

#[test]
fn a_cover_stands_before_the_first_document() {
    let starts = [
        None,
        start(Application, 0.98),
        start(AcceptanceNotice, 0.97),
        start(Decision, 0.99),
    ];
    assert_eq!(
        ranges(&divide(&starts, &ContentsList::default())),
        [0..1, 1..2, 2..3, 3..4]
    );
}

#[test]
fn a_form_whose_head_is_repeated_is_one_document() {
    let starts = vec![start(Application, 0.98); 6];
    assert_eq!(divide(&starts, &ContentsList::default()), Volume::Single);
}

#[test]
fn two_kinds_are_a_suspicion() {
    let starts = [start(Application, 0.98), None, None, start(Decision, 0.95)];
    assert_eq!(divide(&starts, &ContentsList::default()), Volume::Suspected(vec![0, 3]));
    let unsure = [start(Application, 0.98), None, None, start(Decision, 0.6)];
    assert_eq!(divide(&unsure, &ContentsList::default()), Volume::Single);
    assert_eq!(divide(&starts[..3], &ContentsList::default()), Volume::Single);
    assert_eq!(divide(&[], &ContentsList::default()), Volume::Single);
}

#[test]
fn papers_of_no_known_kind_are_no_evidence_but_begin_documents_of_a_volume() {
    let starts = [start(Application, 0.98), start(Other, 0.98), None, start(Other, 0.98)];
    assert_eq!(divide(&starts, &ContentsList::default()), Volume::Single);
    let volume = [
        start(Application, 0.98),
        start(Other, 0.98),
        start(AcceptanceNotice, 0.98),
        start(Decision, 0.98),
    ];
    assert_eq!(ranges(&divide(&volume, &ContentsList::default())).len(), 4);
}

#[test]
fn the_contents_list_divides_where_likely_titles_bear_it_out() {
    // A cover, the list, then pages 1 to 6.
    let starts = [
        None,
        start(Contents, 0.98),
        start(Application, 0.6),
        None,
        start(Decision, 0.7),
        None,
        None,
        start(ServiceReceipt, 0.3),
    ];
    let mut contents = list(&[1, 3, 6]);
    for entry in &mut contents.entries {
        entry.place.0 = 2;
    }
    let volume = divide(&starts, &contents);
    assert_eq!(ranges(&volume), [0..1, 1..2, 2..4, 4..7, 7..8]);
    assert_eq!(titles(&volume), ["-", "卷内目录", "材料1", "材料3", "材料6"]);
    // The list of another volume is no evidence, but that there is one is suspicious.
    assert_eq!(divide(&starts, &list(&[1, 3, 60])), Volume::Suspected(vec![1]));
}

#[test]
fn one_misread_page_number_spoils_nothing() {
    let starts = [
        start(Contents, 0.98),
        start(Application, 0.95),
        None,
        start(AcceptanceNotice, 0.95),
        start(Decision, 0.95),
        None,
    ];
    let contents = list_of(&[("申请书", 1), ("受理通知书", 73), ("决定书", 4)]);
    let volume = divide(&starts, &contents);
    assert_eq!(ranges(&volume), [0..1, 1..3, 3..4, 4..6]);
    assert_eq!(titles(&volume)[2], "受理通知书");
}

#[test]
fn copies_without_a_title_are_divided_by_the_list() {
    let starts = [
        start(Contents, 0.98),
        start(Application, 0.95),
        None,
        None,
        None,
        start(Decision, 0.95),
    ];
    let contents = list_of(&[("申请书", 1), ("身份证复印件", 2), ("平面图", 3), ("决定书", 5)]);
    assert_eq!(ranges(&divide(&starts, &contents)), [0..1, 1..2, 2..3, 3..5, 5..6]);
}

#[test]
fn numbers_of_pages_add_up_to_page_numbers() {
    let starts = [
        start(Contents, 0.98),
        start(Application, 0.95),
        None,
        start(Decision, 0.95),
    ];
    let mut contents = list_of(&[("申请书", 1), ("决定书", 1)]);
    for (entry, pages) in contents.entries.iter_mut().zip([2, 1]) {
        (entry.first_page, entry.page_count) = (None, Some(pages));
    }
    assert_eq!(ranges(&divide(&starts, &contents)), [0..1, 1..3, 3..4]);
}

#[test]
fn what_was_added_behind_the_listed_documents_is_a_document() {
    let starts = [
        start(Contents, 0.98),
        start(Application, 0.95),
        start(Decision, 0.95),
        None,
        start(ServiceReceipt, 0.95),
    ];
    let mut contents = list_of(&[("申请书", 1), ("决定书", 2)]);
    contents.entries[1].page_count = Some(2);
    let volume = divide(&starts, &contents);
    assert_eq!(ranges(&volume), [0..1, 1..2, 2..4, 4..5]);
    let Volume::Bound(parts) = volume else {
        unreachable!("just looked at")
    };
    assert_eq!(parts[3].entries, Vec::<usize>::new());
}

#[test]
fn several_cases_are_never_divided() {
    let case = [start(Contents, 0.98), start(Application, 0.95), start(Decision, 0.95)];
    let two: Vec<Option<Start>> = case.iter().chain(&case).cloned().collect();
    assert_eq!(divide(&two, &list(&[1, 2])), Volume::SeveralCases(vec![3]));
    // Without lists: a second application that a second decision follows.
    let bare = [
        start(Application, 0.95),
        start(AcceptanceNotice, 0.95),
        start(Decision, 0.95),
        start(Application, 0.95),
        start(Decision, 0.95),
    ];
    assert_eq!(divide(&bare, &ContentsList::default()), Volume::SeveralCases(vec![3]));
    // A list over two pages with its title on both is one list.
    let long = [
        start(Contents, 0.98),
        start(Contents, 0.98),
        start(Application, 0.95),
        start(Decision, 0.95),
    ];
    assert_eq!(
        ranges(&divide(&long, &list_of(&[("申请书", 1), ("决定书", 2)]))).len(),
        3
    );
}

#[test]
fn a_list_alone_in_its_file_is_one_document() {
    assert_eq!(divide(&[start(Contents, 0.98)], &list(&[1, 3])), Volume::Single);
    assert_eq!(
        divide(&[start(Contents, 0.98), None], &list(&[1, 3])),
        Volume::Suspected(vec![0])
    );
}

#[test]
fn a_titled_list_that_cannot_be_read_is_noticed() {
    let volume = [start(Contents, 0.98), start(Application, 0.95), None, None];
    let unread = ContentsList::default();
    assert_eq!(divide(&volume, &unread), Volume::Suspected(vec![0, 1]));
    // Behind it nothing but copies.
    let copies = [None, start(Contents, 0.98), None, None, None];
    assert_eq!(divide(&copies, &unread), Volume::Suspected(vec![1]));
    // One entry is no list.
    let mut one = list(&[1]);
    one.entries[0].place.0 = 2;
    assert_eq!(divide(&copies, &one), Volume::Suspected(vec![1]));
    // Sure titles divide all the same; that there is a list which says nothing is told beside.
    let titled = [
        start(Contents, 0.98),
        start(Application, 0.95),
        start(AcceptanceNotice, 0.95),
        start(Decision, 0.95),
        None,
    ];
    assert_eq!(ranges(&divide(&titled, &unread)), [0..1, 1..2, 2..3, 3..5]);
    assert_eq!(unread_list(&titled, &unread), Some(0));
    assert_eq!(unread_list(&titled, &list(&[1, 2, 3])), None);
    // Alone in its file, or with a title that is doubtful, it is nothing to look at.
    assert_eq!(divide(&[start(Contents, 0.98)], &unread), Volume::Single);
    assert_eq!(divide(&[start(Contents, 0.5), None], &unread), Volume::Single);
}

proptest! {
    #[test]
    fn parts_cover_every_page_once(
        marks in prop::collection::vec(prop::option::of((0_usize..DocumentKind::ALL.len(), 0.0_f32..1.0)), 0..40),
        pages in prop::collection::vec(prop::option::of(1_u32..60), 0..12),
    ) {
        let starts: Vec<Option<Start>> = marks
            .iter()
            .map(|mark| mark.and_then(|(kind, confidence)| start(DocumentKind::ALL[kind], confidence)))
            .collect();
        let entries = pages.iter().map(|page| entry("申请书", *page)).collect();
        let contents = ContentsList { entries, total: None };
        if let Volume::Bound(parts) = divide(&starts, &contents) {
            prop_assert!(parts.len() >= 2);
            prop_assert_eq!(parts[0].pages.start, 0);
            prop_assert_eq!(parts[parts.len() - 1].pages.end, starts.len());
            prop_assert!(parts.iter().all(|part| !part.pages.is_empty()));
            prop_assert!(parts.windows(2).all(|pair| pair[0].pages.end == pair[1].pages.start));
            let mut entries: Vec<usize> = parts.iter().flat_map(|part| part.entries.clone()).collect();
            let count = entries.len();
            entries.sort_unstable();
            entries.dedup();
            prop_assert_eq!(entries.len(), count, "an entry begins in one part");
        }
    }
}
