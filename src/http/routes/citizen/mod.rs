//! `/api/v1/citizen/…` and `/api/v1/verify/…`: the counter hands out codes, citizens look at their own history, anybody
//! verifies a copy.

pub(in crate::http) mod accesses;
pub(in crate::http) mod cases;
pub(in crate::http) mod codes;
pub(in crate::http) mod copies;
pub(in crate::http) mod pages;
pub(in crate::http) mod session;
