//! Tests of the whole server and of the program, from outside.

#![allow(clippy::unwrap_used, clippy::expect_used)] // tests, and helpers of tests

mod accounts;
mod backup;
mod cli;
mod codes;
mod dictionaries;
mod export;
mod http;
mod keys;
mod layering;
mod maintenance;
mod result_sets;
mod support;
mod verify;
