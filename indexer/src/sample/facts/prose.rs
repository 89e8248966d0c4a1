//! Fills the sentences of the vocabulary with the facts of a case.

use juanzong::record::ApplicantKind;
use rand::RngExt;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use super::super::vocabulary::names::{GIVEN, SURNAMES};
use super::super::vocabulary::prose::{BANKS, CHANNELS};
use super::{Facts, numeric_date, pick};

/// Fills sentences; holds the random source for what the case does not fix.
pub(in crate::sample) struct Prose<'a> {
    facts: &'a Facts,
    rng: ChaCha8Rng,
}

impl<'a> Prose<'a> {
    pub(in crate::sample) fn new(facts: &'a Facts, rng: ChaCha8Rng) -> Self {
        Self { facts, rng }
    }

    /// The random source, for choices beside the sentences.
    pub(in crate::sample) fn rng(&mut self) -> &mut ChaCha8Rng {
        &mut self.rng
    }

    /// One sentence of a list, filled.
    pub(in crate::sample) fn one(&mut self, list: &[&str]) -> String {
        let sentence = *pick(&mut self.rng, list);
        self.fill(sentence)
    }

    /// Up to `count` different sentences of a list in random order, filled.
    pub(in crate::sample) fn some(&mut self, list: &[&str], count: usize) -> Vec<String> {
        let mut list = list.to_vec();
        list.shuffle(&mut self.rng);
        list.truncate(count);
        list.iter().map(|sentence| self.fill(sentence)).collect()
    }

    /// Replaces every `{name}` by its value. An unknown name stays as it is, which a test of the vocabulary notices.
    pub(in crate::sample) fn fill(&mut self, sentence: &str) -> String {
        let mut text = String::with_capacity(sentence.len() * 2);
        let mut rest = sentence;
        while let Some((before, after)) = rest.split_once('{') {
            text.push_str(before);
            let Some((name, tail)) = after.split_once('}') else {
                text.push('{');
                rest = after;
                continue;
            };
            match self.value(name) {
                Some(value) => text.push_str(&value),
                None => text.push_str(&format!("{{{name}}}")),
            }
            rest = tail;
        }
        text.push_str(rest);
        text
    }

    fn value(&mut self, name: &str) -> Option<String> {
        let facts = self.facts;
        let laws = facts.matter.laws;
        let law = |at: usize| {
            laws.get(at)
                .or(laws.first())
                .copied()
                .unwrap_or(("中华人民共和国行政许可法", "第三十八条"))
        };
        Some(match name {
            "applied" => numeric_date(facts.applied),
            "accepted" => numeric_date(facts.accepted),
            "inspected" => numeric_date(facts.inspected),
            "acceptance" => facts.acceptance_number.clone(),
            "applicant" if facts.applicant.kind == ApplicantKind::Person => format!("申请人{}", facts.applicant.name),
            "applicant" => facts.applicant.name.clone(),
            "representative" => facts.applicant.representative.name.clone(),
            "address" => facts.applicant.address.clone(),
            "agency" => facts.agency.clone(),
            "county" => facts.county.name.to_owned(),
            "town" => (*pick(&mut self.rng, &facts.county.towns)).to_owned(),
            "matter" => facts.matter.name.to_owned(),
            "licence" => format!("《{}》", facts.matter.licence),
            "law" => law(0).0.to_owned(),
            "article" => law(0).1.to_owned(),
            "law2" => law(1).0.to_owned(),
            "article2" => law(1).1.to_owned(),
            "department" => facts.department.to_owned(),
            "clerk" => facts.clerk.name.clone(),
            "second" => facts.second_clerk.name.clone(),
            "days" => facts.promised_days.to_string(),
            "area" => facts.area.clone(),
            "capital" => facts.capital.to_string(),
            "equipment" => (*pick(&mut self.rng, &facts.equipment)).to_owned(),
            "material" => (*pick(&mut self.rng, facts.matter.materials)).to_owned(),
            "channel" => (*pick(&mut self.rng, CHANNELS)).to_owned(),
            "bank" => (*pick(&mut self.rng, BANKS)).to_owned(),
            "neighbour" => format!("{}{}", pick(&mut self.rng, SURNAMES), pick(&mut self.rng, GIVEN)),
            "n" => self.rng.random_range(5..60).to_string(),
            "m" => self.rng.random_range(2..5).to_string(),
            _ => return None,
        })
    }
}
