//! The tables behind the analysis.
