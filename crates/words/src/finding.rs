//! What an import says about its input. Codes come in as the plain text that `chongtu_feeds` gives
//! them, so that this crate stays below it.

use crate::Lang;

/// What a finding means; empty for a code that is not known here.
pub fn sentence(l: Lang, code: &str) -> &'static str {
    match code {
        "not_a_feature" => l.pick("丢弃：不是 GeoJSON 要素", "dropped: not a GeoJSON feature"),
        "position_missing" => l.pick("丢弃：没有几何位置", "dropped: no geometry"),
        "geometry_not_point" => l.pick(
            "丢弃：几何位置不是点",
            "dropped: the geometry is not a point",
        ),
        "position_unreadable" => l.pick(
            "丢弃：坐标不是两个数",
            "dropped: the coordinates are not two numbers",
        ),
        "position_swapped" => l.pick(
            "丢弃：经纬度写反了",
            "dropped: latitude and longitude are swapped",
        ),
        "position_out_of_range" => {
            l.pick("丢弃：坐标不在地球上", "dropped: not a position on Earth")
        }
        "position_zero" => l.pick(
            "丢弃：0, 0 表示位置未知",
            "dropped: 0, 0 stands for an unknown position",
        ),
        "record_repeated" => l.pick(
            "丢弃：与前面一条完全相同",
            "dropped: repeats an earlier record in everything",
        ),
        "id_repeated" => l.pick(
            "丢弃：编号已被另一条占用",
            "dropped: another record has this id",
        ),
        "id_derived" => l.pick(
            "编号由名称和位置推出",
            "the id was derived from name and position",
        ),
        "name_missing" => l.pick(
            "没有名称：用地址、运营商或编号代替",
            "no name: address, operator or id stand for it",
        ),
        "power_unreadable" => l.pick("功率未知：不是数", "power unknown: not a number"),
        "power_zero" => l.pick(
            "功率未知：0 表示未知",
            "power unknown: 0 stands for unknown",
        ),
        "power_out_of_range" => l.pick(
            "功率未知：不在 0 到 2,000 kW 之间",
            "power unknown: not between 0 and 2,000 kW",
        ),
        "connector_unrecognised" => l.pick(
            "接口未知：没有这个标准名",
            "connector unknown: no standard has this name",
        ),
        "stalls_out_of_range" => l.pick(
            "按 1 个桩计：数量不是 1 到 1,000 的整数",
            "kept as one EVSE: the count is no whole number from 1 to 1,000",
        ),
        "opening_hours_unreadable" => {
            l.pick("营业时间未知：看不懂", "hours unknown: not understood")
        }
        "time_zone_unknown" => l.pick("没有这个时区名", "no zone has this name"),
        "status_unrecognised" => l.pick(
            "状态未知：不是 OCPI 的取值",
            "status unknown: not one of OCPI's values",
        ),
        "text_expected" => l.pick("字段忽略：应为文字", "field ignored: a text was expected"),
        _ => "",
    }
}

/// What to do about a finding, where something can be done.
pub fn suggestion(l: Lang, code: &str) -> Option<&'static str> {
    Some(match code {
        "geometry_not_point" => l.pick("每座站给一个点", "give one point a site"),
        "position_swapped" => l.pick(
            "GeoJSON 的顺序是 [经度, 纬度]",
            "GeoJSON has [longitude, latitude]",
        ),
        "id_repeated" => l.pick("每座站给一个自己的编号", "give every site its own id"),
        "id_derived" => l.pick(
            "给出编号，搬迁后链接仍然有效",
            "give ids, so that links survive a move",
        ),
        "power_out_of_range" => l.pick("单位是 kW", "the unit is kW"),
        "connector_unrecognised" => l.pick(
            "请用 OCPI 的名称，例如 GBT_DC",
            "use OCPI's names, such as GBT_DC",
        ),
        "opening_hours_unreadable" => l.pick(
            "请写成 \"Mo-Fr 21:00-06:00; Sa-Su 00:00-24:00\" 这样",
            "write such as \"Mo-Fr 21:00-06:00; Sa-Su 00:00-24:00\"",
        ),
        "time_zone_unknown" => l.pick(
            "请用 IANA 名称，例如 Asia/Shanghai",
            "use IANA names, such as Asia/Shanghai",
        ),
        "status_unrecognised" => l.pick(
            "请用 OCPI 的取值，例如 AVAILABLE",
            "use OCPI's values, such as AVAILABLE",
        ),
        _ => return None,
    })
}
