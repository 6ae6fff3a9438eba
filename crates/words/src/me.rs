//! Words of the page "Me": garage, favourites, what is stored on the device.

use crate::Lang;
use core::fmt::Write as _;

words! {
    /// Heading: the person's cars.
    my_car = "我的车", "My car";
    /// No car was chosen.
    no_car = "还没有选车。规划行程和按车筛选需要知道车型。", "No car chosen yet. Planning a trip and filtering by car need one.";
    /// Heading: cars kept here.
    garage = "我的车辆", "My cars";
    /// Heading: cars kept here beside the one in use.
    other_cars = "其他车辆", "Other cars";
    /// Button: add a car.
    add_car = "添加车辆", "Add a car";
    /// Button: choose one of the built-in cars.
    from_list = "从车型库选", "Choose from the list";
    /// Button: read a file.
    from_file = "读取车辆文件", "Read a car file";
    /// What files can be read.
    from_file_text = "open-ev-data（chargeprice）或充途车辆文件（JSON）。只在这台设备上读取，不上传。", "open-ev-data (chargeprice) or a Chongtu car file (JSON). Read on this device; nothing is uploaded.";
    /// Button: type figures.
    from_figures = "填写自己的数据", "Enter own figures";
    /// Heading: the built-in cars.
    list_of_cars = "车型库", "Car list";
    /// Heading: a car that came with a link.
    car_of_link = "链接里的车", "Car from the link";
    /// Button: keep that car.
    keep_car = "存到我的车辆", "Keep this car";
    /// Button: change figures.
    edit = "修改", "Edit";
    /// Button: calibrate.
    calibrate = "校准能耗", "Calibrate";
    /// Button: delete.
    delete = "删除", "Delete";
    /// Button: use that car.
    use_car = "使用", "Use";
    /// A car is the one in use.
    in_use = "使用中", "In use";
    /// Heading of the form of figures.
    figures_title = "自己的数据", "Own figures";
    /// Heading of the form of figures, for a car that exists.
    edit_title = "修改车辆", "Edit car";
    /// Field: name.
    name = "名称", "Name";
    /// Field: usable battery.
    battery = "可用电量", "Usable battery";
    /// Field: consumption.
    consumption = "匀速能耗", "Consumption at a steady speed";
    /// What may be left out.
    consumption_text = "至少填一项；其余按空气阻力推算。", "Fill in at least one; the others follow from air drag.";
    /// Field: charging with direct current.
    dc_power = "直流最高功率", "Highest DC power";
    /// Field: charging with alternating current.
    ac_power = "交流最高功率", "Highest AC power";
    /// Field: inlets.
    inlets = "充电接口", "Inlets";
    /// Button: keep.
    save = "保存", "Save";
    /// Heading of the calibration.
    calibrate_title = "按实际能耗校准", "Calibrate by a known consumption";
    /// What it does.
    calibrate_text = "告诉我们一次已知的能耗，所有车速的能耗按同一比例调整。", "Tell us one consumption you know; consumption at every speed follows in proportion.";
    /// Field: at which speed.
    at_speed = "大致匀速", "Steady speed of about";
    /// Choice: the consumption as shown.
    by_display = "仪表显示", "Display shows";
    /// Choice: a known trip.
    by_trip = "一段行程", "A known trip";
    /// Field: distance of the trip.
    trip_distance = "行驶里程", "Distance";
    /// Field: energy of the trip.
    trip_energy = "用电量", "Energy used";
    /// Button: take the calibration back.
    reset = "恢复原值", "Reset";
    /// Units.
    unit_kwh = "kWh", "kWh";
    /// Units.
    unit_kw = "kW", "kW";
    /// Units.
    unit_km = "km", "km";
    /// Units.
    unit_kmh = "km/h", "km/h";
    /// Units.
    unit_per_100 = "kWh/100 km", "kWh/100 km";
    /// The figures were typed.
    own_source = "自己填写的数据", "Own figures";
    /// Heading: the cars of a file.
    file_title = "文件里的车辆", "Cars in the file";
    /// Field: search among them.
    find_car = "搜索车型", "Search cars";
    /// None of that name.
    no_such_car = "没有这个名字的车。", "No car of that name.";
    /// Switch: GB/T inlets.
    as_gbt = "按国标接口（国内销售版）", "With GB/T inlets (as sold in China)";
    /// Why.
    as_gbt_text = "文件里是海外车型的接口，国内充电站用国标。", "The file has the inlets of other markets; sites in China use GB/T.";
    /// The planner is loading.
    loading_cars = "正在读取车型库…", "Reading the car list…";
    /// The planner could not be loaded.
    no_planner = "车型库没有读到，暂时不能添加或修改车辆。", "The car list did not load; cars cannot be added or changed for now.";
    /// The file is too large.
    file_too_large = "文件超过 8 MB，不像车辆文件。", "The file is over 8 MB, which no car file is.";
    /// The file could not be read.
    file_unreadable = "浏览器读不到这个文件，请重新选择。", "The browser cannot read this file. Choose it again.";
    /// The garage is full.
    garage_full = "最多存 20 辆车。先删除一辆。", "There is room for 20 cars. Delete one first.";
    /// The car is there already.
    car_there = "这辆车已经在列表里。", "This car is on the list already.";
    /// Heading: favourites.
    favourites = "收藏", "Favourites";
    /// There are none.
    no_favourites = "还没有收藏。在电站页面点星标即可收藏。", "No favourites yet. Tap the star on a site to keep it here.";
    /// Not in the data any more.
    gone = "不在当前数据里", "Not in the current data";
    /// What it may be.
    gone_text = "可能已撤除，或属于别的区域。", "It may be gone, or belong to another region.";
    /// Button: the map with favourites only.
    on_map = "地图上只看收藏", "Only these on the map";
    /// Button: take the last deletion back.
    undo = "撤销", "Undo";
    /// Heading: what is stored.
    storage = "本机存储", "Stored on this device";
    /// The browser does not keep anything.
    no_storage = "浏览器不允许在这里存储（如无痕窗口），设置只在这次打开时有效。", "The browser does not let us store anything here (a private window, say): settings last for this visit only.";
    /// Button: everything as a file.
    export = "导出为文件", "Export as a file";
    /// Button: take such a file back.
    import = "从文件导入", "Import a file";
    /// What importing does.
    import_text = "导入会替换同名的设置。", "Importing replaces settings of the same name.";
    /// The file is no export.
    import_bad = "这不是充途导出的设置文件，什么都没有改变。", "This is no settings file exported by Chongtu. Nothing was changed.";
    /// The file is of a newer version.
    import_newer = "这个设置文件来自更新的版本。请先刷新页面，再导入。", "This settings file comes from a newer version. Reload the page, then import it.";
    /// The file could not be stored.
    import_full = "浏览器的存储空间不够，没有全部导入。", "The browser's storage is full; not everything was imported.";
    /// Question before deleting all.
    delete_title = "删除全部数据？", "Delete everything?";
    /// What it deletes.
    delete_text = "车辆、收藏、筛选和所有设置都会从这台设备上删除，无法撤销。", "Cars, favourites, filters and all settings are deleted from this device. This cannot be undone.";
    /// Button: yes.
    delete_yes = "全部删除", "Delete everything";
    /// What is stored: the last filter.
    key_filter = "上次的筛选", "Last filter";
    /// What is stored: named filters.
    key_profiles = "已存的筛选", "Saved filters";
    /// What is stored: consent to the position.
    key_locate = "定位许可", "Consent to location";
    /// What is stored: something else.
    key_other = "其他", "Other";
    /// Not readable.
    damaged = "已损坏，未使用", "Damaged, not used";
}

/// What stands in front of the list of what is stored.
pub fn stored_in_all(l: Lang, n: usize, size: &str) -> String {
    match l {
        Lang::Zh => format!("共 {n} 项，{size}，只存在这台设备上："),
        Lang::En if n == 1 => format!("1 item, {size}, on this device only:"),
        Lang::En => format!("{n} items, {size}, on this device only:"),
    }
}

/// The size of something stored: `96 B`, `1.2 KB`.
pub fn size(_l: Lang, bytes: usize) -> String {
    if bytes < 1000 {
        format!("{bytes} B")
    } else {
        let tenths = bytes / 100;
        format!("{}.{} KB", tenths / 10, tenths % 10)
    }
}

/// How a car was calibrated: `已校准 +8.3%`.
pub fn calibrated(l: Lang, factor: f64) -> String {
    let tenths = ((factor - 1.0) * 1000.0).round() as i64;
    let sign = if tenths < 0 { '\u{2212}' } else { '+' };
    let (whole, part) = (tenths.abs() / 10, tenths.abs() % 10);
    match l {
        Lang::Zh => format!("已校准 {sign}{whole}.{part}%"),
        Lang::En => format!("Calibrated {sign}{whole}.{part}%"),
    }
}

/// How many cars a file holds, and how many could not be used.
pub fn cars_in_file(l: Lang, n: usize, refused: usize) -> String {
    match (l, refused) {
        (Lang::Zh, 0) => format!("{n} 辆"),
        (Lang::Zh, r) => format!("{n} 辆可用，{r} 辆不能用"),
        (Lang::En, 0) => format!("{n} cars"),
        (Lang::En, r) => format!("{n} cars, {r} that cannot be used"),
    }
}

/// More cars fit than are shown.
pub fn more_cars(l: Lang, n: usize) -> String {
    match l {
        Lang::Zh => format!("还有 {n} 辆，输入更多字缩小范围。"),
        Lang::En => format!("{n} more; type more to narrow it down."),
    }
}

/// Something was deleted.
pub fn deleted(l: Lang, what: &str) -> String {
    match l {
        Lang::Zh => format!("已删除“{what}”"),
        Lang::En => format!("Deleted “{what}”"),
    }
}

/// A star was taken away.
pub fn unmarked(l: Lang, what: &str) -> String {
    match l {
        Lang::Zh => format!("已取消收藏“{what}”"),
        Lang::En => format!("Removed “{what}” from favourites"),
    }
}

/// A car is in use now.
pub fn now_using(l: Lang, what: &str) -> String {
    match l {
        Lang::Zh => format!("正在使用“{what}”"),
        Lang::En => format!("Using “{what}”"),
    }
}

/// A field of consumption: at which speed.
pub fn at_kmh(_l: Lang, speed: u32) -> String {
    format!("{speed} km/h")
}

/// Cars that were kept and cannot be read.
pub fn unread_cars(l: Lang, n: usize) -> String {
    match l {
        Lang::Zh => format!("{n} 辆存下的车读不出来，没有使用。"),
        Lang::En if n == 1 => "1 stored car cannot be read and is not used.".to_owned(),
        Lang::En => format!("{n} stored cars cannot be read and are not used."),
    }
}

/// Where in a file something is wrong: `第 12 辆“X”的 usable_battery_size`.
fn place(l: Lang, row: Option<u32>, car: Option<&str>, field: &str) -> String {
    let mut text = String::new();
    let name = car.map(|c| match l {
        Lang::Zh => format!("“{c}”"),
        Lang::En => format!(" ({c})"),
    });
    let name = name.unwrap_or_default();
    // Writing to a text never fails.
    let _ = match (l, row) {
        (Lang::Zh, Some(row)) => write!(text, "第 {row} 辆{name}"),
        (Lang::En, Some(row)) => write!(text, "Car {row}{name}"),
        (Lang::Zh, None) => write!(text, "{name}"),
        (Lang::En, None) => write!(text, "{}", car.unwrap_or_default()),
    };
    let field = field_name(l, field);
    if !field.is_empty() {
        if !text.is_empty() {
            text.push_str(l.pick("的", ", "));
        }
        text.push_str(field);
    }
    text
}

/// A field of the form of figures by its words; one of a file stays as it stands there.
fn field_name(l: Lang, field: &str) -> &str {
    match field {
        "name" => l.pick("名称", "name"),
        "usable_battery_kwh" => l.pick("可用电量", "usable battery (kWh)"),
        "consumption" => l.pick("能耗", "consumption (kWh/100 km)"),
        "speed_kmh" => l.pick("车速", "speed (km/h)"),
        "dc_kw" => l.pick("直流最高功率", "highest DC power (kW)"),
        "ac_kw" => l.pick("交流最高功率", "highest AC power (kW)"),
        "connectors" => l.pick("充电接口", "inlets"),
        "calibration" => l.pick(
            "实际能耗与车型数据之比",
            "ratio of your figure to the car's",
        ),
        other => other,
    }
}

/// What is wrong with a field of a car, or with a file of cars.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum CarTrouble<'a> {
    /// No JSON from here on.
    NotJson(u32, u32),
    /// No cars.
    NotCars,
    /// Not there.
    Missing,
    /// No number.
    NotANumber,
    /// Not between the second and the third.
    OutOfRange(f64, f64, f64),
    /// Points that do not ascend.
    NotAscending,
    /// No inlet.
    NoInlet,
    /// In technical words.
    Other(&'a str),
}

/// Why a car cannot be used: where, what, and what to do.
pub fn car_trouble(
    l: Lang,
    row: Option<u32>,
    car: Option<&str>,
    field: &str,
    trouble: CarTrouble<'_>,
) -> String {
    let at = place(l, row, car, field);
    let said = match (l, trouble) {
        (Lang::Zh, CarTrouble::NotJson(line, column)) => {
            format!("第 {line} 行第 {column} 列起不是 JSON。请选择完整的 .json 文件。")
        }
        (Lang::En, CarTrouble::NotJson(line, column)) => {
            format!("Not JSON from line {line}, column {column} on. Choose the whole .json file.")
        }
        (Lang::Zh, CarTrouble::NotCars) => {
            "这个文件里没有认得的车辆。请用 open-ev-data 或充途车辆文件。".to_owned()
        }
        (Lang::En, CarTrouble::NotCars) => {
            "There is no car in it that we can read. Use open-ev-data or a Chongtu car file."
                .to_owned()
        }
        (Lang::Zh, CarTrouble::Missing) => "没有填，请补上。".to_owned(),
        (Lang::En, CarTrouble::Missing) => "is missing; add it.".to_owned(),
        (Lang::Zh, CarTrouble::NotANumber) => "不是数字。".to_owned(),
        (Lang::En, CarTrouble::NotANumber) => "is not a number.".to_owned(),
        (Lang::Zh, CarTrouble::OutOfRange(value, least, most)) => {
            format!("是 {value}，应在 {least} 到 {most} 之间。")
        }
        (Lang::En, CarTrouble::OutOfRange(value, least, most)) => {
            format!("is {value}; it should be between {least} and {most}.")
        }
        (Lang::Zh, CarTrouble::NotAscending) => "要从小到大排列，不能重复。".to_owned(),
        (Lang::En, CarTrouble::NotAscending) => "must ascend without repeats.".to_owned(),
        (Lang::Zh, CarTrouble::NoInlet) => "没有认得的充电接口，没法规划充电。".to_owned(),
        (Lang::En, CarTrouble::NoInlet) => {
            "has no inlet that we know, so charging cannot be planned.".to_owned()
        }
        (Lang::Zh, CarTrouble::Other(text)) => format!("不能用：{text}"),
        (Lang::En, CarTrouble::Other(text)) => format!("cannot be used: {text}"),
    };
    match (at.is_empty(), l) {
        (true, _) => capital(&said),
        (false, Lang::Zh) => format!("{at}：{said}"),
        (false, Lang::En) => format!("{} {said}", capital(&at)),
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_shares() {
        assert_eq!(size(Lang::En, 0), "0 B");
        assert_eq!(size(Lang::En, 999), "999 B");
        assert_eq!(size(Lang::En, 1_260), "1.2 KB");
        assert_eq!(calibrated(Lang::Zh, 1.083), "已校准 +8.3%");
        assert_eq!(calibrated(Lang::En, 0.9), "Calibrated \u{2212}10.0%");
    }

    #[test]
    fn troubles_name_the_place_and_the_remedy() {
        let both = |row, car, field, trouble| {
            [Lang::Zh, Lang::En].map(|l| car_trouble(l, row, car, field, trouble))
        };
        assert_eq!(
            both(
                Some(3),
                Some("X"),
                "usable_battery_size",
                CarTrouble::OutOfRange(-1.0, 1.0, 500.0)
            ),
            [
                "第 3 辆“X”的usable_battery_size：是 -1，应在 1 到 500 之间。",
                "Car 3 (X), usable_battery_size is -1; it should be between 1 and 500."
            ]
        );
        assert_eq!(
            both(None, None, "dc_kw", CarTrouble::Missing),
            [
                "直流最高功率：没有填，请补上。",
                "Highest DC power (kW) is missing; add it."
            ]
        );
        assert_eq!(
            both(None, None, "", CarTrouble::NotJson(2, 8)),
            [
                "第 2 行第 8 列起不是 JSON。请选择完整的 .json 文件。",
                "Not JSON from line 2, column 8 on. Choose the whole .json file."
            ]
        );
    }
}
