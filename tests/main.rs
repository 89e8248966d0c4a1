//! Tests of the whole server and of the program, from outside.

mod cli;
mod http;
mod support;
