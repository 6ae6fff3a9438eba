//! China's structured prices: the answer of `query_equip_business_policy` (T/CEC 102.3: periods
//! with a beginning, electricity and service fee) and what provinces added to it (an end, dates,
//! the kind of charging, overstay, parking).
//!
//! An end date counts as the last day on which the price holds, as notices of prices are
//! worded; no text of the provincial interface says so.

use crate::ocpi::note::{Field, Note, Reading, code, decimal, whole};
use chongtu_model::TariffId;
use chongtu_model::money::{Currency, UnitPrice};
use chongtu_model::tariff::{
    IdleFee, ParkingFee, ParkingWaiver, PriceComponent, PriceDimension, Tariff, TariffElement,
    TariffRestrictions,
};
use chongtu_model::time::LocalDate;
use serde_json::Value;

/// The kinds of charging that provincial prices tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChargingType {
    /// 慢充.
    Slow,
    /// 快充.
    Fast,
    /// 超充.
    Ultra,
    /// 无线.
    Wireless,
    /// 移动.
    Mobile,
    /// 其他.
    Other,
}

impl ChargingType {
    /// Its number in the interface.
    const fn number(self) -> u32 {
        match self {
            Self::Slow => 1,
            Self::Fast => 2,
            Self::Ultra => 3,
            Self::Wireless => 5,
            Self::Mobile => 6,
            Self::Other => 9,
        }
    }
}

/// Reads an object with `PolicyInfos` into a tariff in yuan, tax contained. Of periods for a kind
/// of charging those for `charging` are taken; those for none are for all. `None` with notes when
/// no period can be read: a period that cannot be read is left out, and its hours have no price.
pub fn parse_policy(
    id: &TariffId,
    charging: Option<ChargingType>,
    value: &Value,
) -> (Option<Tariff>, Vec<Note>) {
    let mut r = Reading::new();
    let elements = match value.get("PolicyInfos").and_then(Value::as_array) {
        Some(periods) => r.within("PolicyInfos", |r| elements(periods, charging, r)),
        None => Vec::new(),
    };
    if elements.is_empty() {
        r.note(code::OBJECT_DROPPED, value);
        return (None, r.notes);
    }
    let mut tariff = Tariff::new(id.clone(), Currency::CNY, elements);
    tariff.tax_included = chongtu_model::tariff::TaxIncluded::Yes;
    tariff.idle_fees = idle_fees(value, &mut r);
    tariff.parking = parking(value, &mut r);
    (Some(tariff), r.notes)
}

/// A period as it stands.
struct Period {
    place: usize,
    start: u16,
    end: Option<u16>,
    dates: Dates,
    components: Vec<PriceComponent>,
}

/// From which day, included, and until which, excluded.
type Dates = (Option<LocalDate>, Option<LocalDate>);

fn elements(list: &[Value], charging: Option<ChargingType>, r: &mut Reading) -> Vec<TariffElement> {
    let mut periods: Vec<Period> = Vec::new();
    for (place, item) in list.iter().enumerate() {
        let kind = item.get("ChargingType").and_then(whole);
        if let (Some(kind), Some(wanted)) = (kind, charging)
            && kind != wanted.number()
        {
            continue;
        }
        periods.extend(r.within(place, |r| period(place, item, r)));
    }
    // Periods without an end last until the next one begins: they must stand in order.
    let open: Vec<(u16, usize)> = periods
        .iter()
        .filter(|p| p.end.is_none())
        .map(|p| (p.start, p.place))
        .collect();
    let mut in_order = open.clone();
    in_order.sort_unstable();
    if in_order != open {
        r.note(code::ORDER_CHANGED, &Value::Null);
    }
    periods.sort_by_key(|p| (p.dates, p.start, p.place));
    let starts: Vec<(Dates, u16)> = periods.iter().map(|p| (p.dates, p.start)).collect();
    periods
        .into_iter()
        .map(|p| {
            let same = || starts.iter().filter(|(dates, _)| *dates == p.dates);
            let next = same().map(|(_, s)| *s).find(|s| *s > p.start);
            // The last lasts until the first begins, over midnight. Alone it lasts all day.
            let first = same().map(|(_, s)| *s).min().unwrap_or(0);
            let end = p.end.or(next).unwrap_or(first);
            let is_all_day = end == p.start;
            TariffElement {
                components: p.components,
                restrictions: TariffRestrictions {
                    start_minute: (!is_all_day).then_some(p.start),
                    end_minute: (!is_all_day).then_some(end),
                    start_date: p.dates.0,
                    end_date: p.dates.1,
                    ..TariffRestrictions::default()
                },
                band: None,
            }
        })
        .collect()
}

fn period(place: usize, item: &Value, r: &mut Reading) -> Option<Period> {
    let unreadable = code::RESTRICTION_UNREADABLE;
    let Some(start) = r.field(item, "StartTime", unreadable, minute).ok() else {
        if item.get("StartTime").is_none() {
            r.note(unreadable, item);
        }
        return None;
    };
    let end = end_minute(item, r).ok()?;
    let dates = dates(item, r)?;
    // The standard itself writes "Sevice".
    let mut price = |names: &[&str]| {
        names.iter().find_map(|name| {
            r.field(item, name, code::PRICE_UNREADABLE, |v| {
                UnitPrice::parse(&decimal(v)?).ok()
            })
            .ok()
        })
    };
    let energy = price(&["ElecPrice", "ElecFee"]);
    let service = price(&["SevicePrice", "ServicePrice", "ServiceFee", "SeviceFee"]);
    let Some(energy) = energy else {
        r.note(code::PRICE_UNREADABLE, item);
        return None;
    };
    let mut components = vec![PriceComponent::new(PriceDimension::Energy, energy)];
    components.extend(service.map(|price| PriceComponent::new(PriceDimension::Service, price)));
    Some(Period {
        place,
        start,
        end,
        dates,
        components,
    })
}

/// The end where there is one; an error, noted, where it cannot be read.
fn end_minute(item: &Value, r: &mut Reading) -> Result<Option<u16>, ()> {
    match r.field(item, "EndTime", code::RESTRICTION_UNREADABLE, minute) {
        Field::Absent => Ok(None),
        Field::Read(end) => Ok(Some(end)),
        Field::Unreadable => Err(()),
    }
}

/// The dates between which it holds; `None`, noted, where one cannot be read.
fn dates(item: &Value, r: &mut Reading) -> Option<Dates> {
    let mut day = |name| match r.field(item, name, code::RESTRICTION_UNREADABLE, date) {
        Field::Absent => Some(None),
        Field::Read(date) => Some(Some(date)),
        Field::Unreadable => None,
    };
    let (start, last) = (day("StartDate")?, day("EndDate")?);
    Some((start, last.map(|d| d.plus_days(1))))
}

/// `yyyy-mm-dd`, `yyyymmdd`, also with a time after it.
fn date(value: &Value) -> Option<LocalDate> {
    let text = decimal(value)?;
    let day = text.split([' ', 'T']).next()?;
    if day.len() == 8 && day.is_ascii() {
        LocalDate::parse(&format!("{}-{}-{}", &day[..4], &day[4..6], &day[6..])).ok()
    } else {
        LocalDate::parse(day).ok()
    }
}

/// `HHmmss`, `HHmm`, `HH:mm`, `HH:mm:ss`. The end of the day (`240000`, `235959`) is 0.
fn minute(value: &Value) -> Option<u16> {
    let text = value.as_str()?.trim();
    let digits: String = text.chars().filter(|c| *c != ':').collect();
    if !matches!(digits.len(), 4 | 6) || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let part = |from: usize| digits.get(from..from + 2)?.parse::<u16>().ok();
    let (hours, minutes, seconds) = (part(0)?, part(2)?, part(4).unwrap_or(0));
    match (hours, minutes, seconds) {
        (24, 0, 0) | (23, 59, 59) => Some(0),
        (0..24, 0..60, 0) => Some(hours * 60 + minutes),
        // The second before a full minute is how some write an end.
        (0..24, 0..60, 59) => Some(hours * 60 + minutes + 1),
        _ => None,
    }
}

/// Overstay fees (`IdleFeeFlag`: 0 none, 1 all day, 2 at some hours).
fn idle_fees(value: &Value, r: &mut Reading) -> Vec<IdleFee> {
    let flag = value.get("IdleFeeFlag").and_then(whole);
    let Some(list) = value.get("IdleFeeInfos").and_then(Value::as_array) else {
        return Vec::new();
    };
    if flag == Some(0) {
        return Vec::new();
    }
    r.within("IdleFeeInfos", |r| {
        let read = |(i, item): (usize, &Value)| r.within(i, |r| idle_fee(item, flag == Some(1), r));
        list.iter().enumerate().filter_map(read).collect()
    })
}

fn idle_fee(item: &Value, is_all_day: bool, r: &mut Reading) -> Option<IdleFee> {
    let price = |v: &Value| UnitPrice::parse(&decimal(v)?).ok();
    let per_minute = r.field(item, "IdleFee", code::PRICE_UNREADABLE, price).ok();
    let Some(per_minute) = per_minute else {
        if item.get("IdleFee").is_none() {
            r.note(code::PRICE_UNREADABLE, item);
        }
        return None;
    };
    let (start, end) = if is_all_day {
        (None, None)
    } else {
        let start = r.field(item, "StartTime", code::VALUE_IGNORED, minute).ok();
        (start, end_minute(item, r).ok()?)
    };
    let dates = dates(item, r)?;
    Some(IdleFee {
        per_minute,
        free_minutes: r
            .field(item, "FreeTime", code::VALUE_IGNORED, |v| {
                u16::try_from(whole(v)?).ok()
            })
            .ok()
            .unwrap_or(0),
        step_s: 0,
        max: r.field(item, "MaxFee", code::VALUE_IGNORED, price).ok(),
        per_minute_when_full: r
            .field(item, "FullIdleFee", code::VALUE_IGNORED, price)
            .ok(),
        start_minute: start,
        end_minute: end,
        start_date: dates.0,
        end_date: dates.1,
    })
}

/// `ParkType`: 0 free, 1 to be paid, 2 free for a time, 3 less while charging, 255 not known. The
/// interface tells neither how long nor how much.
fn parking(value: &Value, r: &mut Reading) -> Option<ParkingFee> {
    let waiver = r
        .field(value, "ParkType", code::VALUE_IGNORED, |v| {
            Some(match whole(v)? {
                0 => ParkingWaiver::Free,
                1 => ParkingWaiver::Paid,
                2 => ParkingWaiver::FreeForATime,
                3 => ParkingWaiver::WhenChargingForATime,
                255 => ParkingWaiver::Unknown,
                _ => return None,
            })
        })
        .ok()?;
    Some(ParkingFee {
        waiver,
        ..ParkingFee::default()
    })
}
