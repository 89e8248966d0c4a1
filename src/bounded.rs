//! What was worked out before, kept for whoever asks next, within a bound.
//!
//! What is kept must not become wrong: whoever keeps something makes what it depends on a part of the key. What nobody asks
//! for any more makes room for what is asked for.

use std::fmt;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

use lru::LruCache;

/// Values by their keys, those asked for last. Weights are in whatever the bound is in.
pub(crate) struct BoundedMap<K, V> {
    most: usize,
    kept: Mutex<Kept<K, V>>,
}

struct Kept<K, V> {
    values: LruCache<K, (V, usize)>,
    weight: usize,
}

impl<K: Hash + Eq, V: Clone> BoundedMap<K, V> {
    /// An empty one, whose values together weigh at most so much.
    pub(crate) fn new(most: usize) -> Self {
        let kept = Mutex::new(Kept {
            values: LruCache::unbounded(),
            weight: 0,
        });
        Self { most, kept }
    }

    /// What was kept under a key; each time it is cloned.
    pub(crate) fn get(&self, key: &K) -> Option<V> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.values.get(key).map(|(value, _)| value.clone())
    }

    /// Keeps a value, in place of an earlier one; what weighs more than all may is not kept.
    pub(crate) fn put(&self, key: K, value: V, weight: usize) {
        if weight > self.most {
            return;
        }
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let earlier = kept.values.put(key, (value, weight));
        kept.weight = kept.weight + weight - earlier.map_or(0, |(_, weight)| weight);
        while kept.weight > self.most {
            let Some((_, (_, weight))) = kept.values.pop_lru() else {
                return;
            };
            kept.weight -= weight;
        }
    }
}

impl<K, V> fmt::Debug for BoundedMap<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BoundedMap(at most {})", self.most)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_asked_for_stays() {
        let map = BoundedMap::new(10);
        map.put("a", 1, 4);
        map.put("b", 2, 4);
        assert_eq!(map.get(&"a"), Some(1));
        map.put("c", 3, 4);
        assert_eq!((map.get(&"a"), map.get(&"b"), map.get(&"c")), (Some(1), None, Some(3)));
        map.put("d", 4, 11);
        assert_eq!(map.get(&"d"), None);
        map.put("a", 5, 1);
        map.put("e", 6, 5);
        assert_eq!(
            (map.get(&"a"), map.get(&"c"), map.get(&"e")),
            (Some(5), Some(3), Some(6))
        );
    }

    proptest! {
        #[test]
        fn it_gives_what_was_put_last_and_keeps_to_its_bound(puts in prop::collection::vec((0_u8..6, 0_u32..100, 0_usize..8), 0..60)) {
            let map = BoundedMap::new(12);
            let mut last = std::collections::HashMap::new();
            for (key, value, weight) in puts {
                map.put(key, value, weight);
                last.insert(key, value);
                prop_assert_eq!(map.get(&key), Some(value));
                for (key, value) in &last {
                    prop_assert!(map.get(key).is_none_or(|kept| kept == *value));
                }
                let kept = map.kept.lock().unwrap();
                prop_assert!(kept.weight <= 12);
                prop_assert_eq!(kept.weight, kept.values.iter().map(|(_, (_, weight))| weight).sum::<usize>());
            }
        }
    }
}
