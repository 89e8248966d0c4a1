//! Holidays and time limits.

use super::*;
use crate::record::CivilDate;

fn holidays(text: &str) -> Result<Holidays, String> {
    Holidays::parse(text).map_err(|error| error.to_string())
}

fn date(text: &str) -> CivilDate {
    CivilDate::parse(text).unwrap()
}

#[test]
fn every_fault_of_the_holidays_is_named() {
    for (text, message) in [
        (
            "2019-1-1\t法定\t元旦\n",
            "holidays.tsv:1: `2019-1-1` in column `date` is not a day written `YYYY-MM-DD`",
        ),
        (
            "2019-02-30\t法定\t元旦\n",
            "holidays.tsv:1: `2019-02-30` in column `date` is not a day written `YYYY-MM-DD`",
        ),
        (
            "2019-01-01\t休息\t元旦\n",
            "holidays.tsv:1: `休息` in column `kind` is not one of 法定 放假 上班",
        ),
        (
            "2019-02-02\t放假\t春节\n",
            "holidays.tsv:1: `放假` in column `kind` is not what a weekend can be: it is free without a row",
        ),
        (
            "2019-02-04\t上班\t春节\n",
            "holidays.tsv:1: `上班` in column `kind` is not what Monday to Friday can be: they are worked without a row",
        ),
        (
            "2019-01-01\t法定\t元旦\n2019-01-01\t放假\t元旦\n",
            "holidays.tsv:2: `2019-01-01` is already on line 1",
        ),
        (
            "2019-01-01\t法定\t元旦\n2021-01-01\t法定\t元旦\n",
            "holidays.tsv:2: `2021-01-01` in column `date` is not in the year after another one of the table: a year is left out",
        ),
    ] {
        assert_eq!(holidays(text).unwrap_err(), message);
    }
}

#[test]
fn a_year_is_known_when_its_first_day_is_named() {
    let none = holidays("2019-05-01\t法定\t劳动节\n").unwrap();
    assert_eq!(none.years(), None);
    let two = holidays("2020-01-01\t法定\t元旦\n2018-12-31\t放假\t元旦\n2019-01-01\t法定\t元旦\n").unwrap();
    assert_eq!(two.years(), Some(2019..=2020));
    assert!(
        !two.is_worked(date("2019-01-01")) && two.is_worked(date("2019-01-02")) && !two.is_worked(date("2019-01-05"))
    );
}

#[test]
fn an_archive_adds_a_year_and_days_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let own = "2027-01-01\t法定\t元旦\n2020-02-03\t放假\t春节\n!2019-02-02\n";
    std::fs::write(folder.path().join("holidays.tsv"), own).unwrap();
    let edited = Dictionaries::extended(folder.path()).unwrap();
    let built_in = builtin();
    assert_eq!(edited.holidays.years(), Some(2008..=2027));
    assert!(built_in.holidays.is_worked(date("2020-02-03")) && !edited.holidays.is_worked(date("2020-02-03")));
    assert!(built_in.holidays.is_worked(date("2019-02-02")) && !edited.holidays.is_worked(date("2019-02-02")));
    assert_eq!(
        edited.index_files(),
        built_in.index_files(),
        "no index has to be made anew"
    );
    assert_ne!(edited.checksums(), built_in.checksums());
}

#[test]
fn time_limits_name_their_faults() {
    let matters = builtin().matters;
    let parse = |text: &str| TimeLimits::parse(text, &matters).map_err(|error| error.to_string());
    let good = "食品经营许可\t灵丘县行政审批局\t2019-01-01\t一般\t-\t-\t8\n-\t-\t-\t联合\t30\t10\t-\n";
    let limits = parse(good).unwrap();
    let rows: Vec<&TimeLimitRow> = limits.iter().collect();
    assert_eq!(
        (rows[0].promised, rows[0].joint, rows[0].statutory),
        (Some(8), false, None)
    );
    assert_eq!(
        (rows[1].matter.as_deref(), rows[1].joint, rows[1].statutory),
        (None, true, Some(30))
    );
    for (text, message) in [
        (
            "甲许可\t-\t-\t一般\t-\t-\t8\n",
            "time_limits.tsv:1: `甲许可` in column `matter` is not a name of `matters.tsv`",
        ),
        (
            "食品经营许可\t-\t-\t单独\t-\t-\t8\n",
            "time_limits.tsv:1: `单独` in column `handling` is not `一般` or `联合`",
        ),
        (
            "食品经营许可\t-\t-\t一般\t-\t-\t八\n",
            "time_limits.tsv:1: `八` in column `promised` is not a number of working days up to 3000",
        ),
        (
            "食品经营许可\t-\t2019\t一般\t-\t-\t8\n",
            "time_limits.tsv:1: `2019` in column `from` is not a day written `YYYY-MM-DD`",
        ),
        (
            "-\t-\t-\t一般\t-\t-\t8\n-\t-\t-\t联合\t-\t-\t8\n",
            "time_limits.tsv:2: `- - -` is already on line 1",
        ),
    ] {
        assert_eq!(parse(text).unwrap_err(), message);
    }
}
