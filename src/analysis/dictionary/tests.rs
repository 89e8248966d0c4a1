mod holidays;

use super::tsv::{Keys, Table};
use super::*;
use crate::record::RegionCode;

fn builtin() -> Dictionaries {
    Dictionaries::builtin().unwrap()
}

fn code(digits: &str) -> RegionCode {
    RegionCode::parse(digits).unwrap()
}

#[test]
fn the_built_in_dictionaries_are_large_enough() {
    let dictionaries = builtin();
    assert!(dictionaries.words.len() >= 400);
    assert!(dictionaries.matters.len() >= 150);
    assert!(dictionaries.regions.len() >= 3_300);
    assert!(dictionaries.entries() >= 3_000);
    assert!(!dictionaries.variants.is_empty());
}

#[test]
fn every_fault_of_a_file_is_named_with_its_line() {
    let table: &[(&str, &str, &str)] = &[
        (
            "\u{FEFF}许可\t5\n",
            "words.tsv:1: byte order mark",
            "dictionary_byte_order_mark",
        ),
        (
            "许可\t5\r\n",
            "words.tsv:1: carriage return; lines end with LF alone",
            "dictionary_carriage_return",
        ),
        (
            "# 注\n\n许可\n",
            "words.tsv:3: 1 columns separated by tabs instead of 2",
            "dictionary_column_count",
        ),
        (
            "许可\t5\tn\n",
            "words.tsv:1: 3 columns separated by tabs instead of 2",
            "dictionary_column_count",
        ),
        (
            "许可 5\n",
            "words.tsv:1: 1 columns separated by tabs instead of 2",
            "dictionary_column_count",
        ),
        (
            "\t5\n",
            "words.tsv:1: column `term` is empty",
            "dictionary_empty_column",
        ),
        (
            "许可\t\n",
            "words.tsv:1: column `frequency` is empty",
            "dictionary_empty_column",
        ),
        (
            "许可 \t5\n",
            "words.tsv:1: column `term` begins or ends with a space",
            "dictionary_surrounding_space",
        ),
        (
            "许\u{200B}可\t5\n",
            "words.tsv:1: control character U+200B",
            "dictionary_control_character",
        ),
        (
            "许可\t5\0\n",
            "words.tsv:1: control character U+0000",
            "dictionary_control_character",
        ),
        (
            "许可\t5\n决定\t6\n许可\t7\n",
            "words.tsv:3: `许可` is already on line 1",
            "dictionary_duplicate",
        ),
        (
            "许可\t0\n",
            "words.tsv:1: `0` in column `frequency` is not a whole number above 0",
            "dictionary_invalid_value",
        ),
        (
            "许可\t多\n",
            "words.tsv:1: `多` in column `frequency` is not a whole number above 0",
            "dictionary_invalid_value",
        ),
        (
            "GSP认证\t5\n",
            "words.tsv:1: `GSP认证` in column `term` is not two or more Han characters",
            "dictionary_invalid_value",
        ),
        (
            "许\t5\n",
            "words.tsv:1: `许` in column `term` is not two or more Han characters",
            "dictionary_invalid_value",
        ),
    ];
    for (text, message, error_code) in table {
        let error = Words::parse(*text).unwrap_err();
        assert_eq!(error.to_string(), *message);
        assert_eq!(error.code(), *error_code);
    }
    assert_eq!(
        Words::parse("# 注\n\n许可\t5\n").unwrap().iter().collect::<Vec<_>>(),
        [("许可", 5)]
    );
    assert!(Words::parse("").unwrap().is_empty());
}

#[test]
fn each_table_refuses_what_it_cannot_use() {
    let agencies = Agencies::parse("工商局\t-\tGS\t-\t2018\t-\n").unwrap();
    let message = |error: Error| error.to_string();
    for (error, expected) in [
        (
            Variants::parse("許\t许\n许\t訐\n").unwrap_err(),
            "variants.tsv:1: `许` in column `form` is not a final form (it is itself listed as a variant)",
        ),
        (
            Variants::parse("許可\t许\n").unwrap_err(),
            "variants.tsv:1: `許可` in column `variant` is not a single character",
        ),
        (
            Variants::parse("○\t。\n").unwrap_err(),
            "variants.tsv:1: `。` in column `form` is not a letter",
        ),
        (
            Regions::parse("14022\t灵丘县\t-\t-\n").unwrap_err(),
            "regions.tsv:1: `14022` in column `code` is not a region code of six digits",
        ),
        (
            Regions::parse("140224\t灵丘县\t-\t-\n").unwrap_err(),
            "regions.tsv:1: `140224` in column `code` is not inside a province that is listed",
        ),
        (
            Regions::parse("140000\t山西省\t2015\t2012\n").unwrap_err(),
            "regions.tsv:1: `2012` in column `to` is not a year after that in column `from`",
        ),
        (
            Regions::parse("140000\t山西省\t15\t-\n").unwrap_err(),
            "regions.tsv:1: `15` in column `from` is not a year from 1900 to 2199",
        ),
        (
            Agencies::parse("工商局\t工商行政管理局\t-\t-\t-\t-\n").unwrap_err(),
            "agencies.tsv:1: `工商行政管理局` in column `same_as` is not a name of `agencies.tsv`",
        ),
        (
            Agencies::parse("工商局\t-\t-\t-\t-\t~市场监管局\n").unwrap_err(),
            "agencies.tsv:1: `市场监管局` in column `successors` is not a name of `agencies.tsv`",
        ),
        (
            Agencies::parse("工商局\t-\t-\t-\t-\t工商局\n").unwrap_err(),
            "agencies.tsv:1: `工商局` in column `successors` is not another kind, on the line of a principal name",
        ),
        (
            Agencies::parse("工商局\t-\tgs\t-\t-\t-\n").unwrap_err(),
            "agencies.tsv:1: `gs` in column `code` is not capital letters, on the line of a principal name",
        ),
        (
            Matters::parse("企业登记\t登记\t税务局\t-\n", &agencies).unwrap_err(),
            "matters.tsv:1: `税务局` in column `agencies` is not a name of `agencies.tsv`",
        ),
        (
            Matters::parse("企业登记\t注册\t工商局\t-\n", &agencies).unwrap_err(),
            "matters.tsv:1: `注册` in column `category` is not one of 普通 特许 认可 核准 登记 其他",
        ),
        (
            Matters::parse("企业登记\t登记\t工商局\t开业||登记\n", &agencies).unwrap_err(),
            "matters.tsv:1: `开业||登记` in column `synonyms` is not a list of different values separated by `|`",
        ),
        (
            Synonyms::parse("驾校\t驾驶学校\n驾驶学校\t驾培\n").unwrap_err(),
            "synonyms.tsv:2: `驾驶学校` is already on line 1",
        ),
        (
            Synonyms::parse("驾校\t-\n").unwrap_err(),
            "synonyms.tsv:1: `-` in column `synonyms` is not at least one synonym",
        ),
        (
            Confusions::parse("O\t0\tboth\n").unwrap_err(),
            "confusions.tsv:1: `O` in column `printed` is not a letter in lower case",
        ),
        (
            Confusions::parse("（\t《\tboth\n").unwrap_err(),
            "confusions.tsv:1: `（` in column `printed` is not a letter in lower case",
        ),
        (
            Confusions::parse("日\t曰\tabbyy\n").unwrap_err(),
            "confusions.tsv:1: `abbyy` in column `evidence` is not `tesseract`, `ppocr`, `both` or `shape`",
        ),
    ] {
        assert_eq!(message(error), expected);
    }
}

#[test]
fn keys_name_the_first_line() {
    let table = Table {
        file: "x.tsv",
        columns: &["a"],
        key: 1,
        text: "甲\n\n甲\n".into(),
    };
    let rows = table.rows().unwrap();
    let mut keys = Keys::new();
    keys.add("甲", &rows[0]).unwrap();
    assert_eq!(
        keys.add("甲", &rows[1]).unwrap_err().to_string(),
        "x.tsv:3: `甲` is already on line 1"
    );
}

#[test]
fn an_archive_adds_overrides_and_removes_rows() {
    let folder = tempfile::tempdir().unwrap();
    let write = |text: &str| std::fs::write(folder.path().join("synonyms.tsv"), text).unwrap();
    assert_eq!(
        Dictionaries::extended(&folder.path().join("missing"))
            .unwrap()
            .entries(),
        builtin().entries()
    );
    write("# ours\n超市\t便民店\n灶房\t伙房\n!驾校\n");
    let edited = Dictionaries::extended(folder.path()).unwrap();
    assert_eq!(edited.synonyms.of("超市").collect::<Vec<_>>(), ["便民店"]);
    assert_eq!(
        edited.synonyms.of("便利店").count(),
        0,
        "the built-in row is overridden"
    );
    assert_eq!(edited.synonyms.of("伙房").collect::<Vec<_>>(), ["灶房"]);
    assert_eq!(edited.synonyms.of("驾校").count(), 0);
    assert_eq!(edited.synonyms.of("诊所").count(), 2);
    for (text, message) in [
        (
            "灶房\t执照\n",
            "synonyms.tsv:1: `执照` is already in built-in synonyms.tsv:6",
        ),
        ("灶房\n", "synonyms.tsv:1: 1 columns separated by tabs instead of 2"),
        (
            "!灶房\t伙房\n",
            "synonyms.tsv:1: 2 columns separated by tabs instead of 1",
        ),
    ] {
        write(text);
        let error = Dictionaries::extended(folder.path()).unwrap_err();
        assert_eq!(error.to_string(), message);
    }
    // What is built in names itself when an archive takes away what it refers to.
    write("");
    std::fs::write(folder.path().join("agencies.tsv"), "!盐务管理局\n").unwrap();
    let error = Dictionaries::extended(folder.path()).unwrap_err();
    assert!(error.to_string().starts_with("built-in matters.tsv:"), "{error}");
}

#[test]
fn only_what_makes_tokens_asks_for_a_new_index() {
    let builtin = builtin();
    for (file, row, needs) in [
        ("words.tsv", "综窗受理\t300\n", true),
        ("words.tsv", "# a comment\n", false),
        ("confusions.tsv", "甲\t由\tshape\n", true),
        ("synonyms.tsv", "灶房\t伙房\n", false),
        ("agencies.tsv", "盐业管理局\t-\t-\t-\t-\t-\n", false),
        ("matters.tsv", "甲许可\t普通\t-\t乙许可\n", false),
        ("holidays.tsv", "2020-02-03\t放假\t春节\n", false),
        ("time_limits.tsv", "食品经营许可\t-\t-\t一般\t-\t-\t8\n", false),
    ] {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(file), row).unwrap();
        let edited = Dictionaries::extended(folder.path()).unwrap();
        assert_eq!(edited.index_files() != builtin.index_files(), needs, "{row}");
    }
}

#[test]
fn what_an_index_was_built_with_can_be_kept() {
    let (own, kept) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    std::fs::write(own.path().join("words.tsv"), "综窗受理\t300\n!行政许可\n").unwrap();
    std::fs::write(own.path().join("synonyms.tsv"), "灶房\t伙房\n").unwrap();
    let edited = Dictionaries::extended(own.path()).unwrap();
    for (file, text) in edited.index_files() {
        std::fs::write(kept.path().join(file), text).unwrap();
    }
    let again = Dictionaries::load(kept.path()).unwrap();
    assert_eq!(again.index_files(), edited.index_files());
    assert_eq!(again.synonyms.of("灶房").count(), 0);
}

#[test]
fn a_folder_replaces_single_files() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("synonyms.tsv"), "驾校\t驾培\n").unwrap();
    std::fs::write(folder.path().join("notes.txt"), "\u{FEFF}ignored").unwrap();
    let edited = Dictionaries::load(folder.path()).unwrap();
    let builtin = builtin();
    assert_eq!(edited.synonyms.of("驾校").collect::<Vec<_>>(), ["驾培"]);
    assert_eq!(edited.words.len(), builtin.words.len());
    let differing: Vec<&str> = std::iter::zip(edited.checksums(), builtin.checksums())
        .filter(|(a, b)| a != b)
        .map(|(a, _)| a.0)
        .collect();
    assert_eq!(differing, ["synonyms.tsv"]);
}

#[test]
fn a_folder_that_cannot_be_used_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let missing = Dictionaries::load(&folder.path().join("missing")).unwrap_err();
    assert_eq!(missing.code(), "dictionary_unreadable");
    std::fs::write(folder.path().join("words.tsv"), b"# gbk\n\xd0\xed\xbf\xc9\t5\n").unwrap();
    let error = Dictionaries::load(folder.path()).unwrap_err();
    assert_eq!(error.to_string(), "words.tsv:2: not UTF-8");
    std::fs::remove_file(folder.path().join("words.tsv")).unwrap();
    std::fs::create_dir(folder.path().join("words.tsv")).unwrap();
    assert_eq!(
        Dictionaries::load(folder.path()).unwrap_err().code(),
        "dictionary_unreadable"
    );
}

#[test]
fn regions_by_code_and_name() {
    let regions = builtin().regions;
    assert_eq!(regions.name(&code("140224")), Some("灵丘县"));
    assert_eq!(
        regions.full_name(&code("140224")).as_deref(),
        Some("山西省大同市灵丘县")
    );
    assert_eq!(regions.full_name(&code("110101")).as_deref(), Some("北京市东城区"));
    assert_eq!(regions.full_name(&code("140000")).as_deref(), Some("山西省"));
    assert_eq!(regions.full_name(&code("149999")), None);
    for name in ["灵丘县", "大同市灵丘县", "山西省大同市灵丘县", "山西省灵丘县"] {
        assert_eq!(regions.find_by_name(name), [code("140224")], "{name}");
    }
    assert_eq!(regions.find_by_name("忻州市灵丘县"), []);
    assert_eq!(regions.find_by_name(""), []);
    assert!(regions.find_by_name("鼓楼区").len() > 3);
    assert_eq!(regions.find_by_name("南京市鼓楼区"), [code("320106")]);
}

#[test]
fn regions_keep_their_old_names() {
    let regions = builtin().regions;
    assert_eq!(regions.find_by_name("大同县"), [code("140227")], "merged into 云州区");
    assert_eq!(regions.name(&code("420600")), Some("襄阳市"));
    assert_eq!(regions.find_by_name("襄樊市"), [code("420600")], "renamed");
}

#[test]
fn an_agency_is_a_place_and_a_kind() {
    let agencies = builtin().agencies;
    let (place, agency) = agencies.split("灵丘县食品药品监督管理局").unwrap();
    assert_eq!(
        (place, agency.name.as_str(), agency.to),
        ("灵丘县", "食品药品监督管理局", Some(2018))
    );
    assert_eq!(agencies.kind_of("大同市卫健委").unwrap().kind, "卫生健康局");
    assert_eq!(
        agencies.kind_of("市场监督管理局").unwrap().code.as_deref(),
        Some("SCJG")
    );
    assert_eq!(
        agencies.kind_of("灵丘县地方税务局").unwrap().kind,
        "地方税务局",
        "the longest kind counts"
    );
    assert!(agencies.kind_of("灵丘县嘉禾餐饮管理有限责任公司").is_none());
    assert!(agencies.kind_of("").is_none());
}

#[test]
fn the_line_of_an_office_goes_both_ways_but_not_sideways() {
    let agencies = builtin().agencies;
    let line = |name: &str| -> Vec<(String, Relation)> {
        agencies
            .same_line(name)
            .into_iter()
            .map(|office| (office.name, office.relation))
            .collect()
    };
    let has = |name: &str, other: &str, relation: Relation| line(name).contains(&(other.to_owned(), relation));
    assert_eq!(
        line("灵丘县市场监督管理局")[0],
        ("灵丘县市场监督管理局".to_owned(), Relation::Same)
    );
    for before in [
        "灵丘县工商行政管理局",
        "灵丘县质量技术监督局",
        "灵丘县食品药品监督管理局",
        "灵丘县药品监督管理局",
    ] {
        assert!(has("灵丘县市场监督管理局", before, Relation::Predecessor), "{before}");
        assert!(has(before, "灵丘县市场监督管理局", Relation::Successor), "{before}");
    }
    let sideways = line("灵丘县工商行政管理局");
    assert!(
        !sideways.iter().any(|(name, _)| name.contains("食品药品")),
        "{sideways:?}"
    );
    assert!(has("灵丘县卫生局", "灵丘县卫生和计划生育委员会", Relation::Successor));
    assert!(has("灵丘县卫生局", "灵丘县卫生健康局", Relation::Successor));
    assert!(has("灵丘县卫生健康局", "灵丘县卫生健康委员会", Relation::Same));
    assert_eq!(line("灵丘县某某局"), []);
    let planning = agencies.same_line("灵丘县自然资源局");
    let partial = planning.iter().find(|office| office.name == "灵丘县规划局").unwrap();
    assert!(partial.partial && partial.to == Some(2018));
}

#[test]
fn matters_are_found_by_any_of_their_names() {
    let matters = builtin().matters;
    let names = |name: &str| -> Vec<String> { matters.find(name).into_iter().map(|m| m.name.clone()).collect() };
    assert_eq!(names("食品经营许可"), ["食品经营许可"]);
    assert_eq!(names("驾校许可"), ["机动车驾驶员培训许可"]);
    assert_eq!(names("没有的事项"), Vec::<String>::new());
    assert_eq!(matters.find("取水许可")[0].category, LicenceCategory::Franchise);
    for (category, name) in LicenceCategory::ALL {
        assert_eq!(category.name(), name);
        assert!(matters.iter().any(|matter| matter.category == category), "{name}");
    }
}

#[test]
fn synonyms_go_both_ways() {
    let synonyms = builtin().synonyms;
    assert!(synonyms.of("驾校").any(|term| term == "机动车驾驶员培训"));
    assert!(synonyms.of("机动车驾驶员培训").any(|term| term == "驾校"));
    assert!(!synonyms.of("驾校").any(|term| term == "驾校"));
    assert_eq!(synonyms.of("无此词").count(), 0);
}

#[test]
fn confusions_tell_measured_from_assumed() {
    let confusions = builtin().confusions;
    let read = |printed: char, read: char| confusions.read_as(printed).iter().find(|c| c.read == read).copied();
    assert!(read('莒', '车').unwrap().measured);
    assert!(!read('未', '末').unwrap().measured);
    assert_eq!(read('一', '乙'), None);
}

#[test]
fn variants_lead_to_one_form() {
    let variants = builtin().variants;
    for (variant, form) in [('許', '许'), ('證', '证'), ('〇', '零'), ('⻓', '长'), ('県', '县')] {
        assert_eq!(variants.form(variant), Some(form));
        assert_eq!(variants.form(form), None);
    }
}
