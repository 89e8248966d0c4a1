//! What was searched for, as the audit log says it: personal numbers masked, wherever they were typed.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{FindingState, FindingsQuery};
use crate::access::masked_query;
use crate::search::SearchRequest;
use crate::search::statistics::StatisticsRequest;

/// The query and the filters of a search.
pub fn asked(request: &SearchRequest) -> Value {
    let mut filters: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (facet, value) in request.filters() {
        filters.entry(facet.code()).or_default().push(masked_query(value));
    }
    for (name, value) in request.narrowing() {
        filters.entry(name).or_default().push(value.to_owned());
    }
    let (from, to) = request.dates();
    json!({
        "query": masked_query(request.query()),
        "filters": filters,
        "from": from,
        "to": to,
        "page": request.page(),
        "goes_on": request.goes_on(),
    })
}

/// The same of statistics, with by what was grouped and which figures were asked for.
pub fn asked_statistics(request: &StatisticsRequest) -> Value {
    let mut asked = asked(request.search());
    let by = request.by().iter().map(|by| by.code());
    let measures = request.measures().iter().map(|measure| measure.code());
    asked["by"] = by.collect();
    asked["measures"] = measures.collect();
    if let Some((from, to)) = request.compared() {
        asked["compared"] = json!({"from": from, "to": to});
    }
    asked
}

/// Which findings were asked for. Names of agencies and codes only, so nothing is to be masked but what was typed there.
pub fn asked_findings(query: &FindingsQuery) -> Value {
    json!({
        "rules": query.rules.iter().map(|rule| rule.code()).collect::<Vec<_>>(),
        "severities": query.severities.iter().map(|severity| severity.code()).collect::<Vec<_>>(),
        "state": query.state.map_or("all", FindingState::code),
        "years": query.years,
        "agencies": query.agencies.iter().map(|name| masked_query(name)).collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_personal_number_is_told() {
        let pairs = [
            ("q", "申请人:赵小满 14022419900101123X 138-0013-8000 1402241990"),
            ("agency", "140224199001011234"),
            ("year", "2019"),
            ("from", "2019-01-01"),
        ];
        let told = asked(&SearchRequest::from_pairs(pairs).unwrap());
        assert_eq!(
            told["query"],
            "申请人:赵小满 1402**********123X 138-****-8000 1402******"
        );
        assert_eq!(told["filters"]["agency"][0], "1402**********1234");
        assert_eq!(
            (told["filters"]["year"][0].as_str(), told["from"].as_str()),
            (Some("2019"), Some("2019-01-01"))
        );
    }
}
