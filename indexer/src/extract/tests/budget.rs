//! Texts that were made to take long.

use super::papers::{facts_of, page};

/// A long paper of one piece again and again is read in one go: work that grew with the square of the text would take minutes
/// here, and every rule would be seen to hang.
#[test]
fn no_text_takes_longer_than_its_length() {
    const CHARACTERS: usize = 60_000;
    for part in [
        "法定代表人（",
        "法定代表人或负责人：王",
        "《《《《",
        "《某某法》第",
        "2019年",
        "二〇一九年五月\n",
        "2019年月28\n",
        "许可证（1234567",
        "地址：山西省灵丘县路1号（",
        "申请人：\n",
        "1402241980010112",
        "灵丘县市场监督管理局",
        "〔2019〕",
        "（（（（",
        "1000万元",
    ] {
        // Characters of a line beyond 2,000 are not read.
        let line = part.repeat(1_500 / part.chars().count()) + "\n";
        let text = format!("行政许可决定书\n{}", line.repeat(CHARACTERS / 1_500));
        let facts = facts_of(&[page(&text)]);
        assert!(facts.len() < 1_000, "{} facts of `{part}`", facts.len());
    }
}
