//! From the output of the recognition network to characters with places, confidence and runner-up readings.
//!
//! The network says for each narrow column of the line how probable each character is, or none (CTC: Graves et al.,
//! "Connectionist Temporal Classification", ICML 2006). Equal characters in neighbouring columns are one character.

/// Runner-up readings less probable than this are not kept.
const MIN_ALTERNATIVE: f32 = 0.02;
/// Runner-up readings kept for one character.
const MAX_ALTERNATIVES: usize = 4;
/// Class of "no character here".
const BLANK: usize = 0;

/// A character as read.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Spotted {
    /// Class of the character: its place in the table, from 1.
    pub(super) class: usize,
    /// First column that shows it.
    pub(super) first: usize,
    /// Last column that shows it.
    pub(super) last: usize,
    /// Highest probability in those columns, 0 to 1.
    pub(super) confidence: f32,
    /// Other classes and their highest probability in those columns, the likeliest first.
    pub(super) alternatives: Vec<(usize, f32)>,
}

/// Reads columns of `classes` probabilities each.
pub(super) fn decode(probabilities: &[f32], classes: usize) -> Vec<Spotted> {
    let mut spotted: Vec<Spotted> = Vec::new();
    let mut previous = BLANK;
    for (column, values) in probabilities.chunks_exact(classes.max(1)).enumerate() {
        let (class, confidence) = likeliest(values);
        if class != BLANK {
            match spotted.last_mut() {
                Some(last) if class == previous => {
                    last.last = column;
                    if confidence > last.confidence {
                        last.confidence = confidence;
                    }
                    note_alternatives(last, values);
                }
                _ => {
                    let mut new = Spotted {
                        class,
                        first: column,
                        last: column,
                        confidence,
                        alternatives: Vec::new(),
                    };
                    note_alternatives(&mut new, values);
                    spotted.push(new);
                }
            }
        }
        previous = class;
    }
    spotted
}

fn likeliest(values: &[f32]) -> (usize, f32) {
    // Probabilities add up to 1, so more than half of it is the most; that spares most columns.
    if let Some(blank) = values.first().filter(|p| **p > 0.5) {
        return (BLANK, *blank);
    }
    let mut best = (BLANK, f32::NEG_INFINITY);
    for (class, value) in values.iter().enumerate() {
        if *value > best.1 {
            best = (class, *value);
        }
    }
    best
}

fn note_alternatives(character: &mut Spotted, values: &[f32]) {
    for (class, value) in values.iter().enumerate() {
        // Few values pass, so the list is looked through only then.
        if *value < MIN_ALTERNATIVE || class == BLANK || class == character.class {
            continue;
        }
        match character.alternatives.iter_mut().find(|(known, _)| *known == class) {
            Some((_, best)) => *best = best.max(*value),
            None => character.alternatives.push((class, *value)),
        }
    }
    character.alternatives.sort_by(|a, b| b.1.total_cmp(&a.1));
    character.alternatives.truncate(MAX_ALTERNATIVES);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Columns from (class, probability) pairs; the rest of the probability is spread thin.
    fn columns(marks: &[&[(usize, f32)]]) -> Vec<f32> {
        let mut values = Vec::new();
        for column in marks {
            let mut row = vec![0.001; 6];
            for (class, probability) in *column {
                row[*class] = *probability;
            }
            values.extend(row);
        }
        values
    }

    #[test]
    fn repeats_join_and_blanks_part() {
        let values = columns(&[
            &[(0, 0.9)],
            &[(3, 0.6), (4, 0.3)],
            &[(3, 0.9), (5, 0.05)],
            &[(0, 0.9)],
            &[(3, 0.8)],
            &[(2, 0.7)],
        ]);
        let read = decode(&values, 6);
        let classes: Vec<usize> = read.iter().map(|s| s.class).collect();
        assert_eq!(classes, [3, 3, 2]);
        assert_eq!((read[0].first, read[0].last), (1, 2));
        assert!((read[0].confidence - 0.9).abs() < 1e-6);
        assert_eq!(read[0].alternatives, [(4, 0.3), (5, 0.05)]);
        assert!(read[1].alternatives.is_empty());
    }

    #[test]
    fn nothing_is_read_from_nothing() {
        assert!(decode(&[], 6).is_empty());
        assert!(decode(&[1.0], 0).is_empty());
        assert!(decode(&columns(&[&[(0, 0.9)]]), 6).is_empty());
    }
}
