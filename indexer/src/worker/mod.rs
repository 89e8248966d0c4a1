//! The child side: reads scan files in a process of its own, for a parent that speaks the protocol.
//!
//! Everything that looks into untrusted files happens here, with a limit on memory, without core dumps, and with the
//! parent watching the clock. When the parent goes away the child ends at once.

mod agreement;
mod by_line;
mod calibrated;
mod certainty;
pub mod command;
mod gaps;
mod page;
mod page_number;
mod picture;
pub mod protocol;
mod rendition;
mod serve;
mod show_through;
mod under_seal;
mod upright;

pub use page::PageReader;
pub use protocol::{FileProbe, ReadPage};
