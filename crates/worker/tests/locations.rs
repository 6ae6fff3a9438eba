//! The location sheet's figures: against the second-by-second truth of the tariff, a scan of all
//! places, and hand sums.

#![allow(clippy::panic, clippy::unwrap_used, reason = "tests may")]

mod common;

use chongtu_model::hours::OpeningHours;
use chongtu_model::location::LocationKind;
use chongtu_model::money::{Quantity, UnitPrice};
use chongtu_model::pricing::price_per_kwh_at;
use chongtu_model::time::TimeZone;
use chongtu_model::vehicle::{ChargeCurve, Interpolation};
use chongtu_model::{Catalogue, ConnectorStandard, Instant, LocationId};
use chongtu_worker::catalogue::{
    CarCharge, Charge, Estimate, EstimateQuestion, FromCatalogue, LocationDetail, LocationQuestion,
    ToCatalogue,
};
use chongtu_worker::engine::{CatalogueEngine, Engine};
use common::{NOW, load_catalogue, only};

fn detail_at(
    engine: &mut CatalogueEngine,
    id: &LocationId,
    now: Instant,
    fits: &[ConnectorStandard],
) -> LocationDetail {
    let question = LocationQuestion {
        location: id.clone(),
        now,
        fits: fits.to_vec(),
    };
    match only(engine.handle(ToCatalogue::Location { id: 1, question }, None)) {
        FromCatalogue::Location { id: 1, detail } => *detail.unwrap(),
        other => panic!("{other:?}"),
    }
}

fn estimate(engine: &mut CatalogueEngine, question: EstimateQuestion) -> Option<Estimate> {
    let question = Box::new(question);
    match only(engine.handle(ToCatalogue::Estimate { id: 2, question }, None)) {
        FromCatalogue::Estimate { id: 2, estimate } => estimate.map(|e| *e),
        other => panic!("{other:?}"),
    }
}

fn region() -> (CatalogueEngine, Catalogue) {
    let catalogue = common::catalogue();
    let mut engine = CatalogueEngine::default();
    load_catalogue(&mut engine, &catalogue);
    (engine, catalogue)
}

/// Minute by minute over a day and a half, by the engine of prices alone.
fn price_by_minute(
    catalogue: &Catalogue,
    tariff: u32,
    zone: &TimeZone,
    now: Instant,
) -> Vec<Option<UnitPrice>> {
    let tariff = &catalogue.tariffs[tariff as usize];
    (0..36 * 60)
        .map(|m| price_per_kwh_at(tariff, now.plus_s(m * 60), zone))
        .collect()
}

#[test]
fn prices_of_the_day_cover_it_and_agree_with_every_minute() {
    let (mut engine, catalogue) = region();
    let mut changing = 0;
    for location in catalogue.locations.iter().step_by(9) {
        let zone = catalogue.zone_of(location).unwrap();
        // Three hours of the day, so that every season's borders are met from both sides.
        for now in [NOW, NOW.plus_s(9 * 3600 + 60), NOW.plus_s(17 * 3600)] {
            let detail = detail_at(&mut engine, &location.id, now, &[]);
            for tariff in &detail.tariffs {
                let minutes = price_by_minute(&catalogue, tariff.index, zone, now);
                assert_eq!(tariff.now.per_kwh(), minutes[0]);
                let start = zone.day_start(zone.date_at(now));
                for (spans, plus) in [(&tariff.today, 0), (&tariff.tomorrow, 1)] {
                    let date = zone.date_at(now).plus_days(plus);
                    assert_eq!(spans.first().unwrap().from, zone.day_start(date));
                    assert_eq!(spans.last().unwrap().to, zone.day_start(date.plus_days(1)));
                    assert!(spans.windows(2).all(|w| w[0].to == w[1].from));
                }
                assert!(start <= now);
                for (minute, price) in minutes.iter().enumerate() {
                    let at = now.plus_s(minute as i64 * 60);
                    let days = tariff.today.iter().chain(&tariff.tomorrow);
                    for span in days.filter(|s| s.from <= at && at < s.to) {
                        assert_eq!(span.price.per_kwh(), *price, "{} {minute}", location.id);
                    }
                }
                let changes = minutes.iter().position(|p| *p != minutes[0]);
                changing += usize::from(changes.is_some());
                if let Some((at, price)) = tariff.next {
                    let minute = ((at.unix_s() - now.unix_s()) / 60) as usize;
                    assert_eq!(price.per_kwh(), minutes[minute]);
                    assert!(changes.is_none_or(|c| minute <= c + 1));
                } else {
                    assert_eq!(changes, None);
                }
            }
        }
    }
    assert!(
        changing > 20,
        "the region's prices go by the hour: {changing}"
    );
}

#[test]
fn the_cheapest_hours_are_the_cheapest_of_those_one_can_get_in() {
    let (mut engine, catalogue) = region();
    let mut told = 0;
    for location in catalogue.locations.iter().step_by(7) {
        let zone = catalogue.zone_of(location).unwrap();
        let now = NOW.plus_s(5 * 3600);
        let detail = detail_at(&mut engine, &location.id, now, &[]);
        let open = |at| {
            location
                .opening_hours
                .as_ref()
                .is_none_or(|h| h.is_open_at(at, zone))
        };
        for tariff in &detail.tariffs {
            let minutes = price_by_minute(&catalogue, tariff.index, zone, now);
            let Some(found) = tariff.cheapest else {
                let known: Vec<_> = minutes.iter().flatten().collect();
                assert!(known.iter().all(|p| *p == known[0]) || !open(now));
                continue;
            };
            told += 1;
            assert!(now <= found.from && found.from < found.to && open(found.from));
            for (minute, price) in minutes.iter().enumerate() {
                let at = now.plus_s(minute as i64 * 60);
                if found.from <= at && at < found.to {
                    assert_eq!(*price, Some(found.per_kwh), "{} {minute}", location.id);
                }
            }
            if location.opening_hours == Some(OpeningHours::TwentyFourSeven) {
                let least = minutes[..24 * 60].iter().flatten().min().unwrap();
                assert_eq!(found.per_kwh, *least);
            }
        }
    }
    assert!(told > 10, "{told}");
}

#[test]
fn opening_hours_change_when_they_are_said_to() {
    let (mut engine, catalogue) = region();
    let mut told = 0;
    for location in &catalogue.locations {
        let Some(hours @ OpeningHours::Regular(_)) = &location.opening_hours else {
            continue;
        };
        let zone = catalogue.zone_of(location).unwrap();
        let detail = detail_at(&mut engine, &location.id, NOW, &[]);
        let open = hours.is_open_at(NOW, zone);
        assert_eq!(detail.open_now, Some(open));
        // A scan by the minute over a week.
        let scan = (1..=7 * 1440)
            .map(|m| NOW.plus_s(m * 60))
            .find(|at| hours.is_open_at(*at, zone) != open);
        assert_eq!(detail.open_changes, scan, "{}", location.id);
        told += usize::from(scan.is_some());
        let week = detail.week().unwrap();
        assert!(week.iter().any(|day| !day.is_empty()));
    }
    assert!(told > 5, "{told}");
}

#[test]
fn places_nearby_are_the_nearest_that_fit_free_and_cheap_first() {
    let (mut engine, catalogue) = region();
    let mut told = 0;
    for location in catalogue.locations.iter().step_by(5) {
        for fits in [&[][..], &[ConnectorStandard::GbtAc]] {
            let detail = detail_at(&mut engine, &location.id, NOW, fits);
            assert!(detail.nearby.len() <= 3);
            let mut near: Vec<(f64, &LocationId)> = catalogue
                .locations
                .iter()
                .filter(|l| l.id != location.id)
                .map(|l| (l.position.distance_m(location.position), &l.id))
                .filter(|(m, _)| *m <= 20_000.0)
                .collect();
            near.sort_by(|a, b| a.0.total_cmp(&b.0));
            for entry in &detail.nearby {
                told += 1;
                assert_ne!(entry.id, location.id);
                let there = catalogue.find(&entry.id).unwrap();
                let mut plugs = there.evses.iter().flat_map(|e| &e.connectors);
                let charges = !matches!(
                    location.kind,
                    Some(LocationKind::BatterySwap | LocationKind::Hydrogen)
                );
                if !charges {
                    assert_eq!(there.kind, location.kind);
                } else if !fits.is_empty() {
                    assert!(plugs.any(|c| c.standard.is_some_and(|s| fits.contains(&s))));
                }
                assert!(near.iter().any(|(_, id)| **id == entry.id));
            }
            let order: Vec<_> = detail
                .nearby
                .iter()
                .map(|e| {
                    (
                        e.counts.free == 0,
                        e.open_now == Some(false),
                        e.price_now.map_or(i64::MAX, |p| p.0.millionths()),
                    )
                })
                .collect();
            assert!(order.is_sorted(), "{order:?}");
        }
    }
    assert!(told > 100, "{told}");
}

#[test]
fn thirty_kwh_cost_what_a_hand_sum_says() {
    let (mut engine, catalogue) = region();
    let index = |id: &str| {
        let at = catalogue.tariffs.iter().position(|t| t.id.as_str() == id);
        at.unwrap() as u32
    };
    let zjq = index("zjq-dc");
    let at = catalogue
        .locations
        .iter()
        .find(|l| {
            let mut plugs = l.evses.iter().flat_map(|e| &e.connectors);
            l.parking_rule.is_none() && plugs.any(|c| c.tariff == Some(zjq))
        })
        .unwrap();
    let mut cost = |now: Instant, energy: &str, power_w| {
        let question = EstimateQuestion {
            location: at.id.clone(),
            tariff: zjq,
            now,
            charge: Charge::Energy {
                energy_kwh: Quantity::parse(energy).unwrap(),
                power_w,
            },
        };
        estimate(&mut engine, question).unwrap()
    };
    // Saturday 11:28 in November is valley until 14:00: 30 x (0.4634 + 0.40) = 25.902.
    let now = cost(NOW, "30", 60_000);
    assert_eq!((now.bill.total.minor, now.duration_s), (2590, 1800));
    assert_eq!(now.later, None, "nothing is cheaper than the valley");
    // From 14:52:00 at 60 kW: 8 kWh of flat (0.739) until 15:00, then 22 of peak (1.0358):
    // 8 x 1.139 + 22 x 1.4358 = 9.112 + 31.5876 = 40.6996.
    let at_1452 = NOW.plus_s((14 * 60 + 52 - 11 * 60 - 28) * 60);
    let dear = cost(at_1452, "30", 60_000);
    assert_eq!(dear.bill.total.minor, 4070);
    // Cheaper from 02:00 on: the valley's sum again.
    let (when, then) = dear.later.unwrap();
    assert_eq!(then.minor, 2590);
    assert_eq!(TimeZone::shanghai().local(when).minute, 120);
}

#[test]
fn a_cheaper_hour_is_one_in_which_one_can_get_in_and_out() {
    let (mut engine, catalogue) = region();
    let mut told = 0;
    for location in &catalogue.locations {
        let Some(hours @ OpeningHours::Regular(_)) = &location.opening_hours else {
            continue;
        };
        let zone = catalogue.zone_of(location).unwrap();
        let Some(tariff) = location
            .evses
            .first()
            .and_then(|e| e.connectors.first()?.tariff)
        else {
            continue;
        };
        let question = EstimateQuestion {
            location: location.id.clone(),
            tariff,
            now: NOW.plus_s(4 * 3600),
            charge: Charge::Energy {
                energy_kwh: Quantity::from_millionths(20_000_000),
                power_w: 40_000,
            },
        };
        let found = estimate(&mut engine, question.clone()).unwrap();
        // Every start by the quarter of an hour within a day, open from begin to end.
        let open = |start: Instant| {
            (0..=found.duration_s / 60).all(|m| {
                let at = start.plus_s((i64::from(m) * 60).min(i64::from(found.duration_s) - 1));
                hours.is_open_at(at, zone)
            })
        };
        let starts = (0..=96).map(|q| question.now.plus_s(q * 900));
        let costs = starts.filter(|s| open(*s)).map(|start| {
            let question = EstimateQuestion {
                now: start,
                ..question.clone()
            };
            estimate(&mut engine, question).unwrap().bill.total.minor
        });
        let least = costs.min();
        match found.later {
            Some((start, total)) => {
                told += 1;
                assert!(open(start), "{}", location.id);
                assert!(total.minor < found.bill.total.minor);
                // The cheapest begins where a price or the opening begins: no quarter beats it.
                assert!(
                    least.is_none_or(|least| total.minor <= least),
                    "{}",
                    location.id
                );
            }
            None => assert!(
                least.is_none_or(|least| found.bill.total.minor <= least),
                "{}",
                location.id
            ),
        }
    }
    assert!(told > 5, "{told}");
}

#[test]
fn a_car_gets_what_it_asks_for_along_its_curve() {
    let (mut engine, catalogue) = region();
    let location = &catalogue.locations[0];
    let tariff = location.evses[0].connectors[0].tariff.unwrap();
    let car = |points: Vec<[f64; 2]>, power_w, from_soc, to_soc| {
        Charge::Car(Box::new(CarCharge {
            usable_battery_kwh: 60.0,
            charge_efficiency: 0.9,
            charge_curve: ChargeCurve {
                points,
                interpolation: Interpolation::Linear,
            },
            power_w,
            from_soc,
            to_soc,
        }))
    };
    let mut ask = |charge| {
        let question = EstimateQuestion {
            location: location.id.clone(),
            tariff,
            now: NOW,
            charge,
        };
        estimate(&mut engine, question)
    };
    // 36 kWh into the battery are 40 at the plug; 54 kW at the battery take 40 minutes.
    let even = ask(car(vec![[0.0, 200.0]], 60_000, 0.2, 0.8)).unwrap();
    assert_eq!(
        (even.energy_kwh.to_string().as_str(), even.duration_s),
        ("40", 2400)
    );
    // A curve that falls from 72 to 36 kW between 20 and 80 %: 36 kWh x ln 2 / 36 kW = 41.59 min.
    let falling = ask(car(
        vec![[0.0, 84.0], [0.2, 72.0], [0.8, 36.0]],
        500_000,
        0.2,
        0.8,
    ))
    .unwrap();
    assert_eq!(falling.energy_kwh.to_string(), "40");
    assert!((f64::from(falling.duration_s) - 3600.0 * core::f64::consts::LN_2).abs() <= 1.0);
    assert_eq!(falling.bill.total.currency, even.bill.total.currency);
    // What is no charge has no estimate, and nothing panics.
    for bad in [
        car(vec![], 60_000, 0.2, 0.8),
        car(vec![[0.0, 0.0]], 60_000, 0.2, 0.8),
        car(vec![[0.0, f64::NAN]], 60_000, 0.2, 0.8),
        car(vec![[0.0, 50.0]], 0, 0.2, 0.8),
        car(vec![[0.0, 50.0]], 60_000, 0.8, 0.2),
        car(vec![[0.0, 50.0]], 60_000, 0.2, 1.1),
        car(vec![[0.0, 1e-9]], 60_000, 0.2, 0.8),
        Charge::Energy {
            energy_kwh: Quantity::from_millionths(0),
            power_w: 60_000,
        },
        Charge::Energy {
            energy_kwh: Quantity::from_millionths(-5),
            power_w: 60_000,
        },
        Charge::Energy {
            energy_kwh: Quantity::from_millionths(i64::MAX),
            power_w: 1,
        },
        Charge::Energy {
            energy_kwh: Quantity::from_millionths(1_000_000),
            power_w: 0,
        },
    ] {
        let shown = format!("{bad:?}");
        let charged = ask(bad).map(|e| e.energy_kwh.millionths());
        assert!(charged.is_none_or(|kwh| kwh > 0), "{shown}");
    }
}
