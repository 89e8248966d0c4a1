//! The SQLite catalogue and the data directory: the truth.
