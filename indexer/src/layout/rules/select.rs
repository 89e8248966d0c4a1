//! From traced lines to rules: pieces joined, strokes of characters left out, crossing rules grouped.

use super::Rule;

/// Pieces this far apart along are one rule, in millimetres: less than a row of a table is high.
const BRIDGE: f64 = 3.0;
/// Pieces lie on one line when they are no farther apart across, in millimetres.
const LEVEL: f64 = 0.5;
/// Share of a joined rule that must be seen: strokes of characters set under each other are less.
const COVERED: f64 = 0.7;
/// Rules of at least these lengths stand for themselves, in millimetres: the first without a gap (strokes of
/// characters in a row have gaps), the second in any case. Shorter ones have to end at rules.
const LONG: [f64; 2] = [15.0, 35.0];
/// Share of its length that is seen of a rule without a gap.
const UNBROKEN: f64 = 0.96;
/// Shorter ones are strokes of characters, in millimetres.
const SHORTEST: f64 = 5.0;
/// A rule that touches no other is kept from this length on, in millimetres, when so much of it is seen: a row of
/// strokes of characters is as long.
const ALONE: (f64, f64) = (25.0, 0.9);
/// How near two rules come when they touch, in millimetres.
const TOUCH: f64 = 1.3;
/// Beyond the last rule it meets a rule goes on for less than this, in millimetres, when it runs into a character.
const OVERHANG: f64 = 8.0;
/// Smallest frame that is not a character, width and height in millimetres.
const SMALLEST: (f64, f64) = (20.0, 5.0);

/// Joins, sorts out and groups; both lists in pixels, `millimetre` of them to the millimetre.
pub(super) fn rules(horizontal: Vec<Rule>, vertical: Vec<Rule>, millimetre: f64) -> (Vec<Rule>, Vec<Rule>) {
    let mut horizontal = joined(horizontal, millimetre);
    let mut vertical = joined(vertical, millimetre);
    loop {
        let before = horizontal.len() + vertical.len();
        let loose_horizontal = loose(&horizontal, &vertical, millimetre);
        let loose_vertical = loose(&vertical, &horizontal, millimetre);
        drop_marked(&mut horizontal, &loose_horizontal);
        drop_marked(&mut vertical, &loose_vertical);
        if horizontal.len() + vertical.len() == before {
            break;
        }
    }
    group(&mut horizontal, &mut vertical, millimetre);
    trim_ends(&mut horizontal, &vertical, millimetre);
    trim_ends(&mut vertical, &horizontal, millimetre);
    let alone = |rule: &Rule| rule.length() >= ALONE.0 * millimetre && rule.filled >= ALONE.1;
    let stays = |rule: &Rule| rule.group.is_some() || alone(rule);
    horizontal.retain(stays);
    vertical.retain(stays);
    (horizontal, vertical)
}

/// Joins the pieces of broken rules.
fn joined(mut pieces: Vec<Rule>, millimetre: f64) -> Vec<Rule> {
    pieces.sort_by(|a, b| a.from.total_cmp(&b.from).then(a.at_from.total_cmp(&b.at_from)));
    let mut rules: Vec<Rule> = Vec::new();
    for piece in pieces {
        let across = |rule: &Rule| (rule.at_to - piece.at_from).abs();
        let fits = |rule: &Rule| {
            let gap = piece.from - rule.to;
            gap >= -millimetre && gap <= BRIDGE * millimetre && across(rule) <= LEVEL * millimetre
        };
        let best = rules
            .iter_mut()
            .filter(|rule| fits(rule))
            .min_by(|a, b| across(a).total_cmp(&across(b)));
        let Some(rule) = best else {
            rules.push(piece);
            continue;
        };
        let (before, after) = (rule.length(), piece.length());
        rule.thickness = (rule.thickness * before + piece.thickness * after) / (before + after);
        let seen = rule.filled * before + piece.filled * after;
        (rule.to, rule.at_to) = (piece.to, piece.at_to);
        rule.filled = (seen / rule.length().max(1.0)).min(1.0);
    }
    rules.retain(|rule| rule.length() >= SHORTEST * millimetre && rule.filled >= COVERED);
    rules
}

/// Where two rules of different direction touch, along each of them.
pub(super) fn touch(a: &Rule, b: &Rule, near: f64) -> Option<(f64, f64)> {
    let along_a = b.at(f64::midpoint(a.at_from, a.at_to));
    let along_b = a.at(along_a);
    let along_a = b.at(along_b);
    let within = |rule: &Rule, along: f64| along >= rule.from - near && along <= rule.to + near;
    (within(a, along_a) && within(b, along_b)).then_some((along_a, along_b))
}

/// Marks the short rules that do not lead from one rule to another.
fn loose(rules: &[Rule], others: &[Rule], millimetre: f64) -> Vec<bool> {
    let near = TOUCH * millimetre;
    rules
        .iter()
        .map(|rule| {
            let long = LONG[usize::from(rule.filled < UNBROKEN)];
            if rule.length() >= long * millimetre {
                return false;
            }
            let (mut start, mut end) = (false, false);
            for (along, _) in others.iter().filter_map(|other| touch(rule, other, near)) {
                start |= (along - rule.from).abs() <= near;
                end |= (along - rule.to).abs() <= near;
            }
            !(start && end)
        })
        .collect()
}

/// Cuts rules of tables back to the last rule they meet where a stroke of a character has made them longer: no other
/// rule ends beside such an end, as it does where the border of a table is missing.
fn trim_ends(rules: &mut [Rule], others: &[Rule], millimetre: f64) {
    let near = TOUCH * millimetre;
    let ends: Vec<(f64, f64)> = rules.iter().map(|rule| (rule.from, rule.to)).collect();
    for (index, rule) in rules.iter_mut().enumerate() {
        let meets: Vec<f64> = others
            .iter()
            .filter(|other| other.group == rule.group && rule.group.is_some())
            .filter_map(|other| Some(touch(rule, other, near)?.0))
            .collect();
        let first = meets.iter().copied().fold(f64::INFINITY, f64::min);
        let last = meets.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let alone = |end: f64, pick: fn(&(f64, f64)) -> f64| {
            let mut beside = ends.iter().enumerate().filter(|(other, _)| *other != index);
            beside.all(|(_, ends)| (pick(ends) - end).abs() > near)
        };
        let hangs = |length: f64| length > near && length < OVERHANG * millimetre;
        let (start, end) = (rule.from, rule.to);
        if hangs(first - start) && alone(start, |ends| ends.0) {
            rule.at_from = rule.at(first);
            rule.from = first;
        }
        if hangs(end - last) && alone(end, |ends| ends.1) {
            rule.at_to = rule.at(last);
            rule.to = last;
        }
    }
}

fn drop_marked(rules: &mut Vec<Rule>, marks: &[bool]) {
    let mut marks = marks.iter();
    rules.retain(|_| !marks.next().copied().unwrap_or(false));
}

/// Numbers the groups of rules that touch each other and are large enough to hold text.
fn group(horizontal: &mut [Rule], vertical: &mut [Rule], millimetre: f64) {
    let near = TOUCH * millimetre;
    let first_vertical = horizontal.len();
    let mut groups = super::super::groups::Groups::new(first_vertical + vertical.len());
    for (i, rule) in horizontal.iter().enumerate() {
        for (j, other) in vertical.iter().enumerate() {
            if touch(rule, other, near).is_some() {
                groups.join(i, first_vertical + j);
            }
        }
    }
    // For each root: extents along both directions, and how many rules of either direction.
    let mut numbers = std::collections::BTreeMap::new();
    for root in 0..first_vertical + vertical.len() {
        if groups.root(root) != root {
            continue;
        }
        let horizontals = (0..first_vertical).filter(|i| groups.root(*i) == root).count();
        let members = || (0..first_vertical + vertical.len()).filter(|i| groups.root(*i) == root);
        let verticals = members().count() - horizontals;
        let extent = |of_vertical: bool| {
            let spans = members().map(|i| {
                let is_vertical = i >= first_vertical;
                let rule = if is_vertical {
                    &vertical[i - first_vertical]
                } else {
                    &horizontal[i]
                };
                if is_vertical == of_vertical {
                    (rule.from, rule.to)
                } else {
                    (rule.at_from.min(rule.at_to), rule.at_from.max(rule.at_to))
                }
            });
            spans.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), (from, to)| {
                (low.min(from), high.max(to))
            })
        };
        let (width, height) = (extent(false), extent(true));
        let enough = horizontals >= 1 && verticals >= 1 && horizontals + verticals >= 3;
        let large = width.1 - width.0 >= SMALLEST.0 * millimetre && height.1 - height.0 >= SMALLEST.1 * millimetre;
        if enough && large {
            let number = numbers.len();
            numbers.insert(root, number);
        }
    }
    for (i, rule) in horizontal.iter_mut().enumerate() {
        rule.group = numbers.get(&groups.root(i)).copied();
    }
    for (j, rule) in vertical.iter_mut().enumerate() {
        rule.group = numbers.get(&groups.root(first_vertical + j)).copied();
    }
}
