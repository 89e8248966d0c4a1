//! What keeps its order although single values were misread.

/// The longest run of values that never go back; the others become `None`. Among runs of equal length the one that ends
/// lowest.
pub(super) fn longest_ascending(values: &[Option<usize>]) -> Vec<Option<usize>> {
    // Length of the longest run that ends at each value, and the value before it in that run.
    let mut runs: Vec<(usize, Option<usize>)> = Vec::with_capacity(values.len());
    for (at, value) in values.iter().enumerate() {
        let before = (0..at).filter(|earlier| values[*earlier].is_some() && values[*earlier] <= *value);
        let best = before.max_by_key(|earlier| (runs[*earlier].0, std::cmp::Reverse(values[*earlier])));
        runs.push((best.map_or(0, |earlier| runs[earlier].0) + 1, best));
    }
    let known = (0..values.len()).filter(|at| values[*at].is_some());
    let mut last = known.max_by_key(|at| (runs[*at].0, std::cmp::Reverse(values[*at])));
    let mut kept = vec![None; values.len()];
    while let Some(at) = last {
        kept[at] = values[at];
        last = runs[at].1;
    }
    kept
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn single_misread_values_are_left_out() {
        let kept = |values: &[usize]| longest_ascending(&values.iter().copied().map(Some).collect::<Vec<_>>());
        assert_eq!(kept(&[1, 3, 7]), [Some(1), Some(3), Some(7)]);
        assert_eq!(kept(&[1, 72, 7, 9]), [Some(1), None, Some(7), Some(9)]);
        assert_eq!(kept(&[4, 4, 2]), [Some(4), Some(4), None]);
        assert_eq!(longest_ascending(&[None, Some(2), None]), [None, Some(2), None]);
        assert_eq!(longest_ascending(&[]), []);
    }

    proptest! {
        #[test]
        fn what_is_kept_never_goes_back(values in prop::collection::vec(prop::option::of(0_usize..20), 0..20)) {
            let kept = longest_ascending(&values);
            let known: Vec<usize> = kept.iter().flatten().copied().collect();
            prop_assert!(known.windows(2).all(|pair| pair[0] <= pair[1]));
            prop_assert_eq!(kept.iter().any(Option::is_some), values.iter().any(Option::is_some));
        }
    }
}
