//! The rules and what they rest on, in one table.

use crate::record::closed_list;

/// Missing numbers from which on a gap is a jump.
pub const JUMP: u32 = 10;

closed_list! {
    /// How grave a finding is.
    Severity {
        /// 高
        High = "high", "高", "High", [];
        /// 中
        Medium = "medium", "中", "Medium", [];
        /// 低
        Low = "low", "低", "Low", [];
        /// 待核实: it rests on something that may be misread.
        Check = "to_check", "待核实", "To be checked", [];
    }
}

/// Declares the rules once: variant, code, Chinese name, English name, usual severity, basis in Chinese and English.
macro_rules! rules {
    ($($(#[$doc:meta])* $variant:ident = $code:literal, $zh:literal, $en:literal, $severity:ident, $basis_zh:literal, $basis_en:literal;)+) => {
        /// A rule by which findings are made.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Rule {
            $($(#[$doc])* $variant,)+
        }

        impl Rule {
            /// All rules in their order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable code.
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// The Chinese name.
            pub fn label_zh(self) -> &'static str {
                match self { $(Self::$variant => $zh),+ }
            }

            /// The English name.
            pub fn label_en(self) -> &'static str {
                match self { $(Self::$variant => $en),+ }
            }

            /// How grave a finding is that rests on nothing doubtful.
            pub fn severity(self) -> Severity {
                #[allow(clippy::match_same_arms)] // a table
                match self { $(Self::$variant => Severity::$severity),+ }
            }

            /// What it rests on, in Chinese.
            pub fn basis_zh(self) -> &'static str {
                #[allow(clippy::match_same_arms)] // a table
                match self { $(Self::$variant => $basis_zh),+ }
            }

            /// What it rests on, in English.
            pub fn basis_en(self) -> &'static str {
                #[allow(clippy::match_same_arms)] // a table
                match self { $(Self::$variant => $basis_en),+ }
            }

            /// The rule with this code.
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

rules! {
    /// One to nine numbers of a series are missing.
    NumberGap = "number_gap", "断号、缺号", "Gap in the numbers", Medium,
        "GB/T 9704-2012 发文字号按年顺序编制；DA/T 13-2022 档号不空号", "Numbers follow each other within a year (GB/T 9704-2012, DA/T 13-2022)";
    /// Ten numbers of a series or more are missing at once.
    NumberJump = "number_jump", "跳号", "Jump of the numbers", Medium,
        "GB/T 9704-2012 发文字号按年顺序编制；DA/T 13-2022 档号不空号", "Numbers follow each other within a year (GB/T 9704-2012, DA/T 13-2022)";
    /// Several cases have the same number.
    NumberDuplicate = "number_duplicate", "重号", "Number given twice", High,
        "GB/T 9704-2012 一文一号；DA/T 13-2022 档号唯一", "One number for one document (GB/T 9704-2012), one code for one case (DA/T 13-2022)";
    /// So many numbers of a series are missing that it is not this archive that holds it.
    NumberSeries = "number_series", "编号序列不完整", "Series with many gaps", Low,
        "馆藏是否完整须先核对，不逐号列示", "Whether the archive holds the whole series is to be asked first; single numbers are not listed";
    /// Decided before it was accepted.
    DecisionBeforeAcceptance = "decision_before_acceptance", "先决定后受理", "Decided before accepted", High,
        "行政许可法第三十二条、第三十七条", "Administrative Licensing Law, Art. 32 and 37";
    /// Other dates that are not in the order of the stages.
    DatesOutOfOrder = "dates_out_of_order", "日期倒置", "Dates out of order", Medium,
        "行政许可法第二十九条至第四十四条所定程序", "Order of the stages, Administrative Licensing Law, Art. 29 to 44";
    /// Decided on a day that is not worked.
    DecisionOnDayOff = "decision_on_day_off", "节假日作出决定", "Decided on a day off", Low,
        "国务院办公厅节假日安排通知", "Yearly notices of the State Council on holidays";
    /// Decided later than the law allows.
    OverTime = "over_time", "超期办结", "Decided over time", High,
        "行政许可法第四十二条、第八十二条", "Administrative Licensing Law, Art. 42 and 82";
    /// Nothing is there of a stage that every case goes through.
    MissingStage = "missing_stage", "缺少环节", "Stage missing", Medium,
        "行政许可法第二十九条、第三十二条、第三十四条、第三十八条、第四十四条", "Administrative Licensing Law, Art. 29, 32, 34, 38 and 44";
    /// A stage is dated, but the paper that the law asks for is not in the case.
    MissingDocument = "missing_document", "缺少材料", "Document missing", Medium,
        "行政许可法第三十二条、第三十八条、第三十九条；GB/T 42727-2023 归档范围", "Administrative Licensing Law, Art. 32, 38 and 39; GB/T 42727-2023, what is to be archived";
    /// Documents of one case name outcomes that exclude each other.
    OutcomeContradiction = "outcome_contradiction", "决定结果矛盾", "Contradictory outcomes", High,
        "行政许可法第三十八条", "Administrative Licensing Law, Art. 38";
    /// Refused, and soon granted to the same applicant.
    RefusedThenGranted = "refused_then_granted", "先不予后准予", "Refused, then granted", Medium,
        "行政许可法第三十八条、第七十八条；核查两次申请的条件是否变化", "Administrative Licensing Law, Art. 38 and 78: what changed between the two applications";
    /// One applicant appears under several numbers.
    ApplicantSeveralNumbers = "applicant_several_numbers", "同一申请人多个证件号码", "One applicant, several numbers", Medium,
        "GB 11643-1999、GB 32100-2015 一人（主体）一码", "One number for one person or organisation (GB 11643-1999, GB 32100-2015)";
    /// One number appears with several names.
    NumberSeveralNames = "number_several_names", "同一证件号码多个名称", "One number, several names", Medium,
        "GB 11643-1999、GB 32100-2015 一码一人（主体）", "One person or organisation for one number (GB 11643-1999, GB 32100-2015)";
    /// The check digit of a number is wrong.
    InvalidNumber = "invalid_number", "证件号码校验位错误", "Wrong check digit", Medium,
        "GB 11643-1999、GB 32100-2015", "GB 11643-1999, GB 32100-2015";
    /// A licence was changed after it had ended.
    LicenceUsedAfterExpiry = "licence_used_after_expiry", "证照过期后仍使用", "Licence used after its end", High,
        "行政许可法第四十九条、第七十条", "Administrative Licensing Law, Art. 49 and 70";
    /// A renewal was applied for after the licence had ended.
    RenewalAfterExpiry = "renewal_after_expiry", "过期后申请延续", "Renewed after its end", High,
        "行政许可法第五十条", "Administrative Licensing Law, Art. 50";
    /// Several cases show the same file.
    IdenticalScan = "identical_scan", "不同案卷扫描件相同", "Same scan in several cases", High,
        "DA/T 31-2017；文件散列值相同", "DA/T 31-2017; equal hashes of the files";
    /// Pages of several cases look alike.
    SimilarScan = "similar_scan", "不同案卷扫描件高度相似", "Nearly the same scan in several cases", Medium,
        "DA/T 31-2017；图像感知散列相近", "DA/T 31-2017; close perceptual hashes of the images";
    /// Kept for a shorter time than the table says, or than cases of this matter are.
    RetentionTooShort = "retention_too_short", "保管期限过短", "Retention too short", Medium,
        "国家档案局令第8号、DA/T 22-2015；本馆保管期限表", "National Archives Administration, order no. 8; DA/T 22-2015; the archive's table of retention";
    /// The refusals of a year do not fit the other years of the agency.
    RefusalRateOutlier = "refusal_rate_outlier", "不予许可率异常", "Unusual rate of refusals", Medium,
        "与该机关其他年度比较；全库误报概率不高于百分之一", "Compared with the other years of the agency; probability of one false alarm in the whole archive at most 1 %";
    /// The durations of a year do not fit the other years of the agency.
    DurationOutlier = "duration_outlier", "办理时长异常", "Unusual durations", Medium,
        "与该机关其他年度比较；全库误报概率不高于百分之一", "Compared with the other years of the agency; probability of one false alarm in the whole archive at most 1 %";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_read_back() {
        for rule in Rule::ALL {
            assert_eq!(Rule::from_code(rule.code()), Some(*rule));
        }
        assert_eq!(Rule::from_code("x"), None);
    }
}
