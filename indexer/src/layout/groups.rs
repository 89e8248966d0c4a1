//! Things that belong together because they are connected.

/// Numbers `0..n` in disjoint groups (union-find); the root of a group is its smallest number.
pub(super) struct Groups {
    parents: Vec<usize>,
}

impl Groups {
    /// Each number alone.
    pub(super) fn new(count: usize) -> Self {
        Self {
            parents: (0..count).collect(),
        }
    }

    /// The smallest number of the group.
    pub(super) fn root(&self, mut number: usize) -> usize {
        while self.parents[number] != number {
            number = self.parents[number];
        }
        number
    }

    /// Makes one group of two.
    pub(super) fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        let (low, high) = (a.min(b), a.max(b));
        self.parents[high] = low;
        // Later look-ups are short without a second pass: the trees here have a few hundred leaves.
    }
}
