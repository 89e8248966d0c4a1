//! On which pages of a long case the words stand, by the letters that the index keeps.

use crate::index::{Letters, unit};

use super::{Highlighter, Needle, Parts};
use crate::analysis::NormalisedText;

/// Pages that are worth a look.
pub(in crate::search) struct NamedPages {
    /// Their positions in reading order: those with the most words first, else the first first.
    pub(in crate::search) pages: Vec<usize>,
    /// Whether every word stands on one of them: values stand in other forms, too, which the letters do not tell.
    pub(in crate::search) complete: bool,
}

impl Highlighter {
    /// The pages on which the words stand, as typed or, where they are nowhere so, misread.
    pub(in crate::search) fn pages_with(&self, pages: &[Letters], parts: Parts) -> NamedPages {
        let mut found = vec![0_usize; pages.len()];
        let mut complete = true;
        for needle in &self.terms {
            let names: Vec<Vec<u16>> = needle.names().map(units).collect();
            let mut there: Vec<bool> = pages
                .iter()
                .map(|page| names.iter().any(|name| holds(page, name)))
                .collect();
            if let Some(pattern) = &needle.misread
                && parts != Parts::Never
                && !there.contains(&true)
            {
                there = pages.iter().map(|page| !pattern.places(page).is_empty()).collect();
            }
            complete &= there.contains(&true);
            for (count, there) in found.iter_mut().zip(there) {
                *count += usize::from(there);
            }
        }
        let mut order: Vec<usize> = (0..pages.len()).filter(|page| found[*page] > 0).collect();
        order.sort_by_key(|page| std::cmp::Reverse(found[*page]));
        NamedPages { pages: order, complete }
    }
}

impl Needle {
    /// The letters of the term and of its other names.
    fn names(&self) -> impl Iterator<Item = &NormalisedText> {
        std::iter::once(&self.letters).chain(&self.others)
    }
}

fn units(text: &NormalisedText) -> Vec<u16> {
    text.letters().iter().map(|letter| unit(letter.ch)).collect()
}

fn holds(page: &Letters, name: &[u16]) -> bool {
    name.len() <= page.units.len() && page.units.windows(name.len().max(1)).any(|window| window == name)
}
