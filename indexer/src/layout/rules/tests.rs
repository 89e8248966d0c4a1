//! Rules drawn, found, and cut at.
