//! Roles and what each may do.

use crate::record::closed_list;

closed_list! {
    /// What an account is for. It holds one role at most; the three administrators (三员) are three of them, so that no
    /// account can be two of them. Citizens have no account.
    Role {
        /// 工作人员
        Staff = "staff", "工作人员", "Staff", [];
        /// 审计人员
        Auditor = "auditor", "审计人员", "Auditor", [];
        /// 系统管理员
        SystemAdmin = "system_admin", "系统管理员", "System administrator", [];
        /// 安全管理员
        SecurityAdmin = "security_admin", "安全管理员", "Security administrator", ["安全保密管理员"];
        /// 日志管理员
        LogAdmin = "log_admin", "日志管理员", "Log administrator", ["安全审计员", "审计管理员"];
    }
}

closed_list! {
    /// Something that a request may need to be allowed. Handlers name theirs in their signature.
    Right {
        /// Search, with suggestions.
        Search = "search", "检索", "Search", [];
        /// Look at cases, their pages and images.
        ReadCases = "read_cases", "查看案卷", "Look at cases", [];
        /// Correct what was read.
        Correct = "correct", "更正", "Correct", [];
        /// See the queue of what needs eyes.
        Review = "review", "复核", "Review", [];
        /// Statistics of the cases that may be seen.
        Statistics = "statistics", "统计", "Statistics", [];
        /// Take cases out of the archive as files.
        Export = "export", "导出", "Export", [];
        /// See findings and samples, and decide which findings are false alarms.
        Findings = "findings", "审计核查", "Findings", [];
        /// Search by a full personal number, and see personal data in full, with a reason.
        Unmask = "unmask", "查看完整个人信息", "See personal data in full", [];
        /// Check identity cards at the counter and issue access codes to citizens.
        IssueCodes = "issue_codes", "签发查询码", "Issue access codes to citizens", [];
        /// Send scans and manifests, from which the indexer makes cases.
        Upload = "upload", "上传", "Upload", [];
        /// Make accounts, and see how the service runs.
        Operate = "operate", "运行维护", "Operate", [];
        /// Give and take roles.
        Grant = "grant", "授权", "Grant", [];
        /// Read the audit log.
        ReadAudit = "read_audit", "查看审计日志", "Read the audit log", [];
    }
}

impl Role {
    /// The three administrators.
    pub const ADMINISTRATORS: [Self; 3] = [Self::SystemAdmin, Self::SecurityAdmin, Self::LogAdmin];

    /// Whether it is one of the three administrators.
    pub fn is_administrator(self) -> bool {
        Self::ADMINISTRATORS.contains(&self)
    }

    /// The most that a role may do. [`Right::Unmask`], [`Right::IssueCodes`] and [`Right::Upload`] need to be granted by name besides.
    pub fn rights(self) -> &'static [Right] {
        match self {
            Self::Staff => &[
                Right::Search,
                Right::ReadCases,
                Right::Correct,
                Right::Review,
                Right::Statistics,
                Right::Export,
                Right::Unmask,
                Right::IssueCodes,
                Right::Upload,
            ],
            Self::Auditor => &[
                Right::Search,
                Right::ReadCases,
                Right::Statistics,
                Right::Export,
                Right::Findings,
                Right::Unmask,
            ],
            Self::SystemAdmin => &[Right::Operate],
            Self::SecurityAdmin => &[Right::Grant],
            Self::LogAdmin => &[Right::ReadAudit],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 三员分立: no right of one administrator is a right of another, and none of them reads cases.
    #[test]
    fn the_three_administrators_share_nothing() {
        let cases = [
            Right::Search,
            Right::ReadCases,
            Right::Correct,
            Right::Review,
            Right::Statistics,
            Right::Export,
            Right::Findings,
            Right::Unmask,
            Right::IssueCodes,
            Right::Upload,
        ];
        for role in Role::ADMINISTRATORS {
            for other in Role::ALL.iter().filter(|other| **other != role) {
                assert!(role.rights().iter().all(|right| !other.rights().contains(right)));
            }
            assert!(role.rights().iter().all(|right| !cases.contains(right)));
        }
        assert!(!Role::Auditor.rights().contains(&Right::Correct), "read-only");
    }
}
