//! Declared pages against the pages that there are.

use crate::manifest::DeclaredPages;

/// How declared and counted pages differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageDifference {
    /// All documents together have another number of pages.
    Total {
        /// What is declared.
        declared: u64,
        /// What there is.
        found: u64,
    },
    /// One document has another number of pages.
    Document {
        /// Which, from 0.
        at: usize,
        /// What is declared.
        declared: u64,
        /// What there is.
        found: u64,
    },
    /// There is another number of documents than of declared numbers; so nothing can be compared one by one.
    Documents {
        /// How many numbers are declared.
        declared: usize,
        /// How many documents there are.
        found: usize,
    },
}

/// Compares the pages that a case is said to have with those of its documents, in order. `None` stands for a document
/// whose pages cannot be counted: nothing is said of it, nor of a total that it belongs to.
///
/// What declares them does not matter: the column 页数 of a manifest, or a contents list (卷内目录).
pub fn compare(declared: &DeclaredPages, real: &[Option<u64>]) -> Vec<PageDifference> {
    match declared {
        DeclaredPages::Total(declared) => {
            let found = real.iter().copied().sum::<Option<u64>>();
            let declared = u64::from(*declared);
            let different = found.filter(|found| *found != declared);
            different
                .map(|found| PageDifference::Total { declared, found })
                .into_iter()
                .collect()
        }
        DeclaredPages::Each(declared) if declared.len() != real.len() => vec![PageDifference::Documents {
            declared: declared.len(),
            found: real.len(),
        }],
        DeclaredPages::Each(declared) => declared
            .iter()
            .zip(real)
            .enumerate()
            .filter_map(|(at, (declared, found))| {
                let (declared, found) = (u64::from(*declared), (*found)?);
                (declared != found).then_some(PageDifference::Document { at, declared, found })
            })
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totals_and_single_documents_are_compared() {
        let total = |declared, real: &[Option<u64>]| compare(&DeclaredPages::Total(declared), real);
        assert_eq!(total(3, &[Some(1), Some(2)]), []);
        let more = PageDifference::Total { declared: 3, found: 4 };
        assert_eq!(total(3, &[Some(1), Some(3)]), [more]);
        assert_eq!(total(3, &[Some(1), None]), []);
        let each = |declared: &[u32], real: &[Option<u64>]| compare(&DeclaredPages::Each(declared.to_vec()), real);
        assert_eq!(each(&[1, 2], &[Some(1), Some(2)]), []);
        assert_eq!(
            each(&[1, 2, 3], &[Some(2), None, Some(3)]),
            [PageDifference::Document {
                at: 0,
                declared: 1,
                found: 2
            }]
        );
        let fewer = PageDifference::Documents { declared: 2, found: 1 };
        assert_eq!(each(&[1, 2], &[Some(3)]), [fewer]);
    }
}
