//! Which cases a viewer may see.

/// The cases that a viewer may see. Built once from the viewer's rights and made part of every query, so that
/// hits, totals, facet counts and snippets all pass through it. There is no default: a caller has to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VisibleCases(Visible);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Visible {
    All,
    Only(Vec<u64>),
}

impl VisibleCases {
    /// Every case.
    #[must_use]
    pub fn all() -> Self {
        Self(Visible::All)
    }

    /// No case at all.
    #[must_use]
    pub fn none() -> Self {
        Self(Visible::Only(Vec::new()))
    }

    /// Only the cases with these keys (a citizen's own).
    #[must_use]
    pub fn only(keys: impl IntoIterator<Item = u64>) -> Self {
        Self(Visible::Only(keys.into_iter().collect()))
    }

    pub(super) fn inner(&self) -> &Visible {
        &self.0
    }
}
