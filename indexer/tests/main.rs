//! From scans to answers: the real program on real files, asked through the real router.

mod broken_files;
mod end_to_end;
mod recovery;
mod support;
