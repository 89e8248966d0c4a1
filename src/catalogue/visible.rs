//! The cases that a viewer may see, as a condition of SQL: as `VisibleCases::allow` says of one case.

use sqlx::{QueryBuilder, Sqlite};

use super::database::to_db;
use crate::access::{Restriction, VisibleCases};
use crate::record::SecurityClass;

/// Narrows a query over `reviews r` to the visible cases.
pub(super) fn restrict_to_visible(query: &mut QueryBuilder<Sqlite>, visible: &VisibleCases) {
    for restriction in visible.restrictions() {
        if let Restriction::Years(from, to) = restriction {
            query.push(" AND r.year BETWEEN ").push_bind(i64::from(*from));
            query.push(" AND ").push_bind(i64::from(*to));
            continue;
        }
        query.push(" AND r.case_key IN (SELECT v.case_key FROM cases v WHERE ");
        match restriction {
            Restriction::Keys(keys) => {
                query.push("v.case_key IN (");
                let mut list = query.separated(", ");
                for key in keys {
                    list.push_bind(to_db(*key));
                }
                query.push(")");
            }
            Restriction::Agencies(names) => {
                query.push("v.agency IN (");
                let mut list = query.separated(", ");
                for name in names {
                    list.push_bind(name.clone());
                }
                query.push(")");
            }
            Restriction::Regions(codes) => {
                query.push("(FALSE");
                for code in codes {
                    query.push(" OR v.region LIKE ");
                    query.push_bind(format!("{}%", code.as_str().trim_end_matches("00")));
                }
                query.push(")");
            }
            Restriction::Clearance(SecurityClass::Public) => {
                query
                    .push("v.security_class = ")
                    .push_bind(SecurityClass::Public.code());
            }
            Restriction::Clearance(clearance) => {
                query.push("COALESCE(v.security_class, '') NOT IN (");
                let mut list = query.separated(", ");
                for class in Restriction::classes_above(*clearance) {
                    list.push_bind(class.code());
                }
                query.push(")");
            }
            Restriction::Years(..) => {}
        }
        query.push(")");
    }
}
