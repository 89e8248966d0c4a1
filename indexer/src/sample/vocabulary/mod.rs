//! Words from which the invented case files are made.
//!
//! Counties, agencies, their names over the years and the laws cited are public facts; people, companies,
//! addresses and events are invented. Lists only: how they are combined is told in `facts` and `documents`.

pub(super) mod agencies;
pub(super) mod matters;
pub(super) mod names;
pub(super) mod prose;
pub(super) mod regions;
