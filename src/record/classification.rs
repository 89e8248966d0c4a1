//! Closed lists: outcome, document kind, retention, security class, kind of applicant.

/// Declares a closed list once: variant, stable code, Chinese label, English label, and other Chinese wordings
/// under which it appears in manifests.
macro_rules! closed_list {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal, $zh:literal, $en:literal, [$($also:literal),*];)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $code)] $variant,)+
        }

        impl $name {
            /// All values in their usual order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable code used in storage, index and API.
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// The Chinese label.
            pub fn label_zh(self) -> &'static str {
                match self { $(Self::$variant => $zh),+ }
            }

            /// The English label.
            pub fn label_en(self) -> &'static str {
                match self { $(Self::$variant => $en),+ }
            }

            /// Reads a code, a label or a usual wording; surrounding spaces do not count.
            pub fn parse(text: &str) -> Option<Self> {
                match text.trim() {
                    $($code | $zh | $en $(| $also)* => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }
    };
}

pub(crate) use closed_list;

closed_list! {
    /// Outcome of a case (决定结果).
    Outcome {
        /// 准予
        Granted = "granted", "准予", "Granted", ["准予许可", "许可", "批准", "同意", "准予行政许可"];
        /// 不予
        Refused = "refused", "不予", "Refused", ["不予许可", "不批准", "驳回", "不予行政许可"];
        /// 撤回
        Withdrawn = "withdrawn", "撤回", "Withdrawn", ["撤回申请", "申请人撤回"];
        /// 终止
        Terminated = "terminated", "终止", "Terminated", ["终止审查", "终止办理"];
        /// 撤销
        Revoked = "revoked", "撤销", "Revoked", ["撤销许可"];
        /// 注销
        Cancelled = "cancelled", "注销", "Cancelled", ["注销许可"];
        /// 变更
        Changed = "changed", "变更", "Changed", ["准予变更"];
        /// 延续
        Renewed = "renewed", "延续", "Renewed", ["准予延续"];
        /// 未知
        Unknown = "unknown", "未知", "Unknown", ["不详"];
    }
}

closed_list! {
    /// Kind of a document in a case (文种).
    DocumentKind {
        /// 申请书、申请表
        Application = "application", "申请书", "Application", ["申请表", "申请材料"];
        /// 受理通知书
        AcceptanceNotice = "acceptance_notice", "受理通知书", "Acceptance notice", ["受理单", "受理决定书"];
        /// 补正告知书
        SupplementNotice = "supplement_notice", "补正告知书", "Supplement notice", ["补正通知书"];
        /// 现场核查
        Inspection = "inspection", "现场核查", "Inspection", ["现场核查表", "现场勘验", "现场检查"];
        /// 听证
        Hearing = "hearing", "听证", "Hearing", ["听证笔录", "听证告知书"];
        /// 审查意见
        Review = "review", "审查意见", "Review opinion", ["审查意见表", "审批表", "审核意见"];
        /// 决定书
        Decision = "decision", "决定书", "Decision", ["行政许可决定书", "准予行政许可决定书", "不予行政许可决定书"];
        /// 证照
        Licence = "licence", "证照", "Licence", ["许可证", "执照"];
        /// 送达回证
        ServiceReceipt = "service_receipt", "送达回证", "Service receipt", ["送达回执"];
        /// 卷内目录
        Contents = "contents", "卷内目录", "Contents list", ["目录"];
        /// 其他
        Other = "other", "其他", "Other", ["其它"];
    }
}

closed_list! {
    /// Retention period (保管期限; 国家档案局令第8号, DA/T 22-2015).
    Retention {
        /// 永久
        Permanent = "Y", "永久", "Permanent", ["permanent"];
        /// 30年
        Years30 = "D30", "30年", "30 years", ["定期30年", "三十年"];
        /// 10年
        Years10 = "D10", "10年", "10 years", ["定期10年", "十年"];
    }
}

closed_list! {
    /// Security class (密级). 绝密 never enters such a system and is refused on import.
    SecurityClass {
        /// 公开
        Public = "public", "公开", "Public", ["非密", "无"];
        /// 内部
        Internal = "internal", "内部", "Internal", [];
        /// 秘密
        Secret = "secret", "秘密", "Secret", [];
        /// 机密
        Confidential = "confidential", "机密", "Confidential", [];
    }
}

closed_list! {
    /// Kind of applicant (申请人类型).
    ApplicantKind {
        /// 自然人
        Person = "person", "自然人", "Natural person", ["个人", "公民"];
        /// 法人
        LegalPerson = "legal_person", "法人", "Legal person", ["企业", "企业法人", "单位"];
        /// 其他组织
        Organisation = "organisation", "其他组织", "Other organisation", ["非法人组织", "组织", "个体工商户"];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_and_label_reads_back() {
        for outcome in Outcome::ALL {
            assert_eq!(Outcome::parse(outcome.code()), Some(*outcome));
            assert_eq!(Outcome::parse(outcome.label_zh()), Some(*outcome));
        }
        for kind in DocumentKind::ALL {
            assert_eq!(DocumentKind::parse(kind.code()), Some(*kind));
            assert_eq!(DocumentKind::parse(kind.label_zh()), Some(*kind));
        }
        assert_eq!(Retention::parse(" D30 "), Some(Retention::Years30));
        assert_eq!(SecurityClass::parse("绝密"), None);
    }
}
