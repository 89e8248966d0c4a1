//! The handlers, each with its contract.

pub(super) mod accesses;
pub(super) mod accounts;
pub(super) mod audit;
pub(super) mod audit_report;
pub(super) mod cases;
pub(super) mod citizen;
pub(super) mod corrections;
pub(super) mod dictionaries;
pub(in crate::http) mod exports;
pub(super) mod findings;
pub(super) mod health;
pub(super) mod images;
pub(super) mod maintenance;
pub(super) mod metrics;
pub(super) mod pages;
pub(super) mod result_sets;
pub(super) mod reviews;
pub(super) mod root;
pub(super) mod samples;
pub(super) mod search;
pub(super) mod session;
pub(super) mod statistics;
pub(super) mod status;
pub(super) mod suggest;
pub(super) mod tokens;
pub(super) mod unmask;
