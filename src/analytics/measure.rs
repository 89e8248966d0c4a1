//! What can be counted, and by what.

use std::ops::RangeInclusive;

use crate::record::closed_list;

closed_list! {
    /// A figure of a group of cases (指标).
    Measure {
        /// 件数
        Cases = "cases", "件数", "Cases", ["案卷数"];
        /// 页数
        Pages = "pages", "页数", "Pages", [];
        /// 不予率
        RefusalRate = "refusal_rate", "不予率", "Refusal rate", ["不予许可率"];
        /// 办理工作日中位数
        MedianDays = "median_days", "办理工作日中位数", "Median of working days", [];
        /// 办理工作日90分位
        P90Days = "p90_days", "办理工作日90分位", "90th percentile of working days", [];
        /// 法定期限内办结率
        WithinLimit = "within_limit", "法定期限内办结率", "Share within the legal limit", ["按期办结率"];
        /// 承诺期限内办结率
        WithinPromise = "within_promise", "承诺期限内办结率", "Share within the promised limit", [];
        /// 时限无法计算比例
        NotComputable = "not_computable", "时限无法计算比例", "Share whose time cannot be computed", [];
        /// 平均识别可信度
        Confidence = "confidence", "平均识别可信度", "Mean confidence of the text", [];
        /// 识别质量高的比例
        HighQuality = "high_quality", "识别质量高的比例", "Share of high OCR quality", ["识别质量"];
        /// 齐全率
        Complete = "complete", "齐全率", "Share of complete cases", ["完整率"];
    }
}

/// What a figure is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    /// A whole number of cases.
    Cases,
    /// A whole number of pages.
    Pages,
    /// A part of the cases, from 0 to 1.
    Share,
    /// Working days; half of one where two are in the middle.
    WorkingDays,
    /// A confidence, from 0 to 1.
    Confidence,
}

impl Unit {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Cases => "cases",
            Self::Pages => "pages",
            Self::Share => "share",
            Self::WorkingDays => "working_days",
            Self::Confidence => "confidence",
        }
    }
}

impl Measure {
    /// What it is counted in.
    pub fn unit(self) -> Unit {
        match self {
            Self::Cases => Unit::Cases,
            Self::Pages => Unit::Pages,
            Self::MedianDays | Self::P90Days => Unit::WorkingDays,
            Self::Confidence => Unit::Confidence,
            Self::RefusalRate
            | Self::WithinLimit
            | Self::WithinPromise
            | Self::NotComputable
            | Self::HighQuality
            | Self::Complete => Unit::Share,
        }
    }

    /// How it is reckoned, in Chinese and in English.
    pub fn definition(self) -> (&'static str, &'static str) {
        match self {
            Self::Cases => ("符合条件的案卷件数", "cases that match"),
            Self::Pages => ("案卷内全部材料的页数之和", "pages of all documents of the cases"),
            Self::RefusalRate => (
                "不予 ÷（准予＋不予＋变更＋延续）；撤回、终止、撤销、注销和结果不明的不计入",
                "refused of those granted, refused, changed or renewed; others do not count",
            ),
            Self::MedianDays => (
                "受理次日至决定当日的工作日数的中位数，不扣除依法不计入的时间；无法计算的不计入",
                "median of the working days after acceptance up to the decision, all of them; those that cannot be computed do not count",
            ),
            Self::P90Days => (
                "受理次日至决定当日的工作日数的90分位（最近秩）；无法计算的不计入",
                "90th percentile (nearest rank) of the same working days",
            ),
            Self::WithinLimit => (
                "在法定期限内作出决定的 ÷ 时限可计算的；法定期限依行政许可法第42条或时限表，扣除第45条规定的时间",
                "decided within the legal limit, of those whose time can be computed",
            ),
            Self::WithinPromise => (
                "在承诺期限内（未承诺的按法定期限）作出决定的 ÷ 时限可计算的",
                "decided within the promised limit (the legal one without a promise), of those whose time can be computed",
            ),
            Self::NotComputable => (
                "法定时限无法计算的 ÷ 全部：缺日期、日期颠倒、超出节假日表或扣除时间不明",
                "those whose time cannot be computed, of all: dates that lack or contradict, or lie outside the calendar",
            ),
            Self::Confidence => (
                "有文字的案卷的平均识别可信度的平均值",
                "mean of the mean confidences of the cases that have text",
            ),
            Self::HighQuality => (
                "识别质量为“高”的 ÷ 有文字的",
                "cases of high quality, of those that have text",
            ),
            Self::Complete => (
                "应有环节和材料齐全、目录所列材料均在、且全部可读的 ÷ 全部",
                "cases with every stage and document expected, all readable, of all",
            ),
        }
    }
}

closed_list! {
    /// By what cases are grouped (维度).
    Dimension {
        /// 年度
        Year = "year", "年度", "Year", ["年"];
        /// 季度
        Quarter = "quarter", "季度", "Quarter", ["季"];
        /// 月份
        Month = "month", "月份", "Month", ["月"];
        /// 审批机关, as named at the time
        Agency = "agency", "审批机关", "Agency", ["机关"];
        /// 审批机关（沿革合并）
        Office = "office", "审批机关（沿革合并）", "Agency, successions joined", ["机关沿革合并"];
        /// 省级区划
        Province = "province", "省级区划", "Province", ["省"];
        /// 市级区划
        City = "city", "市级区划", "City", ["市"];
        /// 县级区划
        County = "county", "县级区划", "County", ["县"];
        /// 审批事项
        Matter = "matter", "审批事项", "Matter", ["事项"];
        /// 许可类别
        Category = "category", "许可类别", "Category", ["类别"];
        /// 决定结果
        Outcome = "outcome", "决定结果", "Outcome", ["结果"];
        /// 申请人类型
        ApplicantKind = "applicant_kind", "申请人类型", "Kind of applicant", [];
        /// 识别质量
        OcrQuality = "ocr_quality", "识别质量", "OCR quality", [];
        /// 保管期限
        Retention = "retention", "保管期限", "Retention", [];
        /// 时限结果
        TimeLimit = "time_limit", "时限结果", "Time limit", ["时限"];
    }
}

impl Dimension {
    /// Most of them at once.
    pub const MOST: usize = 2;

    /// Whether its values are times, which are shown in their order.
    pub fn is_time(self) -> bool {
        matches!(self, Self::Year | Self::Quarter | Self::Month)
    }
}

closed_list! {
    /// What a case does not have, so that it stands under no value (缺项).
    Missing {
        /// 年度
        Year = "year", "年度", "Year", [];
        /// 日期
        Date = "date", "日期", "Date", [];
        /// 审批机关
        Agency = "agency", "审批机关", "Agency", [];
        /// 省级区划
        Province = "province", "省级区划", "Province", [];
        /// 市级区划
        City = "city", "市级区划", "City", [];
        /// 县级区划
        County = "county", "县级区划", "County", [];
        /// 审批事项
        Matter = "matter", "审批事项", "Matter", [];
        /// 决定结果
        Outcome = "outcome", "决定结果", "Outcome", [];
        /// 申请人类型
        ApplicantKind = "applicant_kind", "申请人类型", "Kind of applicant", [];
        /// 保管期限
        Retention = "retention", "保管期限", "Retention", [];
        /// 受理日期
        AcceptedOn = "accepted_on", "受理日期", "Date of acceptance", [];
        /// 决定日期
        DecidedOn = "decided_on", "决定日期", "Date of decision", [];
        /// 申请环节
        StageApplication = "stage_application", "申请环节", "Stage of application", [];
        /// 受理环节
        StageAcceptance = "stage_acceptance", "受理环节", "Stage of acceptance", [];
        /// 审查环节
        StageReview = "stage_review", "审查环节", "Stage of review", [];
        /// 决定环节
        StageDecision = "stage_decision", "决定环节", "Stage of decision", [];
        /// 送达环节
        StageService = "stage_service", "送达环节", "Stage of service", [];
        /// 目录所列材料
        Document = "document", "目录所列材料", "Document of the contents list", [];
        /// 可读的文件或页面
        Readable = "readable", "可读的文件或页面", "Readable file or page", [];
    }
}

impl Missing {
    /// Whether a case that lacks it is not complete (不齐全).
    pub fn is_gap(self) -> bool {
        matches!(
            self,
            Self::StageApplication
                | Self::StageAcceptance
                | Self::StageReview
                | Self::StageDecision
                | Self::StageService
                | Self::Document
                | Self::Readable
        )
    }
}

closed_list! {
    /// Whether a case was decided within the legal limit, without the figures (时限结果).
    TimeVerdict {
        /// 期限内
        Within = "within", "期限内", "within the limit", [];
        /// 超期
        Over = "over", "超期", "over the limit", [];
        /// 无法计算
        Unknown = "unknown", "无法计算", "cannot be computed", [];
    }
}

/// First and last month of a quarter, 1 to 4.
pub fn months_of_quarter(quarter: u32) -> RangeInclusive<u32> {
    let first = quarter * 3 - 2;
    first..=first + 2
}
