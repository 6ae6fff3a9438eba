//! OCPI tariffs, read forgivingly and never more cheaply than they stand: a price that cannot be
//! read is left out and noted; an element of which a restriction cannot be read is left out
//! whole, because without it it would hold too often.

use super::note::{Field, Note, Reading, code, decimal, whole};
use crate::ImportError;
use chongtu_model::money::{Currency, Quantity, TaxRate, UnitPrice};
use chongtu_model::provenance::LocalText;
use chongtu_model::tariff::{
    PriceComponent, PriceDimension, PriceLimit, ReservationRestriction, Tariff, TariffElement,
    TariffKind, TariffRestrictions, TaxIncluded,
};
use chongtu_model::time::{LocalDate, Weekday};
use chongtu_model::{Instant, TariffId};
use serde_json::Value;

/// Tariffs out of a file or a response.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ParsedTariffs {
    /// In the order of the source.
    pub tariffs: Vec<Tariff>,
    /// In the order of the source; paths begin with the tariff's number, from 0, where the source is a list.
    pub notes: Vec<Note>,
}

/// Reads one tariff, a list of tariffs or an OCPI response (`{"data": …}`) with either. A tariff
/// that cannot be read is left out with a note.
///
/// # Errors
/// When the text is empty or not JSON.
pub fn parse_tariffs(json: &[u8]) -> Result<ParsedTariffs, ImportError> {
    if json.iter().all(u8::is_ascii_whitespace) {
        return Err(ImportError::Empty);
    }
    let value: Value = serde_json::from_slice(json).map_err(|e| ImportError::of_json(&e))?;
    let mut reading = Reading::new();
    let mut tariffs = Vec::new();
    let body = value.get("data").unwrap_or(&value);
    match body {
        Value::Array(list) => {
            for (i, item) in list.iter().enumerate() {
                tariffs.extend(reading.within(i, |r| tariff(item, r)));
            }
        }
        single => tariffs.extend(tariff(single, &mut reading)),
    }
    Ok(ParsedTariffs {
        tariffs,
        notes: reading.notes,
    })
}

/// Reads one tariff object; `None` with a note when it has no id, currency or elements.
pub fn parse_tariff(value: &Value) -> (Option<Tariff>, Vec<Note>) {
    let mut reading = Reading::new();
    (tariff(value, &mut reading), reading.notes)
}

fn tariff(value: &Value, r: &mut Reading) -> Option<Tariff> {
    let text = |name: &str| value.get(name).and_then(Value::as_str);
    let id = text("id").filter(|id| !id.trim().is_empty());
    let currency = r
        .field(value, "currency", code::OBJECT_DROPPED, |v| {
            Currency::parse(v.as_str()?).ok()
        })
        .ok();
    let elements = value.get("elements").and_then(Value::as_array);
    let (Some(id), Some(currency), Some(elements)) = (id, currency, elements) else {
        r.note(code::OBJECT_DROPPED, value);
        return None;
    };
    let id = match (text("country_code"), text("party_id")) {
        (Some(country), Some(party)) => format!("{country}-{party}-{}", id.trim()),
        _ => id.to_owned(),
    };
    let elements = r.within("elements", |r| {
        let read = |(i, e): (usize, &Value)| r.within(i, |r| element(e, r));
        elements.iter().enumerate().filter_map(read).collect()
    });
    let mut out = Tariff::new(TariffId::new(&id), currency, elements);
    let ignored = code::VALUE_IGNORED;
    out.kind = r.field(value, "type", ignored, kind).ok();
    out.alt_text = alt_text(value);
    out.alt_url = text("tariff_alt_url").map(str::to_owned);
    out.min_price = limit(value, "min_price", r);
    out.max_price = limit(value, "max_price", r);
    out.tax_included = r
        .field(value, "tax_included", ignored, tax_included)
        .ok()
        .unwrap_or_default();
    let mut instant = |name| r.field(value, name, ignored, |v| utc(v.as_str()?)).ok();
    out.start = instant("start_date_time");
    out.end = instant("end_date_time");
    Some(out)
}

fn kind(value: &Value) -> Option<TariffKind> {
    Some(match value.as_str()? {
        "AD_HOC_PAYMENT" => TariffKind::AdHocPayment,
        "PROFILE_CHEAP" => TariffKind::ProfileCheap,
        "PROFILE_FAST" => TariffKind::ProfileFast,
        "PROFILE_GREEN" => TariffKind::ProfileGreen,
        "REGULAR" => TariffKind::Regular,
        _ => return None,
    })
}

fn tax_included(value: &Value) -> Option<TaxIncluded> {
    Some(match value.as_str()? {
        "YES" => TaxIncluded::Yes,
        "NO" => TaxIncluded::No,
        "N/A" => TaxIncluded::NotApplicable,
        _ => return None,
    })
}

/// The description: English beside the first of the other languages.
fn alt_text(value: &Value) -> Option<LocalText> {
    let texts = value.get("tariff_alt_text")?.as_array()?;
    let all = || {
        texts.iter().filter_map(|t| {
            let text = t.get("text")?.as_str()?;
            Some((t.get("language").and_then(Value::as_str), text.to_owned()))
        })
    };
    let is_english = |language: Option<&str>| language.is_some_and(|l| l.starts_with("en"));
    let en = all().find(|(l, _)| is_english(*l)).map(|(_, text)| text);
    let own = all().find(|(l, _)| !is_english(*l)).map(|(_, text)| text);
    match (own, en) {
        (Some(text), en) => Some(LocalText { text, en }),
        (None, Some(en)) => Some(LocalText::both(en.clone(), en)),
        (None, None) => None,
    }
}

/// A limit: OCPI 2.3.0 says `before_taxes`, 2.2.1 `excl_vat`; some write a bare number.
fn limit(value: &Value, name: &str, r: &mut Reading) -> Option<PriceLimit> {
    let limit = value.get(name).filter(|v| !v.is_null())?;
    r.within(name, |r| {
        if limit.is_number() || limit.is_string() {
            let before_taxes = unit_price(limit);
            r.note(
                if before_taxes.is_some() {
                    code::TYPE_UNEXPECTED
                } else {
                    code::VALUE_IGNORED
                },
                limit,
            );
            return before_taxes.map(|price| PriceLimit {
                before_taxes: Some(price),
                after_taxes: None,
            });
        }
        let mut either = |names: [&str; 2]| {
            names
                .into_iter()
                .find_map(|n| r.field(limit, n, code::VALUE_IGNORED, unit_price).ok())
        };
        let read = PriceLimit {
            before_taxes: either(["before_taxes", "excl_vat"]),
            after_taxes: either(["after_taxes", "incl_vat"]),
        };
        if read == PriceLimit::default() {
            r.note(code::VALUE_IGNORED, limit);
            return None;
        }
        Some(read)
    })
}

fn unit_price(value: &Value) -> Option<UnitPrice> {
    UnitPrice::parse(&decimal(value)?).ok()
}

fn element(value: &Value, r: &mut Reading) -> Option<TariffElement> {
    let restrictions = match value.get("restrictions").filter(|v| !v.is_null()) {
        None => TariffRestrictions::default(),
        Some(object) => r.within("restrictions", |r| restrictions(object, r))?,
    };
    let Some(components) = value.get("price_components").and_then(Value::as_array) else {
        r.note(code::OBJECT_DROPPED, value);
        return None;
    };
    let components: Vec<PriceComponent> = r.within("price_components", |r| {
        let read = |(i, c): (usize, &Value)| r.within(i, |r| component(c, r));
        components.iter().enumerate().filter_map(read).collect()
    });
    // One whose every price was left out prices nothing, and the places of the others need not move.
    Some(TariffElement {
        components,
        restrictions,
        band: None,
    })
}

fn component(value: &Value, r: &mut Reading) -> Option<PriceComponent> {
    let dimension = r
        .field(value, "type", code::DIMENSION_UNKNOWN, |v| {
            Some(match v.as_str()? {
                "ENERGY" => PriceDimension::Energy,
                "TIME" => PriceDimension::Time,
                "PARKING_TIME" => PriceDimension::ParkingTime,
                "FLAT" => PriceDimension::Flat,
                _ => return None,
            })
        })
        .ok()?;
    let price = match r.field(value, "price", code::PRICE_UNREADABLE, unit_price) {
        Field::Read(price) => price,
        Field::Unreadable => return None,
        Field::Absent => {
            r.note(code::PRICE_UNREADABLE, value);
            return None;
        }
    };
    let vat = |v: &Value| TaxRate::parse_percent(&decimal(v)?).ok();
    Some(PriceComponent {
        vat: r.field(value, "vat", code::VALUE_IGNORED, vat).ok(),
        step_size: r
            .field(value, "step_size", code::VALUE_IGNORED, whole)
            .ok()
            .unwrap_or(0),
        ..PriceComponent::new(dimension, price)
    })
}

/// All restrictions, or `None` when one of them cannot be read.
fn restrictions(object: &Value, r: &mut Reading) -> Option<TariffRestrictions> {
    let mut is_whole = true;
    let out = {
        let mut reader = Restrictions {
            object,
            reading: r,
            is_whole: &mut is_whole,
        };
        TariffRestrictions {
            start_minute: reader.get("start_time", |v| minute(v.as_str()?)),
            end_minute: reader.get("end_time", |v| minute(v.as_str()?)),
            months: Vec::new(),
            days_of_week: reader.get("day_of_week", weekdays).unwrap_or_default(),
            start_date: reader.get("start_date", date),
            end_date: reader.get("end_date", date),
            min_kwh: reader.get("min_kwh", quantity),
            max_kwh: reader.get("max_kwh", quantity),
            min_current_a: reader.get("min_current", quantity),
            max_current_a: reader.get("max_current", quantity),
            min_power_kw: reader.get("min_power", quantity),
            max_power_kw: reader.get("max_power", quantity),
            min_duration_s: reader.get("min_duration", whole),
            max_duration_s: reader.get("max_duration", whole),
            reservation: reader.get("reservation", |v| {
                Some(match v.as_str()? {
                    "RESERVATION" => ReservationRestriction::Reservation,
                    "RESERVATION_EXPIRES" => ReservationRestriction::ReservationExpires,
                    _ => return None,
                })
            }),
        }
    };
    is_whole.then_some(out)
}

struct Restrictions<'a> {
    object: &'a Value,
    reading: &'a mut Reading,
    is_whole: &'a mut bool,
}

impl Restrictions<'_> {
    fn get<T>(&mut self, name: &str, read: impl FnOnce(&Value) -> Option<T>) -> Option<T> {
        let field = self
            .reading
            .field(self.object, name, code::RESTRICTION_UNREADABLE, read);
        *self.is_whole &= !matches!(field, Field::Unreadable);
        field.ok()
    }
}

fn quantity(value: &Value) -> Option<Quantity> {
    Quantity::parse(&decimal(value)?).ok()
}

fn date(value: &Value) -> Option<LocalDate> {
    LocalDate::parse(value.as_str()?).ok()
}

/// `HH:MM`; seconds of 0 are let pass.
fn minute(text: &str) -> Option<u16> {
    let text = text
        .strip_suffix(":00")
        .filter(|t| t.len() == 5)
        .unwrap_or(text);
    let (hours, minutes) = text.split_once(':')?;
    let two = |t: &str| {
        let plain = t.len() == 2 && t.bytes().all(|b| b.is_ascii_digit());
        plain.then(|| t.parse::<u16>().ok())?
    };
    let (hours, minutes) = (two(hours)?, two(minutes)?);
    match (hours, minutes) {
        // Not OCPI's way to write the end of the day, and plain all the same.
        (24, 0) => Some(0),
        (0..24, 0..60) => Some(hours * 60 + minutes),
        _ => None,
    }
}

fn weekdays(value: &Value) -> Option<Vec<Weekday>> {
    const NAMES: [&str; 7] = [
        "MONDAY",
        "TUESDAY",
        "WEDNESDAY",
        "THURSDAY",
        "FRIDAY",
        "SATURDAY",
        "SUNDAY",
    ];
    value
        .as_array()?
        .iter()
        .map(|day| {
            let name = day.as_str()?;
            let i = NAMES.iter().position(|n| *n == name)?;
            Weekday::ALL.get(i).copied()
        })
        .collect()
}

/// An instant as OCPI writes it: `2018-12-17T17:15:01Z`, the zone left out, fractions dropped.
pub(crate) fn utc(text: &str) -> Option<Instant> {
    let text = text.strip_suffix('Z').unwrap_or(text);
    let text = text.split_once('.').map_or(text, |(whole, _)| whole);
    let (date, time) = text.split_once('T')?;
    let date = LocalDate::parse(date).ok()?;
    let mut parts = time.splitn(3, ':').map(|part| {
        let plain = part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
        plain.then(|| part.parse::<i64>().ok())?
    });
    let (h, m, s) = (parts.next()??, parts.next()??, parts.next()??);
    let is_time = (0..24).contains(&h) && (0..60).contains(&m) && (0..=60).contains(&s);
    is_time.then(|| Instant::from_unix_s(date.days() * 86_400 + h * 3600 + m * 60 + s))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_and_hours_are_read_or_refused() {
        assert_eq!(
            utc("1970-01-02T00:01:02Z").map(Instant::unix_s),
            Some(86_462)
        );
        assert_eq!(utc("1970-01-02T00:01:02.999"), utc("1970-01-02T00:01:02Z"));
        for bad in [
            "",
            "1970-01-02",
            "1970-01-02T25:00:00Z",
            "1970-02-30T00:00:00Z",
            "1970-01-02T00:00:00+02:00",
        ] {
            assert_eq!(utc(bad), None, "{bad}");
        }
        assert_eq!(minute("13:30"), Some(810));
        assert_eq!(minute("13:30:00"), Some(810));
        assert_eq!(minute("24:00"), Some(0));
        for bad in ["", "1:30", "13:60", "24:01", "ab:cd", "13", "13:30:30"] {
            assert_eq!(minute(bad), None, "{bad}");
        }
    }
}
