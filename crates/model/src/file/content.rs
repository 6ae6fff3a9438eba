//! What stands in which column.

use super::LocationsFileError;
use super::columns::{
    Columns, Dictionary, Instants, Similar, Texts, write_column, write_dictionary, write_instants,
    write_similar, write_texts, write_value,
};
use crate::bytes::{Reader, Writer};
use crate::catalogue::Catalogue;
use crate::geo::LatLng;
use crate::hours::OpeningHours;
use crate::ids::{EvseUid, LocationId};
use crate::location::{
    Capability, Connector, Evse, Facility, Location, LocationKind, ParkingCost, ParkingRule,
    PlaceKind, RoadSide,
};
use crate::provenance::LocalText;
use crate::status::Status;

type Result<T> = core::result::Result<T, LocationsFileError>;

/// What a location belongs to: source, operator, zone.
type Belongs = (u16, Option<u32>, Option<u16>);
/// What kind of place it is: kind, place, parking, accessible.
type Nature = (
    Option<LocationKind>,
    Option<PlaceKind>,
    Option<ParkingCost>,
    Option<bool>,
);

/// What is to know at the gate: what parking costs, the level, the highest vehicle in cm.
type Gate = (Option<ParkingRule>, Option<String>, Option<u16>);

/// No raw position.
const RAW_NONE: u8 = 0;
/// A raw position in whole millionths, as differences to the position.
const RAW_MILLIONTHS: u8 = 1;
/// A raw position bit by bit.
const RAW_EXACT: u8 = 2;

pub(super) fn write(catalogue: &Catalogue) -> Vec<u8> {
    let mut locations: Vec<&Location> = catalogue.locations.iter().collect();
    locations.sort_by(|a, b| a.id.cmp(&b.id));
    let all = || locations.iter().copied();

    let mut out = Writer::new();
    write_value(&mut out, &catalogue.sources);
    write_value(&mut out, &catalogue.operators);
    write_value(&mut out, &catalogue.tariffs);
    write_value(&mut out, &catalogue.zones);
    write_value(&mut out, &catalogue.readings);

    write_similar(&mut out, all().map(|l| Some(l.id.as_str())));
    write_dictionary(&mut out, all().map(|l| &l.aliases));
    write_positions(&mut out, &locations);
    write_texts(&mut out, all().map(|l| Some(l.name.text.as_str())));
    write_texts(&mut out, all().map(|l| l.name.en.as_deref()));
    write_texts(
        &mut out,
        all().map(|l| l.address.as_ref().map(|a| a.text.as_str())),
    );
    write_texts(
        &mut out,
        all().map(|l| l.address.as_ref().and_then(|a| a.en.as_deref())),
    );
    write_dictionary(&mut out, all().map(|l| (&l.city, &l.district)));
    write_dictionary(&mut out, all().map(|l| (l.source, l.operator, l.zone)));
    write_dictionary(
        &mut out,
        all().map(|l| (l.kind, l.place, l.parking, l.accessible)),
    );
    write_dictionary(&mut out, all().map(|l| &l.road));
    write_dictionary(&mut out, all().map(|l| &l.opening_hours));
    write_dictionary(&mut out, all().map(|l| &l.facilities));
    write_dictionary(
        &mut out,
        all().map(|l| (&l.parking_rule, &l.floor, l.max_vehicle_height_cm)),
    );
    write_texts(
        &mut out,
        all().map(|l| l.access_note.as_ref().map(|n| n.text.as_str())),
    );
    write_texts(
        &mut out,
        all().map(|l| l.access_note.as_ref().and_then(|n| n.en.as_deref())),
    );
    write_similar(&mut out, all().map(|l| l.phone.as_deref()));
    write_instants(&mut out, all().map(|l| l.last_updated));

    write_column(&mut out, |c| {
        all().for_each(|l| c.varint(l.evses.len() as u64));
    });
    let evses = || all().flat_map(|l| &l.evses);
    write_column(&mut out, |c| evses().for_each(|e| c.byte(e.status as u8)));
    write_similar(&mut out, evses().map(|e| Some(e.uid.as_str())));
    write_similar(&mut out, evses().map(|e| e.evse_id.as_deref()));
    write_instants(&mut out, evses().map(|e| e.status_updated));
    write_dictionary(&mut out, evses().map(|e| &e.capabilities));
    write_dictionary(&mut out, evses().map(|e| &e.connectors));
    out.into_vec()
}

/// Three columns: latitudes, longitudes, raw positions.
fn write_positions(out: &mut Writer, locations: &[&Location]) {
    for axis in 0..2 {
        write_column(out, |c| {
            let mut before = 0;
            for location in locations {
                let at = location.position.to_e6()[axis];
                c.signed(i64::from(at) - before);
                before = i64::from(at);
            }
        });
    }
    write_column(out, |c| {
        for location in locations {
            let Some((lat, lng)) = location.raw_position else {
                c.byte(RAW_NONE);
                continue;
            };
            let raw = LatLng { lat, lng }.to_e6();
            let exact = |e6: i32, v: f64| (f64::from(e6) / 1e6).to_bits() == v.to_bits();
            if exact(raw[0], lat) && exact(raw[1], lng) {
                let at = location.position.to_e6();
                c.byte(RAW_MILLIONTHS);
                c.signed(i64::from(raw[0]) - i64::from(at[0]));
                c.signed(i64::from(raw[1]) - i64::from(at[1]));
            } else {
                c.byte(RAW_EXACT);
                c.raw(&lat.to_bits().to_le_bytes());
                c.raw(&lng.to_bits().to_le_bytes());
            }
        }
    });
}

pub(super) fn read(content: &[u8]) -> Result<Catalogue> {
    let mut columns = Columns::new(content);
    let mut catalogue = Catalogue {
        sources: columns.value("sources")?,
        operators: columns.value("operators")?,
        tariffs: columns.value("tariffs")?,
        zones: columns.value("zones")?,
        readings: columns.value("readings")?,
        locations: Vec::new(),
    };
    let ids = read_ids(&mut columns)?;
    let mut aliases = Dictionary::<Vec<LocationId>>::new(&mut columns, "aliases")?;
    let positions = read_positions(&mut columns, ids.len())?;
    let mut names = Texts::new(&mut columns, "names")?;
    let mut names_en = Texts::new(&mut columns, "names in English")?;
    let mut addresses = Texts::new(&mut columns, "addresses")?;
    let mut addresses_en = Texts::new(&mut columns, "addresses in English")?;
    let mut areas =
        Dictionary::<(Option<String>, Option<String>)>::new(&mut columns, "cities and districts")?;
    let mut belongs = Dictionary::<Belongs>::new(&mut columns, "sources, operators, zones")?;
    belongs.check(
        |(source, operator, zone)| {
            usize::from(*source) < catalogue.sources.len()
                && operator.is_none_or(|o| (o as usize) < catalogue.operators.len())
                && zone.is_none_or(|z| usize::from(z) < catalogue.zones.len())
        },
        "a location names a source, an operator or a zone that is not in the file",
    )?;
    let mut natures = Dictionary::<Nature>::new(&mut columns, "kinds")?;
    let mut roads = Dictionary::<Option<RoadSide>>::new(&mut columns, "roads")?;
    let mut hours = Dictionary::<Option<OpeningHours>>::new(&mut columns, "opening hours")?;
    let mut facilities = Dictionary::<Vec<Facility>>::new(&mut columns, "facilities")?;
    let mut gates = Dictionary::<Gate>::new(&mut columns, "parking, floors, heights")?;
    let mut notes = Texts::new(&mut columns, "ways in")?;
    let mut notes_en = Texts::new(&mut columns, "ways in, in English")?;
    let mut phones = Similar::new(&mut columns, "phones")?;
    let mut updated = Instants::new(&mut columns, "last updated")?;
    let mut n_evses = columns.next("EVSE counts")?;
    let mut evses = Evses::new(&mut columns, catalogue.tariffs.len())?;
    columns.end()?;

    let budget = &mut columns.budget;
    catalogue.locations.reserve_exact(ids.len());
    for (id, (position, raw_position)) in ids.into_iter().zip(positions) {
        let (city, district) = areas.next(budget)?;
        let (source, operator, zone) = belongs.next(budget)?;
        let (kind, place, parking, accessible) = natures.next(budget)?;
        let address = addresses.next()?;
        let address_en = addresses_en.next()?;
        let (parking_rule, floor, max_vehicle_height_cm) = gates.next(budget)?;
        let note = notes.next()?;
        let note_en = notes_en.next()?;
        let n = n_evses.read(Reader::varint)?;
        catalogue.locations.push(Location {
            id,
            aliases: aliases.next(budget)?,
            name: LocalText {
                text: names.must()?,
                en: names_en.next()?,
            },
            address: address.map(|text| LocalText {
                text,
                en: address_en,
            }),
            city,
            district,
            position,
            raw_position,
            source,
            operator,
            kind,
            place,
            road: roads.next(budget)?,
            zone,
            opening_hours: hours.next(budget)?,
            facilities: facilities.next(budget)?,
            accessible,
            parking,
            parking_rule,
            access_note: note.map(|text| LocalText { text, en: note_en }),
            floor,
            max_vehicle_height_cm,
            phone: phones.next(budget)?.map(str::to_owned),
            evses: evses.take(n, budget)?,
            last_updated: updated.next()?,
        });
    }
    aliases.end()?;
    for texts in [
        &names,
        &names_en,
        &addresses,
        &addresses_en,
        &notes,
        &notes_en,
    ] {
        texts.end()?;
    }
    areas.end()?;
    belongs.end()?;
    natures.end()?;
    roads.end()?;
    hours.end()?;
    facilities.end()?;
    gates.end()?;
    phones.end()?;
    updated.end()?;
    n_evses.end()?;
    evses.end()?;
    Ok(catalogue)
}

fn read_ids(columns: &mut Columns<'_>) -> Result<Vec<LocationId>> {
    let mut column = Similar::new(columns, "ids")?;
    let mut ids: Vec<LocationId> = Vec::new();
    while !column.is_done() {
        let id = LocationId::new(column.must(&mut columns.budget)?);
        if ids.last().is_some_and(|before| *before > id) {
            return Err(LocationsFileError::Content {
                column: "ids",
                why: format!("{id} is out of order"),
            });
        }
        ids.push(id);
    }
    column.end()?;
    Ok(ids)
}

type Position = (LatLng, Option<(f64, f64)>);

fn read_positions(columns: &mut Columns<'_>, n: usize) -> Result<Vec<Position>> {
    let mut lats = columns.next("latitudes")?;
    let mut lngs = columns.next("longitudes")?;
    let mut raws = columns.next("raw positions")?;
    let mut at = [0_i64; 2];
    let mut positions = Vec::with_capacity(n.min(lats.remaining()));
    for _ in 0..n {
        let e6 = |v: i64| i32::try_from(v).ok();
        at[0] = at[0].wrapping_add(lats.read(Reader::signed)?);
        at[1] = at[1].wrapping_add(lngs.read(Reader::signed)?);
        let position = match (e6(at[0]), e6(at[1])) {
            (Some(lat), Some(lng)) => LatLng::from_e6([lat, lng]).ok(),
            _ => None,
        }
        .ok_or_else(|| lats.error("a position is not on Earth"))?;
        let raw = match raws.read(Reader::byte)? {
            RAW_NONE => None,
            RAW_MILLIONTHS => {
                let mut axis = |from: i64| -> Result<f64> {
                    let difference = raws.read(Reader::signed)?;
                    e6(from.wrapping_add(difference))
                        .map(|v| f64::from(v) / 1e6)
                        .ok_or_else(|| raws.error("a raw position is out of range"))
                };
                Some((axis(at[0])?, axis(at[1])?))
            }
            RAW_EXACT => {
                let mut axis = || -> Result<f64> {
                    let bytes = raws.read(|r| r.raw(8))?;
                    let bits = bytes.iter().rev().fold(0, |v, &b| v << 8 | u64::from(b));
                    Ok(f64::from_bits(bits))
                };
                Some((axis()?, axis()?))
            }
            _ => return Err(raws.error("a raw position is of no known kind")),
        };
        positions.push((position, raw));
    }
    for column in [lats, lngs, raws] {
        column.end()?;
    }
    Ok(positions)
}

/// The columns of EVSEs.
struct Evses<'a> {
    status: super::columns::Column<'a>,
    uids: Similar<'a>,
    evse_ids: Similar<'a>,
    updated: Instants<'a>,
    capabilities: Dictionary<'a, Vec<Capability>>,
    connectors: Dictionary<'a, Vec<Connector>>,
}

impl<'a> Evses<'a> {
    fn new(columns: &mut Columns<'a>, n_tariffs: usize) -> Result<Self> {
        let evses = Self {
            status: columns.next("status")?,
            uids: Similar::new(columns, "EVSE uids")?,
            evse_ids: Similar::new(columns, "EVSE ids")?,
            updated: Instants::new(columns, "status updated")?,
            capabilities: Dictionary::new(columns, "capabilities")?,
            connectors: Dictionary::new(columns, "connectors")?,
        };
        evses.connectors.check(
            |connectors| {
                let known = |t: u32| (t as usize) < n_tariffs;
                connectors.iter().all(|c| c.tariff.is_none_or(known))
            },
            "a connector names a tariff that is not in the file",
        )?;
        Ok(evses)
    }

    /// The next `n`.
    fn take(&mut self, n: u64, budget: &mut super::columns::Budget) -> Result<Vec<Evse>> {
        // A byte of status for each is there, or the count is wrong.
        let n = usize::try_from(n)
            .ok()
            .filter(|n| *n <= self.status.remaining())
            .ok_or_else(|| self.status.error("fewer EVSEs than are counted"))?;
        (0..n)
            .map(|_| {
                let status = usize::from(self.status.read(Reader::byte)?);
                Ok(Evse {
                    uid: EvseUid::new(self.uids.must(budget)?),
                    evse_id: self.evse_ids.next(budget)?.map(str::to_owned),
                    status: *Status::ALL
                        .get(status)
                        .ok_or_else(|| self.status.error("a status is not one of the nine"))?,
                    status_updated: self.updated.next()?,
                    capabilities: self.capabilities.next(budget)?,
                    connectors: self.connectors.next(budget)?,
                })
            })
            .collect()
    }

    fn end(&self) -> Result<()> {
        self.status.end()?;
        self.uids.end()?;
        self.evse_ids.end()?;
        self.updated.end()?;
        self.capabilities.end()?;
        self.connectors.end()
    }
}
