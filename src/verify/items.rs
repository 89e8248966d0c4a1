//! What is looked at, under the headings of DA/T 70-2018 (真实性、完整性、可用性、安全性). The headings are those of the check
//! during keeping (长期保存环节); the numbers of its items are left out, for they could not be compared with the published text
//! (unchecked). Conformity with it is not claimed.

use crate::record::closed_list;

closed_list! {
    /// 四性
    Property {
        /// 真实性
        Authenticity = "authenticity", "真实性", "Authenticity", [];
        /// 完整性
        Integrity = "integrity", "完整性", "Integrity", [];
        /// 可用性
        Usability = "usability", "可用性", "Usability", [];
        /// 安全性
        Security = "security", "安全性", "Security", [];
    }
}

closed_list! {
    /// 检测项目
    Item {
        /// 固化信息有效性
        OriginalHash = "original_hash", "固化信息有效性：原件与登记的 SHA-256 一致", "Every original has the SHA-256 that was registered", [];
        /// 审计日志链
        AuditChain = "audit_chain", "过程记录真实性：审计日志散列链完整", "The chain of the audit log is whole", [];
        /// 元数据准确性
        MetadataAccuracy = "metadata_accuracy", "元数据准确性：著录项的校验位与值域正确", "Fields have right check digits and values", [];
        /// 元数据与内容一致
        MetadataContent = "metadata_content", "元数据与内容一致性：著录项与材料所载一致", "Fields say what the documents say", [];
        /// 元数据与内容关联
        MetadataLinked = "metadata_linked", "元数据与内容关联真实性：著录的材料、页号指向登记的文件", "Documents and pages belong to registered files", [];
        /// 电子签名
        Signatures = "signatures", "来源真实性：电子签名、印章的有效性", "Signatures and seals of the source are valid", [];
        /// 信息包一致性
        PackageSource = "package_source", "信息包真实性：与移交的信息包一致", "The archive is what was handed over", [];
        /// 原件齐全
        OriginalsPresent = "originals_present", "内容数据完整性：登记的原件齐全", "Every registered original is there", [];
        /// 无多余文件
        NothingExtra = "nothing_extra", "信息包规范性：原件库中没有未登记的文件", "There is no file that is not registered", [];
        /// 元数据项完整
        MetadataComplete = "metadata_complete", "元数据完整性：关键著录项齐全", "Key fields are filled in", [];
        /// 连续编号
        Numbering = "numbering", "元数据完整性：档号连续，没有漏号", "Archival codes follow each other without gaps", [];
        /// 卷内目录
        ContentsList = "contents_list", "内容数据完整性：材料、页数与卷内目录相符", "Documents and pages are those of the contents list", [];
        /// 必备材料
        RequiredDocuments = "required_documents", "内容数据完整性：必经环节的材料齐全", "There is a document for every stage that each case goes through", [];
        /// 页数
        PageCounts = "page_counts", "内容数据完整性：文件页数与登记的页面数相符", "Files have as many pages as are registered", [];
        /// 过程信息
        ProcessInformation = "process_information", "元数据完整性：过程信息与背景信息齐全", "What is known of the process is complete", [];
        /// 元数据可读
        MetadataReadable = "metadata_readable", "元数据可用性：目录库完好，内容可解密、可读取", "The catalogue is whole and opens with the keys", [];
        /// 可打开
        Opens = "opens", "内容数据可用性：文件可打开、可解码", "Files open and decode", [];
        /// 格式
        Format = "format", "内容数据可用性：文件格式符合归档要求", "Formats are allowed", [];
        /// 文字
        Text = "text", "内容数据可用性：页面可读，有识别文字", "Pages were read and have text", [];
        /// 索引
        IndexAgrees = "index_agrees", "检索可用性：索引与目录库一致", "The index agrees with the catalogue", [];
        /// 软硬件环境
        Environment = "environment", "软硬件环境合规性", "Machines and programs of the archive are fit", [];
        /// 恶意代码
        Malware = "malware", "信息包安全性：恶意代码检测", "There is no malware", [];
        /// 访问日志
        AccessLog = "access_log", "过程安全性：访问日志完整", "The log of accesses is whole", [];
        /// 加密
        Encryption = "encryption", "过程安全性：个人信息已加密存储", "What is kept of people is sealed", [];
        /// 密钥权限
        KeyPermissions = "key_permissions", "过程安全性：密钥文件的权限", "Nobody else may read the keys", [];
        /// 载体
        Media = "media", "载体安全性：载体外观与读取性能", "The media are sound", [];
    }
}

impl Item {
    /// The property that it belongs to.
    pub fn property(self) -> Property {
        match self {
            Self::OriginalHash
            | Self::AuditChain
            | Self::MetadataAccuracy
            | Self::MetadataContent
            | Self::MetadataLinked
            | Self::Signatures
            | Self::PackageSource => Property::Authenticity,
            Self::OriginalsPresent
            | Self::NothingExtra
            | Self::MetadataComplete
            | Self::Numbering
            | Self::ContentsList
            | Self::RequiredDocuments
            | Self::PageCounts
            | Self::ProcessInformation => Property::Integrity,
            Self::MetadataReadable
            | Self::Opens
            | Self::Format
            | Self::Text
            | Self::IndexAgrees
            | Self::Environment => Property::Usability,
            Self::Malware | Self::AccessLog | Self::Encryption | Self::KeyPermissions | Self::Media => {
                Property::Security
            }
        }
    }

    /// Why a person has to look at it, in Chinese and in English; `None` for what the program looks at.
    pub fn needs_person(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Signatures => Some((
                "本系统不验证电子签名；扫描件上的签字、印章须人工核对。",
                "signatures are not verified by the program; those on scans have to be looked at",
            )),
            Self::PackageSource => Some((
                "移交的信息包不在本系统中，须与移交清单人工核对。",
                "what was handed over is not here: compare it with the transfer list",
            )),
            Self::ProcessInformation => Some((
                "重要事项的修改过程、办理背景是否齐全，须人工判断。",
                "whether the history of important matters is complete has to be judged",
            )),
            Self::Environment => Some((
                "机房、软件与设备须人工检查。",
                "rooms, programs and machines have to be looked at",
            )),
            Self::Media => Some((
                "磁盘、光盘等载体的外观与读取性能须人工检查。",
                "disks have to be looked at",
            )),
            _ => None,
        }
    }
}

closed_list! {
    /// What came of an item.
    Verdict {
        /// 通过
        Passed = "passed", "通过", "Passed", [];
        /// 不通过
        Failed = "failed", "不通过", "Failed", [];
        /// 存疑
        Doubtful = "doubtful", "存疑，须人工核实", "Doubtful: a person has to look", [];
        /// 未检测
        NotRun = "not_run", "未检测", "Not run", [];
        /// 须人工检测
        Manual = "manual", "须人工检测", "Needs a person", [];
    }
}

closed_list! {
    /// What is wrong.
    Flaw {
        /// 缺失
        Missing = "missing", "文件缺失", "The file is missing", [];
        /// 大小不符
        Size = "size", "文件大小与登记不符", "The file has another size", [];
        /// 内容改变
        Changed = "changed", "文件内容与登记的散列不符", "The file has other bytes", [];
        /// 无法读取
        Unreadable = "unreadable", "无法读取", "It cannot be read", [];
        /// 多余
        Extra = "extra", "未登记的文件", "The file is not registered", [];
        /// 格式
        WrongFormat = "wrong_format", "格式不在允许之列", "The format is not allowed", [];
        /// 未能识别
        NotDecoded = "not_decoded", "文件无法打开或解码", "The file does not open or decode", [];
        /// 页面
        PageFailed = "page_failed", "有页面无法读取", "A page could not be read", [];
        /// 页数
        PageCount = "page_count", "页数不符", "The number of pages differs", [];
        /// 文件未登记
        Unlinked = "unlinked", "材料指向未登记的文件或不存在的页", "The document has no such file or page", [];
        /// 漏号
        Gap = "gap", "编号有间断", "Numbers are missing", [];
        /// 恶意代码
        Infected = "infected", "检出恶意代码", "Malware was found", [];
        /// 日志
        LogChanged = "log_changed", "审计日志有改动", "The audit log was changed", [];
        /// 目录库
        Damaged = "damaged", "数据已损坏", "Data is damaged", [];
        /// 权限
        TooOpen = "too_open", "可被他人读取", "Others may read it", [];
        /// 同处
        Together = "together", "密钥与数据在同一目录", "The keys lie beside the data", [];
        /// 索引
        IndexDiffers = "index_differs", "索引的案卷数与目录库不符", "The index has another number of cases", [];
        /// 未编入索引
        NotIndexed = "not_indexed", "案卷不在索引中，检索不到", "The case is not in the index: no search finds it", [];
        /// 仍在索引中
        StillIndexed = "still_indexed", "已撤出的案卷仍在索引中", "A withdrawn case is in the index still", [];
        /// 复核
        Review = "review", "复核清单中的疑问", "A doubt of the review queue", [];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_property_has_items_and_what_needs_a_person_says_why() {
        for property in Property::ALL {
            let items = Item::ALL.iter().filter(|item| item.property() == *property);
            let automatic = items.filter(|item| item.needs_person().is_none()).count();
            assert!(automatic >= 3, "{property:?}");
        }
    }
}
