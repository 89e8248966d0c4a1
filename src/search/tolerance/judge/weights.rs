//! How likely errors of reading are, and other strings: what the decision is made with.

/// Share of letters that are read wrong. Between what good and poor scans have; only the magnitude counts.
pub(super) const ERRORS: f32 = 0.05;
/// How often an error makes the letter of a pair that was measured, of one that looks alike, of digits that do.
pub(super) const MEASURED: f32 = 0.15;
pub(super) const ALIKE: f32 = 0.08;
pub(super) const DIGIT_ALIKE: f32 = 0.12;
pub(super) const DIGIT: f32 = 0.04;
/// … a Latin letter of a digit that it does not look like, and of any digit.
pub(super) const LATIN: f32 = 0.003;
pub(super) const LATIN_OF_ANY: f32 = 0.015;
/// … any other letter, or none, or a stray one.
pub(super) const ANY: f32 = 0.0004;
pub(super) const LOST: f32 = 0.12;
pub(super) const STRAY: f32 = 0.000_25;
/// What the recogniser offered itself.
pub(super) const OFFERED: f32 = 0.5;
/// Copies in the same case count as much as this many elsewhere.
pub(super) const SAME_CASE: f32 = 200.0;
/// … but the same letter read for one that looks like it again: a recogniser errs in the same way twice.
pub(super) const SAME_ERROR: f32 = 0.002;
/// How much less a true difference is to be expected for each place in the case that has the sought letter.
pub(super) const CONTRADICTED: f32 = 0.02;
/// Weight of neighbours seen elsewhere: they may belong to something else than the term, the more so the longer it is.
pub(super) const NEIGHBOURS: f32 = 0.3;
/// Misreading explains this many times its expectation.
pub(super) const SLACK: f32 = 3.0;
/// Copies of the term to be reckoned with when there is none as typed.
pub(super) const UNSEEN: f32 = 0.3;
/// Different letters that a case holds, roughly.
pub(super) const LETTERS: f32 = 350.0;
/// Cases with the term as typed from which the errors of its misread copies can be counted.
pub(super) const ENOUGH: f32 = 20.0;
/// Fewest letters beside a number that make it one of few.
pub(super) const FEWEST_NAMING: usize = 3;
/// Digits of a number so long that hardly any is another one's beginning or end.
pub(super) const LONG_NUMBER: usize = 11;
/// Copies of one long number that differs in just this way from another, to be reckoned with in [`FEW`] cases.
pub(super) const ANOTHER_LONG_NUMBER: f32 = 0.000_002;
/// Numbers that differ from another in one digit, to be reckoned with when none is known.
pub(super) const ANOTHER_NUMBER: f32 = 0.2;
/// … of long numbers without a check digit: phones are given out in blocks.
pub(super) const ANOTHER_PHONE: f32 = 0.3;
/// Copies of every other document number: they are given out one after the other, and an archive has them all.
pub(super) const ISSUED: f32 = 0.2;
/// How many letters' experience the belief in [`ERRORS`] is worth against what a number's own copies show.
pub(super) const EXPERIENCE: f32 = 20.0;
/// Part of the copies of a pair of letters that any one misreading of it may make, though nobody measured it.
pub(super) const ONE_MISREADING: f32 = 0.02;
/// Weight of neighbours of a letter too much in a long term, both of whose sides are right.
pub(super) const NEIGHBOURS_OF_STRAYS: f32 = 0.1;
/// Letters of a long term.
pub(super) const LONG_TERM: usize = 8;
/// How much rarer another name beside the same number is, for each digit of it.
pub(super) const SAME_DIGIT: f32 = 0.25;
/// A place of the same case that is less likely the term than this is another string.
pub(super) const SURELY_ANOTHER: f32 = 0.01;
/// Strings that differ from a short term in one letter, to be reckoned with when none is known.
pub(super) const UNSEEN_KINDS: f32 = 1.0;
/// Numbers are as dense as in a collection of this many cases at least.
pub(super) const FEW: f32 = 20_000.0;
/// Numbers that a case holds, roughly.
pub(super) const NUMBERS: f32 = 5.0;

/// Collections are taken for at least this part of [`FEW`] cases: a small one is part of the same world.
pub(super) const LEAST_SCALE: f32 = 0.3;
/// A term of no more letters tells too little to say that its first or last one was lost.
pub(super) const FEWEST_OF_NAME: usize = 4;
