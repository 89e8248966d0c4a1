//! Lines with faults are named with their place; the others stand. All people, companies and numbers are invented.

use std::io::{BufReader, Cursor, Write as _};
use std::sync::OnceLock;

use juanzong::analysis::dictionary::Dictionaries;
use juanzong::record::{CivilDate, CreditCode, FieldName, IdNumber};

use super::lines::text_of;
use super::*;
use crate::manifest::FieldRules;

fn rules() -> Rules<'static> {
    static DICTIONARIES: OnceLock<Dictionaries> = OnceLock::new();
    Rules {
        fields: FieldRules {
            today: CivilDate::new(2026, 1, 1).unwrap(),
            dictionaries: DICTIONARIES.get_or_init(|| Dictionaries::builtin().unwrap()),
        },
    }
}

fn read_text(text: &str) -> Outcome {
    let line = Line {
        number: 7,
        bytes: text.as_bytes().to_vec(),
        too_long: false,
    };
    read(&line, &rules())
}

/// Codes, columns and keys of what was found.
fn found(text: &str) -> Vec<(&'static str, Option<usize>, Option<String>)> {
    let outcome = read_text(text);
    let refused = outcome.findings.iter().any(|f| f.code.refuses_line());
    assert_eq!(outcome.read.is_none(), refused, "{text}");
    assert!(outcome.findings.iter().all(|f| f.line == 7));
    outcome
        .findings
        .into_iter()
        .map(|f| (f.code.code(), f.column, f.key))
        .collect()
}

#[test]
fn each_fault_is_named_with_its_place() {
    let table: &[(&str, &str, Option<&str>, Option<&str>)] = &[
        (r#"[{"archival_code":"A-1"}]"#, "line_not_object", None, None),
        ("archival_code,title", "line_not_object", None, None),
        (r#"{"archival_code":"A-1""#, "json_cut_off", Some(""), None),
        (r#"{"archival_code":"A-1",}"#, "json_syntax", Some(""), None),
        (r#"{"archival_code":"A-1"} {}"#, "json_syntax", Some(""), None),
        (
            r#"{"archival_code":"A-1","title":5}"#,
            "wrong_type",
            Some("5"),
            Some("title"),
        ),
        (
            r#"{"archival_code":"A-1","applicant":"甲"}"#,
            "wrong_type",
            Some("\"甲\""),
            Some("applicant"),
        ),
        (
            r#"{"archival_code":"A-1","applicant":{"id_number":140224199001011234}}"#,
            "wrong_type",
            Some("140224199001011234"),
            Some("applicant.id_number"),
        ),
        (
            r#"{"archival_code":"A-1","documents":[{},{"pages":["甲",{"width":"5"}]}]}"#,
            "wrong_type",
            Some("\"5\""),
            Some("documents[1].pages[1].width"),
        ),
        (
            r#"{"archival_code":"A-1","title":"甲","title":"乙"}"#,
            "key_repeated",
            Some(""),
            Some("title"),
        ),
        (
            r#"{"archival_code":"A-1","documents":[{"file":{}}]}"#,
            "key_missing",
            Some(""),
            Some("documents[0].file.sha256"),
        ),
        (
            r#"{"title":"甲"}"#,
            "archival_code_missing",
            None,
            Some("archival_code"),
        ),
        (
            r#"{"archival_code":"—·—"}"#,
            "archival_code_invalid",
            None,
            Some("archival_code"),
        ),
        (
            r#"{"archival_code":"A-1","decided_on":"2019-02-30"}"#,
            "date_impossible",
            None,
            Some("decided_on"),
        ),
        (
            r#"{"archival_code":"A-1","decided_on":"2027-02-03"}"#,
            "date_in_future",
            None,
            Some("decided_on"),
        ),
        (
            r#"{"archival_code":"A-1","outcome":"也许"}"#,
            "outcome_unknown",
            None,
            Some("outcome"),
        ),
        (
            r#"{"archival_code":"A-1","security_class":"绝密"}"#,
            "top_secret",
            None,
            Some("security_class"),
        ),
        (
            r#"{"archival_code":"A-1","applicant":{"id_number":"140224199001011235"}}"#,
            "id_number_check",
            None,
            Some("applicant.id_number"),
        ),
        (
            r#"{"archival_code":"A-1","applied_on":"2019-05-07","decided_on":"2019-05-06"}"#,
            "decided_before_applied",
            None,
            Some("decided_on"),
        ),
        (
            r#"{"archival_code":"A-1","title":"甲\u0007"}"#,
            "control_character",
            None,
            Some("title"),
        ),
        (
            r#"{"archival_code":"A-1","documents":[{},{"kind":"信"}]}"#,
            "document_kind_unknown",
            None,
            Some("documents[1].kind"),
        ),
        (
            r#"{"archival_code":"A-1","documents":[{"pages":["甲",{"number":1}]}]}"#,
            "page_number_invalid",
            None,
            Some("documents[0].pages[1].number"),
        ),
        (
            r#"{"archival_code":"A-1","documents":[{"file":{"sha256":"../../x"}}]}"#,
            "file_hash_invalid",
            None,
            Some("documents[0].file.sha256"),
        ),
        (
            r#"{"archival_code":"A-1","facts":[{"field":"title","value":"甲","source":"correction","origin":"x"}]}"#,
            "fact_invalid",
            None,
            Some("facts[0]"),
        ),
        (
            r#"{"archival_code":"A-1","corrections":[{"number":2,"field":"title","value":"甲","author":"x","made_at":"y"}]}"#,
            "correction_invalid",
            None,
            Some("corrections[0]"),
        ),
    ];
    for (line, code, before, key) in table {
        let found = found(line);
        let [(found_code, column, found_key)] = found.as_slice() else {
            panic!("{line}: {found:?}");
        };
        assert_eq!((*found_code, found_key.as_deref()), (*code, *key), "{line}");
        assert_eq!(column.is_some(), before.is_some(), "{line}");
        if let Some((column, before)) = column.zip(*before) {
            let text = line.get(..column).unwrap_or(line);
            assert!(text.ends_with(before), "{line}: {column}");
        }
    }
}

#[test]
fn what_contradicts_is_kept_and_told() {
    for (line, code, field, value) in [
        (
            r#"{"archival_code":"A-1","applicant":{"id_number":"140224199001011235"}}"#,
            "id_number_check",
            FieldName::ApplicantIdNumber,
            "140224199001011235",
        ),
        (
            r#"{"archival_code":"A-1","applicant":{"id_number":"91140224MA0000000X"}}"#,
            "credit_code_check",
            FieldName::ApplicantIdNumber,
            "91140224MA0000000X",
        ),
        (
            r#"{"archival_code":"A-1","applied_on":"2019-05-07","decided_on":"2019-05-06"}"#,
            "decided_before_applied",
            FieldName::DecidedOn,
            "2019-05-06",
        ),
        (
            r#"{"archival_code":"A-1","accepted_on":"2019-05-07","decided_on":"2019-05-06"}"#,
            "decided_before_accepted",
            FieldName::DecidedOn,
            "2019-05-06",
        ),
        (
            r#"{"archival_code":"A-1","decided_on":"2019-05-07","served_on":"2019-05-06"}"#,
            "served_before_decided",
            FieldName::ServedOn,
            "2019-05-06",
        ),
        (
            r#"{"archival_code":"A-1","valid_from":"2019-05-07","valid_until":"2019-05-06"}"#,
            "valid_until_before_valid_from",
            FieldName::ValidUntil,
            "2019-05-06",
        ),
    ] {
        let outcome = read_text(line);
        let codes: Vec<&str> = outcome.findings.iter().map(|finding| finding.code.code()).collect();
        assert_eq!(codes, [code], "{line}");
        let read = outcome.read.unwrap();
        assert_eq!(read.case.fields.get(field).as_deref(), Some(value), "{line}");
    }
    // A wrong identity number that passes the check of credit codes.
    let numbers = (0..10_000).map(|serial| format!("53062719850607{serial:04}"));
    let passing = |number: &String| IdNumber::parse(number).is_none() && CreditCode::parse(number).is_some();
    let number = numbers.into_iter().find(passing).unwrap();
    let line = format!(r#"{{"archival_code":"A-1","applicant":{{"kind":"person","id_number":"{number}"}}}}"#);
    assert_eq!(
        found(&line).iter().map(|(code, ..)| *code).collect::<Vec<_>>(),
        ["id_number_check"]
    );
    // What is no number of 18 characters any more, and dates that there are not, are refused still.
    for line in [
        r#"{"archival_code":"A-1","applicant":{"id_number":"1402241990010112"}}"#,
        r#"{"archival_code":"A-1","decided_on":"2019-02-30"}"#,
    ] {
        assert!(read_text(line).read.is_none(), "{line}");
    }
}

#[test]
fn what_nobody_knows_is_noted_once_for_a_line() {
    let line = r#"{"archival_code":"A-1","操作员":"甲","documents":[{"pages":[],"color":1},{"color":2}]}"#;
    let keys: Vec<Option<String>> = found(line).into_iter().map(|(_, _, key)| key).collect();
    assert_eq!(keys, [Some("documents.color".to_owned()), Some("操作员".to_owned())]);
}

#[test]
fn a_masked_number_is_no_number() {
    let outcome = read_text(
        r#"{"archival_code":"A-1","applicant":{"name":"赵小满","id_number":"1402**********1234"},"phone":["138****1234","13800001234"]}"#,
    );
    let codes: Vec<_> = outcome
        .findings
        .iter()
        .map(|f| (f.code.code(), f.key.as_deref()))
        .collect();
    assert_eq!(
        codes,
        [
            ("value_masked", Some("applicant.id_number")),
            ("value_masked", Some("phone"))
        ]
    );
    let read = outcome.read.unwrap();
    let fields: Vec<_> = read.case.facts.iter().map(|f| f.field).collect();
    assert_eq!(fields, [FieldName::ApplicantName, FieldName::Phone]);
    assert_eq!(read.masked.len(), 2);
}

#[test]
fn values_are_brought_into_their_form() {
    let outcome = read_text(
        r#"{"archival_code":" a-1 ","decided_on":"二〇一九年五月七日","outcome":"准予","region":null,"title":"  ","valid_until":"长期","document_number":"灵食许(2019)444号"}"#,
    );
    let read = outcome.read.unwrap();
    assert_eq!(read.case.archival_code.as_str(), "A-1");
    let values: Vec<_> = read.case.facts.iter().map(|f| f.value.as_str()).collect();
    assert_eq!(values, ["灵食许〔2019〕444号", "granted", "2019-05-07"]);
    assert_eq!(read.case.facts[2].as_read.as_deref(), Some("二〇一九年五月七日"));
}

/// The lines of a file.
fn lines_of(bytes: Vec<u8>, most: usize) -> Vec<Line> {
    let text = text_of(Box::new(Cursor::new(bytes))).unwrap();
    let mut reader = LineReader::new(text, most);
    std::iter::from_fn(|| reader.next_line().unwrap()).collect()
}

fn texts_of(bytes: Vec<u8>) -> Vec<(u64, String)> {
    let lines = lines_of(bytes, MOST_LINE).into_iter();
    lines
        .map(|line| (line.number, String::from_utf8(line.bytes).unwrap()))
        .collect()
}

#[test]
fn lines_come_from_every_coding_and_compression() {
    let text = "{\"title\":\"灵丘县食品经营许可\"}\r\n\n  \n{\"title\":\"贰\"}";
    let expected = [
        (1, "{\"title\":\"灵丘县食品经营许可\"}".to_owned()),
        (4, "{\"title\":\"贰\"}".to_owned()),
    ];
    let utf16 = |little: bool| -> Vec<u8> {
        let unit = |u: u16| if little { u.to_le_bytes() } else { u.to_be_bytes() };
        std::iter::once(0xfeff)
            .chain(text.encode_utf16())
            .flat_map(unit)
            .collect()
    };
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(text.as_bytes()).unwrap();
    let gb18030 = encoding_rs::GB18030.encode(text).0.into_owned();
    let files = [
        text.as_bytes().to_vec(),
        [b"\xef\xbb\xbf", text.as_bytes()].concat(),
        utf16(true),
        utf16(false),
        gb18030.clone(),
        gzip.finish().unwrap(),
        zstd::stream::encode_all(text.as_bytes(), 1).unwrap(),
        zstd::stream::encode_all(gb18030.as_slice(), 1).unwrap(),
    ];
    for (at, bytes) in files.into_iter().enumerate() {
        assert_eq!(texts_of(bytes), expected, "{at}");
    }
    assert_eq!(texts_of(Vec::new()), []);
}

#[test]
fn a_long_text_in_another_coding_comes_whole() {
    // Longer than what is read at a time, so that characters are cut in two.
    let text: String = (0..200_000).map(|n| if n % 61 == 0 { '\n' } else { '审' }).collect();
    let bytes = encoding_rs::GB18030.encode(&text).0.into_owned();
    let joined: Vec<String> = texts_of(bytes).into_iter().map(|(_, line)| line).collect();
    assert_eq!(joined.join("\n"), text.trim_matches('\n'));
}

#[test]
fn a_line_that_is_too_long_is_passed_over() {
    let long = "x".repeat(1_000);
    let lines = lines_of(format!("a\n{long}\nb\n{long}").into_bytes(), 100);
    let told: Vec<_> = lines
        .iter()
        .map(|line| (line.number, line.bytes.len(), line.too_long))
        .collect();
    assert_eq!(told, [(1, 1, false), (2, 0, true), (3, 1, false), (4, 0, true)]);
    assert_eq!(read(&lines[1], &rules()).findings[0].code.code(), "line_too_long");
    // Exactly as long as may be.
    let mut reader = LineReader::new(BufReader::new(Cursor::new("x".repeat(100) + "\ny")), 100);
    assert_eq!(reader.next_line().unwrap().unwrap().bytes.len(), 100);
}

#[test]
fn broken_bytes_are_named_with_their_column() {
    let mut bytes = r#"{"archival_code":"A-1","title":"灵丘县行政审批局"}"#.as_bytes().to_vec();
    let at = bytes.len() - 3;
    bytes[at] = 0xff;
    let line = Line {
        number: 1,
        bytes,
        too_long: false,
    };
    let finding = read(&line, &rules()).findings.remove(0);
    assert_eq!(finding.code.code(), "encoding_broken");
    assert!(finding.column.is_some_and(|column| column <= at + 1));
}

proptest::proptest! {
    /// Whatever stands in a line, reading it ends with a case or a fault, and findings hold nothing of its values.
    #[test]
    fn no_line_ends_the_import(text in proptest::prop_oneof![
        "\\PC{0,80}",
        "[\\[\\]{}\":,a-z0-9\\\\]{0,60}",
        r#"\{"archival_code":"[A-Z0-9]{1,5}","(title|facts|documents|corrections|applicant)":[\[{"0-9a-z:,}\]]{0,30}\}"#,
    ]) {
        let outcome = read_text(&text);
        let refused = outcome.findings.iter().any(|f| f.code.refuses_line());
        proptest::prop_assert_eq!(outcome.read.is_none(), refused);
    }
}
