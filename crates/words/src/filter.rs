//! Words of the filters: what can be asked, saved filters, what was left out, the own position.

use crate::Lang;

words! {
    /// Filter: the connectors that my car has.
    fits_my_car = "适配我的车", "Fits my car";
    /// Heading: my car.
    my_car = "我的车", "My car";
    /// Button: choose a car, none is chosen yet.
    choose_car = "选择车型", "Choose your car";
    /// Button: choose another car.
    change_car = "换一辆", "Change car";
    /// The cars are on their way.
    loading_cars = "正在读取车型…", "Loading cars…";
    /// The cars did not come.
    cars_failed = "车型没有读到", "The cars did not load";
    /// Of which the figure beside an option counts, for who cannot see that.
    unit = "座", "sites";
    /// Heading: whether one is free.
    availability = "空闲", "Availability";
    /// Filter: free, or nobody knows.
    free_or_unknown = "空闲或未知", "Free or unknown";
    /// Heading: highest price.
    highest_price = "现在电价（含服务费）", "Price now, service fee included";
    /// Heading: when.
    opening = "营业时间", "Opening";
    /// Filter: open, or nobody knows.
    open_or_unknown = "营业中或未知", "Open or unknown";
    /// Heading: parking.
    parking = "停车", "Parking";
    /// Filter: parking is free in any case, not only while charging.
    parking_always_free = "不充电也免费", "Free even without charging";
    /// Heading: how many EVSEs.
    least_evses = "桩数", "Chargers on site";
    /// Heading: at what kind of place.
    places = "地点", "Place";
    /// Heading: further demands.
    more = "其他", "More";
    /// Filter: only favourites.
    favourites = "只看收藏", "Favourites only";
    /// Field: find an operator.
    find_operator = "查找运营商", "Find an operator";
    /// No operator of that name.
    no_operator = "没有这个名字的运营商", "No operator of that name";
    /// The filter of the last visit holds.
    last_filter = "沿用上次的筛选", "Filters from last time";
    /// Name of the chips of what is asked.
    active = "已选条件", "Active filters";
    /// Heading: saved filters.
    profiles = "常用筛选", "Saved filters";
    /// No saved filter: how to make one.
    no_profiles = "选好条件后，可以存成常用筛选，下次一点就用。", "Set some filters, then save them here to use again with one tap.";
    /// Field: name of a saved filter.
    profile_name = "名称", "Name";
    /// What a name can be.
    profile_hint = "例如：下班路上", "For example: on the way home";
    /// Button: save the present filter under a name.
    save_filter = "保存当前筛选", "Save these filters";
    /// Button: change saved filters.
    edit_profiles = "管理", "Edit";
    /// Button: done with changing.
    done = "完成", "Done";
    /// Saved filters are full.
    profiles_full = "最多存 12 个。先删掉一个。", "12 at most. Delete one first.";
    /// A saved filter was stored.
    profile_saved = "已保存", "Saved";
    /// Heading of what could be dropped.
    drop_one = "去掉一个条件就能看到", "Dropping one filter shows";
    /// What would be found is being counted.
    counting = "正在数…", "Counting…";
    /// Near me: title of the question.
    locate_title = "使用你的位置？", "Use your location?";
    /// Near me: what it is used for.
    locate_why = "用来在地图上标出你在哪里，并按离你的远近排列电站。位置只留在这台设备上，不会发送给任何人。", "It marks where you are and sorts sites by distance from you. Your position stays on this device and is sent to no one.";
    /// Near me: what comes next.
    locate_next = "接下来浏览器会再问一次。不允许也可以：搜索地名，或移动地图。", "Your browser will ask as well. You can do without: search for a place, or move the map.";
    /// Near me: agree.
    locate_yes = "好，定位", "Use my location";
    /// Near me: decline.
    locate_no = "暂不", "Not now";
    /// Near me: on its way.
    locating = "正在定位…", "Finding your position…";
    /// Near me: refused.
    locate_denied = "浏览器没有允许定位。要用的话，请在地址栏的网站设置里允许；也可以直接搜索地名。", "Your browser does not allow location. Allow it in the site settings beside the address, or search for a place.";
    /// Near me: not to be had.
    locate_unavailable = "设备没能给出位置：可能关了定位，或信号太弱。可以重试，或搜索地名。", "The device gave no position: location may be off, or the signal weak. Try again, or search for a place.";
    /// Near me: took too long.
    locate_timeout = "定位超过 15 秒没有结果。到窗边或室外重试，或搜索地名。", "No position within 15 seconds. Try again near a window or outdoors, or search for a place.";
    /// Near me: the browser cannot.
    locate_absent = "这个浏览器不提供定位。可以直接搜索地名。", "This browser offers no location. Search for a place instead.";
    /// Near me: outside of the region.
    locate_outside = "你现在不在这个区域的数据范围内。", "You are outside the area that this data covers.";
    /// The list is ordered by distance from the own position.
    from_me = "距我", "from me";
    /// The list is ordered by distance from the middle of the map.
    from_centre = "距地图中心", "from map centre";
    /// A list price is the least of several.
    price_from = "起", "from ";
}

/// Filter: a kWh costs at most that much: `≤ ¥1.20/kWh`.
pub fn at_most(_l: Lang, price: &str) -> String {
    format!("≤ {price}/kWh")
}

/// Filter: at least so many EVSEs.
pub fn at_least_evses(l: Lang, n: u32) -> String {
    match l {
        Lang::Zh => format!("≥ {n} 桩"),
        Lang::En => format!("≥ {n} chargers"),
    }
}

/// Filter: this stands in the name.
pub fn containing(l: Lang, text: &str) -> String {
    match l {
        Lang::Zh => format!("含“{text}”"),
        Lang::En => format!("contains “{text}”"),
    }
}

/// Button: back from the filters to so many locations.
pub fn show_n(l: Lang, n: u32) -> String {
    match l {
        Lang::Zh => format!("显示 {n} 座"),
        Lang::En if n == 1 => "Show 1 site".to_owned(),
        Lang::En => format!("Show {n} sites"),
    }
}

/// Button: no longer asks this.
pub fn drop_filter(l: Lang, option: &str) -> String {
    match l {
        Lang::Zh => format!("去掉“{option}”"),
        Lang::En => format!("Drop “{option}”"),
    }
}

/// How many locations dropping a filter shows.
pub fn gains(l: Lang, n: u32) -> String {
    match l {
        Lang::Zh => format!("{n} 座"),
        Lang::En if n == 1 => "1 site".to_owned(),
        Lang::En => format!("{n} sites"),
    }
}

/// Every operator, when there are many.
pub fn all_operators(l: Lang, n: usize) -> String {
    match l {
        Lang::Zh => format!("全部 {n} 家"),
        Lang::En => format!("All {n}"),
    }
}

/// Locations that are left out because something is not known.
pub fn left_out_prices(l: Lang, n: u32) -> String {
    match l {
        Lang::Zh => format!("另有 {n} 座未公布现在的电价，没有列出。"),
        Lang::En if n == 1 => "1 more publishes no price for now and is not listed.".to_owned(),
        Lang::En => format!("{n} more publish no price for now and are not listed."),
    }
}

/// Locations whose status is not known.
pub fn left_out_status(l: Lang, n: u32) -> String {
    match l {
        Lang::Zh => format!("另有 {n} 座状态未知，没有列出。"),
        Lang::En if n == 1 => "1 more of unknown status is not listed.".to_owned(),
        Lang::En => format!("{n} more of unknown status are not listed."),
    }
}

/// Locations whose hours are not known.
pub fn left_out_hours(l: Lang, n: u32) -> String {
    match l {
        Lang::Zh => format!("另有 {n} 座营业时间未知，没有列出。"),
        Lang::En if n == 1 => "1 more of unknown hours is not listed.".to_owned(),
        Lang::En => format!("{n} more of unknown hours are not listed."),
    }
}

/// Button: list those too.
pub fn include_them(l: Lang) -> &'static str {
    l.pick("一并列出", "List them too")
}

/// Button: apply a saved filter.
pub fn apply_profile(l: Lang, name: &str) -> String {
    match l {
        Lang::Zh => format!("使用“{name}”"),
        Lang::En => format!("Use “{name}”"),
    }
}

/// Button: delete a saved filter.
pub fn delete_profile(l: Lang, name: &str) -> String {
    match l {
        Lang::Zh => format!("删除“{name}”"),
        Lang::En => format!("Delete “{name}”"),
    }
}

/// Field: new name of a saved filter.
pub fn rename_profile(l: Lang, name: &str) -> String {
    match l {
        Lang::Zh => format!("“{name}”的新名称"),
        Lang::En => format!("New name of “{name}”"),
    }
}

/// Whence distances count, when it is a place that was searched for.
pub fn from_place(l: Lang, name: &str) -> String {
    match l {
        Lang::Zh => format!("距{name}"),
        Lang::En => format!("from {name}"),
    }
}

/// The own position, with how exact it is.
pub fn own_position(l: Lang, accuracy_m: f64) -> String {
    let m = accuracy_m.round() as i64;
    match l {
        Lang::Zh => format!("我的位置，误差约 {m} 米"),
        Lang::En => format!("My position, within about {m} m"),
    }
}

/// The least price of several: `¥1.13 起`, `from ¥1.13`.
pub fn from_price(l: Lang, price: &str) -> String {
    match l {
        Lang::Zh => format!("{price}{}", price_from(l)),
        Lang::En => format!("{}{price}", price_from(l)),
    }
}

/// Several options after each other.
pub fn list(l: Lang, options: &[String]) -> String {
    options.join(l.pick("、", ", "))
}

/// Everything in view was last heard of so long ago: it is shown as unknown.
pub fn stale(l: Lang, age: &str) -> String {
    match l {
        Lang::Zh => format!("这里的状态最近一次更新是{age}，已经过时，按未知显示。"),
        Lang::En => format!("Status here was last updated {age}: out of date, shown as unknown."),
    }
}
