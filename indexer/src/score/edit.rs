//! Edit distance and edit operations, 64 rows at a time (H. Hyyrö, "A bit-vector algorithm for computing Levenshtein and
//! Damerau edit distances", 2003).
//!
//! The vertical differences of each column are kept, so that the way back through the matrix costs two bits per cell.
//! Where several ways are equally short, a deletion is preferred to an insertion and that to a replacement, in the order
//! of `rapidfuzz`, so that the confusions agree with those of the Python scorer.

use std::collections::HashMap;
use std::ops::Range;

/// What happened to a run of characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Change {
    /// Read as it is.
    Equal,
    /// Read as something else.
    Replace,
    /// Not read.
    Delete,
    /// Read where there is nothing.
    Insert,
}

/// A run of characters with the same change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What happened.
    pub change: Change,
    /// The characters of the first text.
    pub from: Range<usize>,
    /// The characters of the second.
    pub to: Range<usize>,
}

const BITS: usize = u64::BITS as usize;

/// The matrix of distances: per character of the second text (a column), where it grows and shrinks along the first.
struct Matrix {
    /// Words of 64 rows per column.
    words: usize,
    grows: Vec<u64>,
    shrinks: Vec<u64>,
    /// Distance at the foot of each column, from before the first character of the second text on.
    foot: Vec<usize>,
}

impl Matrix {
    /// `anywhere`: the first text may begin anywhere in the second at no cost.
    fn new(first: &[char], second: &[char], anywhere: bool) -> Self {
        let words = first.len().div_ceil(BITS);
        let mut places: HashMap<char, Vec<u64>> = HashMap::new();
        for (at, character) in first.iter().enumerate() {
            places.entry(*character).or_insert_with(|| vec![0; words])[at / BITS] |= 1 << (at % BITS);
        }
        let nowhere = vec![0; words];
        let mut grow = vec![u64::MAX; words];
        let mut shrink = vec![0_u64; words];
        let mut matrix = Self {
            words,
            grows: Vec::with_capacity(words * second.len()),
            shrinks: Vec::with_capacity(words * second.len()),
            foot: vec![first.len()],
        };
        let last = first.len().saturating_sub(1) % BITS;
        let mut foot = first.len();
        for character in second {
            let matches = places.get(character).unwrap_or(&nowhere);
            let (mut plus_in, mut minus_in) = (u64::from(!anywhere), 0_u64);
            for word in 0..words {
                let (vertical_plus, vertical_minus) = (grow[word], shrink[word]);
                let equal = matches[word] | minus_in;
                let diagonal =
                    ((equal & vertical_plus).wrapping_add(vertical_plus) ^ vertical_plus) | equal | vertical_minus;
                let mut plus = vertical_minus | !(diagonal | vertical_plus);
                let mut minus = diagonal & vertical_plus;
                if word + 1 == words {
                    foot += usize::from(plus >> last & 1 == 1);
                    foot -= usize::from(minus >> last & 1 == 1);
                }
                let carry = (plus >> (BITS - 1), minus >> (BITS - 1));
                plus = plus << 1 | plus_in;
                minus = minus << 1 | minus_in;
                (plus_in, minus_in) = carry;
                grow[word] = minus | !(diagonal | plus);
                shrink[word] = plus & diagonal;
            }
            matrix.grows.extend_from_slice(&grow);
            matrix.shrinks.extend_from_slice(&shrink);
            matrix.foot.push(foot);
        }
        matrix
    }

    /// Whether the distance grows along the first text at this row of this column; both count from 1.
    fn grows(&self, row: usize, column: usize) -> bool {
        self.grows[(column - 1) * self.words + (row - 1) / BITS] >> ((row - 1) % BITS) & 1 == 1
    }

    fn shrinks(&self, row: usize, column: usize) -> bool {
        self.shrinks[(column - 1) * self.words + (row - 1) / BITS] >> ((row - 1) % BITS) & 1 == 1
    }

    /// The edits on the way back from the foot of a column; `anywhere` as above.
    fn way_back(&self, first: &[char], second: &[char], mut column: usize, anywhere: bool) -> Vec<Edit> {
        let mut row = first.len();
        let mut edits = Edits::default();
        while row > 0 && column > 0 {
            if self.grows(row, column) {
                row -= 1;
                edits.push(Change::Delete, row, column);
                continue;
            }
            column -= 1;
            if column > 0 && self.shrinks(row, column) {
                edits.push(Change::Insert, row, column);
                continue;
            }
            row -= 1;
            let equal = first[row] == second[column];
            edits.push(if equal { Change::Equal } else { Change::Replace }, row, column);
        }
        while row > 0 {
            row -= 1;
            edits.push(Change::Delete, row, column);
        }
        while column > 0 && !anywhere {
            column -= 1;
            edits.push(Change::Insert, row, column);
        }
        edits.backwards.reverse();
        edits.backwards
    }
}

/// Edits from the last to the first.
#[derive(Default)]
struct Edits {
    backwards: Vec<Edit>,
}

impl Edits {
    /// Adds the change of the characters at these places, or before them where the change has none.
    fn push(&mut self, change: Change, row: usize, column: usize) {
        let from = row..row + usize::from(change != Change::Insert);
        let to = column..column + usize::from(change != Change::Delete);
        match self.backwards.last_mut() {
            Some(last) if last.change == change => {
                last.from.start = from.start;
                last.to.start = to.start;
            }
            _ => self.backwards.push(Edit { change, from, to }),
        }
    }
}

/// The least number of characters that have to be put in, taken out or replaced to make one text of the other.
pub fn distance(first: &[char], second: &[char]) -> usize {
    if first.is_empty() {
        return second.len();
    }
    let matrix = Matrix::new(first, second, false);
    matrix.foot.last().copied().unwrap_or(first.len())
}

/// A shortest way from the first text to the second: runs that cover both, in order.
pub fn align(first: &[char], second: &[char]) -> Vec<Edit> {
    // What both begin and end with is no matter of choice.
    let head = first.iter().zip(second).take_while(|(a, b)| a == b).count();
    let (first_rest, second_rest) = (&first[head..], &second[head..]);
    let tail = first_rest
        .iter()
        .rev()
        .zip(second_rest.iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    let first_middle = &first_rest[..first_rest.len() - tail];
    let second_middle = &second_rest[..second_rest.len() - tail];
    let matrix = Matrix::new(first_middle, second_middle, false);
    let mut edits = Vec::new();
    if head > 0 {
        edits.push(equal(0..head, 0..head));
    }
    let middle = matrix.way_back(first_middle, second_middle, second_middle.len(), false);
    edits.extend(middle.into_iter().map(|edit| Edit {
        from: edit.from.start + head..edit.from.end + head,
        to: edit.to.start + head..edit.to.end + head,
        ..edit
    }));
    if tail > 0 {
        edits.push(equal(
            first.len() - tail..first.len(),
            second.len() - tail..second.len(),
        ));
    }
    edits
}

fn equal(from: Range<usize>, to: Range<usize>) -> Edit {
    Edit {
        change: Change::Equal,
        from,
        to,
    }
}

/// A shortest way from a piece of text to the place of a longer one that is most like it; covers the piece only.
pub fn align_inside(piece: &[char], whole: &[char]) -> Vec<Edit> {
    let matrix = Matrix::new(piece, whole, true);
    let best = (0..matrix.foot.len()).min_by_key(|column| matrix.foot[*column]);
    matrix.way_back(piece, whole, best.unwrap_or(0), true)
}
