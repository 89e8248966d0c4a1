//! Which labels get which values.
