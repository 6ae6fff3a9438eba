//! What parking costs: one word, or a table that says it in full.

use super::entry::Entry;
use super::schema::{ParkingEntry, TextOr};
use crate::error::ImportError;
use chongtu_model::location::{ParkingCost, ParkingRule};
use chongtu_model::money::Currency;
use chongtu_model::tariff::{ParkingFee, ParkingWaiver};

/// What the filter asks, and the whole.
type Parking = (Option<ParkingCost>, Option<ParkingRule>);

/// Reads it. Minutes that are free do not make a car park free: the short form says paid.
pub(super) fn read(given: TextOr<ParkingEntry>, at: Entry<'_>) -> Result<Parking, ImportError> {
    let entry = match given {
        TextOr::Text(word) => return Ok((Some(short(&word, at)?), None)),
        TextOr::Table(entry) => entry,
    };
    let (cost, waiver) = match (entry.kind.as_str(), entry.free_minutes) {
        ("free_minutes", Some(minutes @ 1..)) => {
            (ParkingCost::Paid, ParkingWaiver::FreeMinutes(minutes))
        }
        ("free_minutes", _) => {
            return Err(at.err(
                "parking.free_minutes",
                "kind \"free_minutes\" needs the minutes, from 1",
            ));
        }
        ("free_while_charging", minutes) => (
            ParkingCost::FreeWhileCharging,
            ParkingWaiver::WhenCharging(minutes),
        ),
        (_, Some(_)) => {
            return Err(at.err(
                "parking.free_minutes",
                "only kinds \"free_minutes\" and \"free_while_charging\" have free minutes",
            ));
        }
        ("free", None) => (ParkingCost::Free, ParkingWaiver::Free),
        ("paid", None) => (ParkingCost::Paid, ParkingWaiver::Paid),
        (other, None) => return Err(unknown(other, at)),
    };
    if cost == ParkingCost::Free && (entry.per_hour.is_some() || entry.cap.is_some()) {
        return Err(at.err("parking", "what is free has no price"));
    }
    let price =
        |field, text: &Option<String>| text.as_deref().map(|t| at.price(field, t)).transpose();
    let fee = ParkingFee {
        waiver,
        per_hour: price("parking.per_hour", &entry.per_hour)?,
        step_s: entry.step_minutes.map_or(0, |m| u32::from(m) * 60),
        max: price("parking.cap", &entry.cap)?,
    };
    let rule = ParkingRule {
        fee,
        currency: Currency::CNY,
        note: entry.note.map(Into::into),
    };
    Ok((Some(cost), Some(rule)))
}

fn short(word: &str, at: Entry<'_>) -> Result<ParkingCost, ImportError> {
    match word {
        "free" => Ok(ParkingCost::Free),
        "free_while_charging" => Ok(ParkingCost::FreeWhileCharging),
        "paid" => Ok(ParkingCost::Paid),
        other => Err(unknown(other, at)),
    }
}

fn unknown(word: &str, at: Entry<'_>) -> ImportError {
    at.err(
        "parking",
        format!(
            "{word:?} is not known: \"free\", \"free_while_charging\", \"paid\", or a table with one of these or \"free_minutes\" as its kind"
        ),
    )
}
