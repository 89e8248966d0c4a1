//! 行政区划: the place in the name of the agency, and where the premises are.

use juanzong::record::{Fact, FieldName};

use super::Vocabulary;

/// Follows what was found: the agencies and addresses of this document.
pub(super) fn find(vocabulary: &Vocabulary, facts: &mut Vec<Fact>) {
    let mut found: Vec<Fact> = Vec::new();
    let known = |found: &[Fact], code: &str, rule: &str| found.iter().any(|f| f.value == code && f.origin == rule);
    for fact in facts.iter() {
        let (rule, weight, code) = match fact.field {
            // An address names the province, so it tells counties of one name apart.
            FieldName::Address => {
                let Some((_, code)) = vocabulary.region_of_address(&fact.value) else {
                    continue;
                };
                ("region.address", 0.9, code)
            }
            FieldName::Agency => {
                let Some(code) = vocabulary.region_of(&fact.value) else {
                    continue;
                };
                ("region.agency", 0.97, code)
            }
            // Digits 3 to 8 of a credit code: where the organisation was registered.
            FieldName::ApplicantIdNumber => {
                let digits: Option<String> = fact.value.get(2..8).map(str::to_owned);
                let Some(code) = digits.filter(|code| fact.value.starts_with('9') && vocabulary.has_region(code))
                else {
                    continue;
                };
                ("region.credit_code", 0.6, code)
            }
            _ => continue,
        };
        let Some(evidence) = fact.evidence.clone() else {
            continue;
        };
        if known(&found, &code, rule) {
            continue;
        }
        let mut evidence = evidence;
        evidence.confidence *= weight;
        found.push(Fact {
            field: FieldName::Region,
            as_read: Some(fact.as_read.clone().unwrap_or_else(|| fact.value.clone())),
            value: code,
            origin: rule.to_owned(),
            evidence: Some(evidence),
            ..fact.clone()
        });
    }
    // Numbers of persons are personal: the region of a credit code tells its six digits only.
    for fact in &mut found {
        if fact.origin == "region.credit_code" {
            fact.as_read = None;
        }
    }
    facts.append(&mut found);
}
