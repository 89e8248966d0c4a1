//! Counties with their codes (GB/T 2260).

/// A county in which cases are decided.
#[derive(Debug)]
pub(in crate::sample) struct County {
    /// Region code, GB/T 2260.
    pub(in crate::sample) code: &'static str,
    /// Full name, e.g. `灵丘县`.
    pub(in crate::sample) name: &'static str,
    /// The character that stands for it in document numbers.
    pub(in crate::sample) short: &'static str,
    /// Province.
    pub(in crate::sample) province: &'static str,
    /// City.
    pub(in crate::sample) city: &'static str,
    /// Towns used in addresses.
    pub(in crate::sample) towns: [&'static str; 3],
    /// Name and first year of the agency that took over approvals from the others, where there is one.
    pub(in crate::sample) approval_bureau: Option<(&'static str, u32)>,
    /// Area code of telephone numbers.
    pub(in crate::sample) telephone: &'static str,
}

macro_rules! counties {
    ($($code:literal $name:literal $short:literal $province:literal $city:literal
       [$($town:literal),+] $telephone:literal $bureau:expr;)+) => {
        &[$(County {
            code: $code,
            name: $name,
            short: $short,
            province: $province,
            city: $city,
            towns: [$($town),+],
            approval_bureau: $bureau,
            telephone: $telephone,
        }),+]
    };
}

/// The counties.
pub(in crate::sample) const COUNTIES: &[County] = counties! {
    "140224" "灵丘县" "灵" "山西省" "大同市" ["武灵镇", "东河南镇", "上寨镇"] "0352" Some(("行政审批服务管理局", 2019));
    "371327" "莒南县" "莒" "山东省" "临沂市" ["十字路街道", "坊前镇", "大店镇"] "0539" Some(("行政审批服务局", 2019));
    "331122" "缙云县" "缙" "浙江省" "丽水市" ["五云街道", "壶镇镇", "新建镇"] "0578" None;
    "621227" "徽县" "徽" "甘肃省" "陇南市" ["城关镇", "伏家镇", "江洛镇"] "0939" None;
    "340421" "凤台县" "凤" "安徽省" "淮南市" ["城关镇", "新集镇", "顾桥镇"] "0554" None;
    "511322" "营山县" "营" "四川省" "南充市" ["城南镇", "骆市镇", "回龙镇"] "0817" Some(("行政审批局", 2020));
    "610525" "澄城县" "澄" "陕西省" "渭南市" ["城关街道", "冯原镇", "王庄镇"] "0913" Some(("行政审批服务局", 2020));
    "430626" "平江县" "平" "湖南省" "岳阳市" ["汉昌街道", "长寿镇", "安定镇"] "0730" None;
    "530627" "镇雄县" "镇" "云南省" "昭通市" ["乌峰街道", "泼机镇", "牛场镇"] "0870" None;
    "220722" "长岭县" "长" "吉林省" "松原市" ["长岭镇", "太平川镇", "巨宝山镇"] "0438" None;
    "420822" "沙洋县" "沙" "湖北省" "荆门市" ["沙洋镇", "后港镇", "十里铺镇"] "0724" Some(("行政审批局", 2021));
    "350426" "尤溪县" "尤" "福建省" "三明市" ["城关镇", "梅仙镇", "西滨镇"] "0598" None;
};
