//! The handlers, each with its contract.

pub(super) mod accounts;
pub(super) mod audit;
pub(super) mod cases;
pub(super) mod citizen;
pub(super) mod corrections;
pub(in crate::http) mod exports;
pub(super) mod health;
pub(super) mod images;
pub(super) mod maintenance;
pub(super) mod metrics;
pub(super) mod pages;
pub(super) mod reviews;
pub(super) mod root;
pub(super) mod search;
pub(super) mod session;
pub(super) mod suggest;
pub(super) mod unmask;
