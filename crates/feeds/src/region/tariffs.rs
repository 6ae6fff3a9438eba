//! Tariffs of a region: one price, or one for each period of a calendar.

use super::calendar::{self, Calendar};
use super::entry::Entry;
use super::schema::{BandPrices, IdleEntry, OperatorsFile, TariffEntry, TextOr};
use crate::error::ImportError;
use chongtu_model::money::{Currency, UnitPrice};
use chongtu_model::tariff::{
    IdleFee, PriceComponent, PriceDimension, Tariff, TariffElement, TimeBand,
};
use chongtu_model::{Catalogue, OperatorId, TariffId};
use std::collections::BTreeMap;

/// All periods, in the order in which [`BandPrices`] has them.
const BANDS: [TimeBand; 5] = [
    TimeBand::Sharp,
    TimeBand::Peak,
    TimeBand::Flat,
    TimeBand::Valley,
    TimeBand::DeepValley,
];

/// Adds the tariffs of a file; gives their indices by id.
pub(super) fn add(
    catalogue: &mut Catalogue,
    file: &OperatorsFile,
    operators: &BTreeMap<String, u32>,
) -> Result<BTreeMap<String, u32>, ImportError> {
    let calendars = calendar::read_all(&file.calendar)?;
    let mut index = BTreeMap::new();
    for (entry, i) in file.tariff.iter().zip(0_u32..) {
        let at = Entry {
            file: "operators.toml",
            kind: "tariff",
            id: &entry.id,
        };
        at.check_id()?;
        if index.insert(entry.id.clone(), i).is_some() {
            return Err(at.err("id", "another tariff has this id"));
        }
        if !operators.contains_key(&entry.operator) {
            return Err(at.err("operator", format!("no operator {:?}", entry.operator)));
        }
        let named = entry
            .calendar
            .as_ref()
            .map(|id| {
                calendars.get(id).ok_or_else(|| {
                    let known: Vec<&str> = calendars.keys().map(String::as_str).collect();
                    at.err(
                        "calendar",
                        format!("no calendar {id:?}; there are {}", known.join(", ")),
                    )
                })
            })
            .transpose()?;
        catalogue.tariffs.push(tariff(entry, named, at)?);
    }
    Ok(index)
}

fn tariff(
    entry: &TariffEntry,
    calendar: Option<&Calendar>,
    at: Entry<'_>,
) -> Result<Tariff, ImportError> {
    let currency =
        Currency::parse(&entry.currency).map_err(|e| at.err("currency", e.to_string()))?;
    let mut prices = vec![Price::read(
        PriceDimension::Energy,
        "energy_per_kwh",
        &entry.energy_per_kwh,
        calendar,
        at,
    )?];
    if let Some(service) = &entry.service_per_kwh {
        prices.push(Price::read(
            PriceDimension::Service,
            "service_per_kwh",
            service,
            calendar,
            at,
        )?);
    }
    let by_band = prices.iter().any(|p| matches!(p.of, Of::Band(_)));
    if calendar.is_some() && !by_band {
        return Err(at.err(
            "calendar",
            "no price differs by period, so a calendar says nothing: give prices by period or drop it",
        ));
    }
    let mut tariff = Tariff::new(
        TariffId::new(&entry.id),
        currency,
        elements(&prices, calendar),
    );
    tariff.operator = Some(OperatorId::new(&entry.operator));
    tariff.alt_text = calendar.map(|c| c.source.clone());
    if let Some(idle) = &entry.idle {
        tariff.idle_fees.push(idle_fee(idle, at)?);
    }
    Ok(tariff)
}

/// One element a span of the calendar for what differs by period, then one for what does not.
fn elements(prices: &[Price], calendar: Option<&Calendar>) -> Vec<TariffElement> {
    let mut elements = Vec::new();
    for (band, hours) in calendar.iter().flat_map(|c| &c.spans) {
        let components: Vec<PriceComponent> = prices
            .iter()
            .filter_map(|p| match &p.of {
                Of::Band(of) => {
                    let price = *of.get(band)?;
                    Some(PriceComponent::new(p.dimension, price))
                }
                Of::Always(_) => None,
            })
            .collect();
        if !components.is_empty() {
            elements.push(TariffElement {
                components,
                restrictions: hours.clone(),
                band: Some(*band),
            });
        }
    }
    let always: Vec<PriceComponent> = prices
        .iter()
        .filter_map(|p| match p.of {
            Of::Always(price) => Some(PriceComponent::new(p.dimension, price)),
            Of::Band(_) => None,
        })
        .collect();
    if !always.is_empty() {
        elements.push(TariffElement {
            components: always,
            ..TariffElement::default()
        });
    }
    elements
}

/// A price of the file, read.
struct Price {
    dimension: PriceDimension,
    of: Of,
}

enum Of {
    Always(UnitPrice),
    Band(BTreeMap<TimeBand, UnitPrice>),
}

impl Price {
    fn read(
        dimension: PriceDimension,
        field: &'static str,
        entry: &TextOr<BandPrices>,
        calendar: Option<&Calendar>,
        at: Entry<'_>,
    ) -> Result<Self, ImportError> {
        let table = match entry {
            TextOr::Text(text) => {
                let of = Of::Always(at.price(field, text)?);
                return Ok(Self { dimension, of });
            }
            TextOr::Table(table) => table,
        };
        let Some(calendar) = calendar else {
            return Err(at.err(
                field,
                "prices by period need a calendar that says when the periods are",
            ));
        };
        let texts = [
            &table.sharp,
            &table.peak,
            &table.flat,
            &table.valley,
            &table.deep_valley,
        ];
        let mut of = BTreeMap::new();
        for (band, text) in BANDS.into_iter().zip(texts) {
            let name = calendar::name_of(band);
            match (text, calendar.has(band)) {
                (Some(text), true) => {
                    of.insert(band, at.price(field, text)?);
                }
                (None, true) => {
                    return Err(at.err(
                        field,
                        format!(
                            "the calendar has hours of period {name}, and no price is given for it"
                        ),
                    ));
                }
                (Some(_), false) => {
                    return Err(at.err(
                        field,
                        format!(
                            "a price for period {name} is given, and the calendar has no such hours"
                        ),
                    ));
                }
                (None, false) => {}
            }
        }
        let of = Of::Band(of);
        Ok(Self { dimension, of })
    }
}

fn idle_fee(entry: &IdleEntry, at: Entry<'_>) -> Result<IdleFee, ImportError> {
    Ok(IdleFee {
        per_minute: at.price("idle.per_minute", &entry.per_minute)?,
        free_minutes: entry.free_minutes,
        max: entry
            .cap
            .as_deref()
            .map(|cap| at.price("idle.cap", cap))
            .transpose()?,
        ..IdleFee::default()
    })
}
