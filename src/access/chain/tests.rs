use proptest::prelude::*;

use super::*;

fn entry(n: u64) -> AuditEntry {
    AuditEntry {
        at: format!("2026-06-30T08:00:{:02}Z", n % 60),
        actor: "zhao".into(),
        role: Some("staff".into()),
        action: Action::Search,
        outcome: Outcome::Done,
        case_id: None,
        purpose: Some("窗口查档".into()),
        request_id: Some(format!("{n:016x}")),
        address: Some("127.0.0.1".into()),
        details: "{\"query\":\"许可\"}".into(),
    }
}

fn key(n: u8) -> CheckpointKey {
    CheckpointKey::from_bytes(&[n; 32])
}

/// A chain with a checkpoint on each third entry and on the last.
fn chain(count: u64, hash: ChainHash) -> (Vec<SealedEntry>, Vec<Checkpoint>) {
    let mut previous = [0; 32];
    let mut sealed = Vec::new();
    let mut checkpoints = Vec::new();
    for sequence in 1..=count {
        let next = entry(sequence).seal(hash, sequence, previous);
        previous = next.hash;
        if sequence % 3 == 1 || sequence == count {
            checkpoints.push(key(1).sign(sequence, next.hash, next.entry.at.clone()));
        }
        sealed.push(next);
    }
    (sealed, checkpoints)
}

fn verify(entries: &[SealedEntry], checkpoints: &[Checkpoint]) -> Vec<ChainFinding> {
    let mut verifier = Verifier::new(checkpoints.to_vec(), &[key(1).public()]);
    for entry in entries {
        verifier.entry(entry);
    }
    verifier.finish()
}

/// A way to bend a log.
#[derive(Clone, Debug)]
enum Bend {
    Change(usize, u8),
    Remove(usize),
    Insert(usize),
    Repeat(usize),
    Swap(usize, usize),
    Cut(usize),
    /// Changes an entry and makes the whole chain after it anew, as somebody can who has the program.
    Rewrite(usize),
    Checkpoint(usize),
}

fn bends() -> impl Strategy<Value = Bend> {
    let at = 0..20_usize;
    prop_oneof![
        (at.clone(), 0..9_u8).prop_map(|(at, what)| Bend::Change(at, what)),
        at.clone().prop_map(Bend::Remove),
        at.clone().prop_map(Bend::Insert),
        at.clone().prop_map(Bend::Repeat),
        (at.clone(), at.clone()).prop_map(|(a, b)| Bend::Swap(a, b)),
        at.clone().prop_map(Bend::Cut),
        at.clone().prop_map(Bend::Rewrite),
        at.prop_map(Bend::Checkpoint),
    ]
}

fn change(sealed: &mut SealedEntry, what: u8) {
    let entry = &mut sealed.entry;
    match what {
        0 => entry.at.push('0'),
        1 => entry.actor = "qian".into(),
        2 => entry.role = None,
        3 => entry.action = Action::ViewCase,
        4 => entry.outcome = Outcome::Refused,
        5 => entry.case_id = Some(String::new()),
        6 => entry.purpose = None,
        7 => entry.address = Some("127.0.0.2".into()),
        _ => entry.details = "{}".into(),
    }
}

proptest! {
    #[test]
    fn whatever_is_bent_is_found(count in 2..20_u64, bend in bends(), sm3 in any::<bool>()) {
        let hash = if sm3 { ChainHash::Sm3 } else { ChainHash::Sha256 };
        let (entries, checkpoints) = chain(count, hash);
        prop_assert_eq!(verify(&entries, &checkpoints), []);
        let (mut bent, mut signed) = (entries.clone(), checkpoints.clone());
        let place = |at: usize| at % entries.len();
        match bend {
            Bend::Change(at, what) => change(&mut bent[place(at)], what),
            Bend::Remove(at) => { bent.remove(place(at)); }
            Bend::Insert(at) => {
                let at = place(at);
                let previous = at.checked_sub(1).map_or([0; 32], |before| bent[before].hash);
                bent.insert(at, entry(99).seal(hash, at as u64 + 1, previous));
            }
            Bend::Repeat(at) => bent.insert(place(at), entries[place(at)].clone()),
            Bend::Swap(a, b) => bent.swap(place(a), place(b)),
            Bend::Cut(at) => bent.truncate(place(at)),
            Bend::Rewrite(at) => {
                let mut previous = place(at).checked_sub(1).map_or([0; 32], |before| bent[before].hash);
                change(&mut bent[place(at)], 1);
                for sealed in &mut bent[place(at)..] {
                    *sealed = sealed.entry.clone().seal(hash, sealed.sequence, previous);
                    previous = sealed.hash;
                }
            }
            Bend::Checkpoint(at) => {
                let at = at % signed.len();
                let (sequence, at_time) = (signed[at].sequence, signed[at].at.clone());
                signed[at] = key(2).sign(sequence, [7; 32], at_time);
            }
        }
        if bent != entries || signed != checkpoints {
            prop_assert_ne!(verify(&bent, &signed), []);
        }
    }
}

#[test]
fn findings_name_the_place() {
    let (entries, checkpoints) = chain(7, ChainHash::Sha256);
    let kinds = |entries: &[SealedEntry]| -> Vec<(FindingKind, u64)> {
        let found = verify(entries, &checkpoints);
        found.iter().map(|finding| (finding.kind, finding.sequence)).collect()
    };
    let mut changed = entries.clone();
    changed[2].entry.actor = "qian".into();
    assert_eq!(kinds(&changed), [(FindingKind::Changed, 3)]);
    let mut removed = entries.clone();
    removed.remove(2);
    assert_eq!(kinds(&removed), [(FindingKind::Missing, 4)]);
    assert_eq!(kinds(&entries[..5]), [(FindingKind::Truncated, 7)]);
    assert_eq!(verify(&entries, &[])[0].kind, FindingKind::NoCheckpoint);
    assert_eq!(verify(&[], &[]), []);
}

/// GB/T 32905-2016, example 1, and the same chain under another function.
#[test]
fn the_hash_functions_are_the_standard_ones() {
    assert_eq!(
        hex::encode(Sm3::digest(b"abc")),
        "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    );
    let one = |kind| entry(1).seal(kind, 1, [0; 32]).hash;
    assert_ne!(one(ChainHash::Sha256), one(ChainHash::Sm3));
}

#[test]
fn a_missing_part_is_not_an_empty_one() {
    let mut other = entry(1);
    other.case_id = Some(String::new());
    let hash = |entry: AuditEntry| entry.seal(ChainHash::Sha256, 1, [0; 32]).hash;
    assert_ne!(hash(entry(1)), hash(other));
}
