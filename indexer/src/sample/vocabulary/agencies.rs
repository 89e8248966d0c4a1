//! Agencies and their names over the years.

/// A line of competence that stayed the same while the agencies holding it were renamed and merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sample) enum Office {
    Business,
    FoodDrug,
    Quality,
    Land,
    Environment,
    Health,
    Agriculture,
    Culture,
    Safety,
    Housing,
    Education,
    Civil,
    Labour,
    Water,
    Forestry,
    Transport,
    Police,
}

/// The name under which an office worked for some years.
#[derive(Clone, Copy, Debug)]
pub(in crate::sample) struct Period {
    /// Name without the county.
    pub(in crate::sample) name: &'static str,
    /// The words that stand for it in document numbers (机关代字).
    pub(in crate::sample) word: &'static str,
    /// Letters in archival codes.
    pub(in crate::sample) letters: &'static str,
}

/// First year, name, word, letters: a [`Period`] as the table writes it.
type Row = (u32, &'static str, &'static str, &'static str);

impl Office {
    /// Its names, oldest first. The county level of the 2018 reform took effect in the first months of 2019.
    const fn periods(self) -> &'static [Row] {
        match self {
            Self::Business => &[
                (0, "工商行政管理局", "工商", "GSJ"),
                (2019, "市场监督管理局", "市监", "SCJG"),
            ],
            Self::FoodDrug => &[
                (0, "食品药品监督管理局", "食药监", "SYJ"),
                (2019, "市场监督管理局", "市监", "SCJG"),
            ],
            Self::Quality => &[
                (0, "质量技术监督局", "质监", "ZJJ"),
                (2019, "市场监督管理局", "市监", "SCJG"),
            ],
            Self::Land => &[
                (0, "国土资源局", "国土资", "GTJ"),
                (2019, "自然资源局", "自然资", "ZRZY"),
            ],
            Self::Environment => &[(0, "环境保护局", "环", "HBJ"), (2019, "生态环境局", "环", "STHJ")],
            Self::Health => &[
                (0, "卫生局", "卫", "WSJ"),
                (2015, "卫生和计划生育局", "卫计", "WJJ"),
                (2019, "卫生健康局", "卫健", "WJJK"),
            ],
            Self::Agriculture => &[(0, "农业局", "农", "NYJ"), (2019, "农业农村局", "农", "NYNC")],
            Self::Culture => &[
                (0, "文化广电新闻出版局", "文广新", "WGX"),
                (2019, "文化和旅游局", "文旅", "WLJ"),
            ],
            Self::Safety => &[
                (0, "安全生产监督管理局", "安监", "AJJ"),
                (2019, "应急管理局", "应急", "YJGL"),
            ],
            Self::Housing => &[(0, "住房和城乡建设局", "建", "ZJ")],
            Self::Education => &[(0, "教育局", "教", "JYJ"), (2019, "教育体育局", "教体", "JTJ")],
            Self::Civil => &[(0, "民政局", "民", "MZJ")],
            Self::Labour => &[(0, "人力资源和社会保障局", "人社", "RSJ")],
            Self::Water => &[(0, "水利局", "水", "SLJ")],
            Self::Forestry => &[(0, "林业局", "林", "LYJ"), (2019, "自然资源局", "自然资", "ZRZY")],
            Self::Transport => &[(0, "交通运输局", "交", "JTYS")],
            Self::Police => &[(0, "公安局", "公", "GAJ")],
        }
    }

    /// The name that held in a year.
    pub(in crate::sample) fn in_year(self, year: u32) -> Period {
        let rows = self.periods();
        let (_, name, word, letters) = *rows.iter().rev().find(|row| row.0 <= year).unwrap_or(&rows[0]);
        Period { name, word, letters }
    }

    /// Whether an approval bureau (行政审批局) may have taken its approvals over.
    pub(in crate::sample) fn transferable(self) -> bool {
        !matches!(self, Self::Police | Self::Environment | Self::Civil)
    }
}
