//! Pages that look alike, among hundreds of thousands.
//!
//! Pictures are cut into 16 bands of 16 bits; two that differ in few bits have bands in common, so only pictures with a common
//! band are compared. A band that very many have in common (paper without print) tells nothing and is passed over.

use std::collections::{BTreeMap, HashMap};

use crate::catalogue::{Picture, PicturedPage};

/// Bits in which two scans of one sheet differ at most.
const MOST_BITS: u32 = 20;
/// Pages that may have a band in common.
const MOST_OF_A_BAND: usize = 100;
/// Bands of a picture.
const BANDS: usize = 16;

/// Two pages of different files that look alike: positions in the list, and the bits that differ.
pub(super) type Pair = (usize, usize, u32);

fn distance(a: &Picture, b: &Picture) -> u32 {
    a.iter().zip(b).map(|(a, b)| (a ^ b).count_ones()).sum()
}

/// Pairs of pages of different files and different cases that look alike, each once.
pub(super) fn alike(pages: &[PicturedPage]) -> Vec<Pair> {
    let mut pairs: BTreeMap<(usize, usize), u32> = BTreeMap::new();
    let mut bands: HashMap<[u8; 2], Vec<usize>> = HashMap::new();
    for band in 0..BANDS {
        bands.clear();
        for (at, page) in pages.iter().enumerate() {
            let value = [page.picture[2 * band], page.picture[2 * band + 1]];
            // Nothing gets lighter there.
            if value != [0, 0] {
                bands.entry(value).or_default().push(at);
            }
        }
        for of_band in bands.values().filter(|of_band| of_band.len() <= MOST_OF_A_BAND) {
            for (i, first) in of_band.iter().enumerate() {
                for second in of_band.iter().skip(i + 1) {
                    let (a, b) = (&pages[*first], &pages[*second]);
                    if a.case_key == b.case_key || a.content_id == b.content_id {
                        continue;
                    }
                    let bits = distance(&a.picture, &b.picture);
                    if bits <= MOST_BITS {
                        pairs.insert((*first, *second), bits);
                    }
                }
            }
        }
    }
    pairs.into_iter().map(|((a, b), bits)| (a, b, bits)).collect()
}

/// Letters of a text at least, to be compared.
const LEAST_LETTERS: usize = 30;
/// Digits of a text at least, to be compared by themselves.
const LEAST_DIGITS: usize = 8;
/// Bits in which pages without enough text may differ.
const BITS_WITHOUT_TEXT: u32 = 6;

/// Whether two pages that look alike say the same, too: forms look alike, but are filled in with other names and numbers.
pub(super) fn say_the_same(a: &str, b: &str, bits: u32) -> bool {
    let letters = |text: &str| -> Vec<char> { text.chars().filter(|c| c.is_alphanumeric()).collect() };
    let digits = |letters: &[char]| -> Vec<char> { letters.iter().copied().filter(char::is_ascii_digit).collect() };
    let (a, b) = (letters(a), letters(b));
    if a.len() < LEAST_LETTERS || b.len() < LEAST_LETTERS {
        return bits <= BITS_WITHOUT_TEXT && a.len().abs_diff(b.len()) < LEAST_LETTERS / 3;
    }
    let (digits_a, digits_b) = (digits(&a), digits(&b));
    let same_digits = match digits_a.len().min(digits_b.len()) {
        LEAST_DIGITS.. => common(&digits_a, &digits_b) >= 0.85,
        _ => digits_a.len().abs_diff(digits_b.len()) < LEAST_DIGITS,
    };
    same_digits && common(&a, &b) >= 0.93
}

/// Share of the pairs of letters that two texts have in common (Dice).
#[allow(clippy::cast_precision_loss)] // letters of a page
fn common(a: &[char], b: &[char]) -> f64 {
    let mut counts: HashMap<(char, char), i32> = HashMap::new();
    for pair in a.windows(2) {
        *counts.entry((pair[0], pair[1])).or_default() += 1;
    }
    let mut shared = 0;
    for pair in b.windows(2) {
        if let Some(count) = counts.get_mut(&(pair[0], pair[1]))
            && *count > 0
        {
            *count -= 1;
            shared += 1;
        }
    }
    2.0 * f64::from(shared) / (a.len() + b.len()).saturating_sub(2).max(1) as f64
}

#[cfg(test)]
mod tests {
    use rand::{RngExt, SeedableRng};

    use super::*;

    #[test]
    fn near_copies_are_found_among_many_pages() {
        let mut rng = rand::rngs::SmallRng::seed_from_u64(3);
        let mut pages: Vec<PicturedPage> = (0..30_000_u64)
            .map(|n| PicturedPage {
                content_id: format!("{n:064x}"),
                number: 1,
                case_key: n / 3,
                picture: rng.random(),
            })
            .collect();
        let mut planted = Vec::new();
        for n in 0..200 {
            let (first, second) = (n * 7, 20_000 + n * 11);
            pages[second].picture = pages[first].picture;
            for _ in 0..rng.random_range(1..19) {
                let bit: usize = rng.random_range(0..256);
                pages[second].picture[bit / 8] ^= 1 << (bit % 8);
            }
            planted.push((first, second));
        }
        let found: Vec<(usize, usize)> = alike(&pages).into_iter().map(|(a, b, _)| (a, b)).collect();
        let missed = planted.iter().filter(|pair| !found.contains(pair)).count();
        assert!(missed <= 2, "{missed} missed");
        assert!(found.len() <= planted.len(), "{} found", found.len());
    }

    #[test]
    fn a_form_that_is_filled_in_with_something_else_is_another_page() {
        let form = |name: &str, number: &str| {
            format!(
                "食品经营许可现场核查记录表 被核查单位{name} 许可证编号{number} 核查人员对经营场所设施设备布局逐项核查符合要求 核查结论合格"
            )
        };
        let page = form("灵丘县嘉禾餐饮有限公司", "JY21402240001234");
        // Misread here and there.
        let scan = page.replace("逐项", "逐顶");
        assert!(say_the_same(&page, &scan, 9));
        assert!(!say_the_same(
            &page,
            &form("灵丘县嘉禾餐饮有限公司", "JY21402240078391"),
            9
        ));
        assert!(!say_the_same(&page, &form("广灵县德润商贸中心", "JY21402240001234"), 9));
        assert!(say_the_same("", "", 3) && !say_the_same("", "", 9));
    }
}
