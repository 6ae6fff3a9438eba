//! One thing that a filter asks for: what a chip switches, what can be dropped, what is counted.

use chongtu_model::filter::{Filter, PriceLimit};
use chongtu_model::index::{EVSE_STEPS, Facets, POWER_STEPS_W, PRICE_STEPS};
use chongtu_model::location::{LocationKind, PlaceKind};
use chongtu_model::{ConnectorStandard, LocationId, OperatorId};
use chongtu_words::{Lang, common, filter as words, map};

const W_PER_KW: u32 = 1000;

/// A demand of a filter.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Demand {
    /// One of these connectors; many demands of this kind mean any of them.
    Standard(ConnectorStandard),
    /// At least that power, W.
    Power(u32),
    /// Direct current.
    Dc,
    /// At most that price now.
    Price(PriceLimit),
    /// An EVSE is free.
    Free,
    /// An EVSE is free, or nobody knows.
    FreeOrUnknown,
    /// One of these operators.
    Operator(OperatorId),
    /// Open now.
    Open,
    /// Open now, or nobody knows.
    OpenOrUnknown,
    /// Parking is free while charging.
    Parking,
    /// Parking is free in any case.
    ParkingAlways,
    /// One of these kinds.
    Kind(LocationKind),
    /// At one of these kinds of place.
    Place(PlaceKind),
    /// Usable with a wheelchair.
    Accessible,
    /// At least so many EVSEs.
    Evses(u32),
    /// This stands in a name.
    Text(String),
    /// Only favourites.
    Favourites(Vec<LocationId>),
}

fn put<T: PartialEq>(list: &mut Vec<T>, value: T, on: bool) {
    list.retain(|v| *v != value);
    if on {
        list.push(value);
    }
}

impl Demand {
    /// All that a filter asks, in the order in which it is said.
    pub(crate) fn of(f: &Filter) -> Vec<Self> {
        let mut all = Vec::new();
        let flags = [
            (f.free_now, Self::Free),
            (f.free_or_unknown, Self::FreeOrUnknown),
            (f.dc_only, Self::Dc),
        ];
        all.extend(flags.into_iter().filter(|(on, _)| *on).map(|(_, d)| d));
        all.extend(f.min_power_w.map(Self::Power));
        all.extend(f.max_price.map(Self::Price));
        all.extend(f.standards.iter().copied().map(Self::Standard));
        let flags = [
            (f.open_now, Self::Open),
            (f.open_or_unknown, Self::OpenOrUnknown),
            (f.parking_free, Self::Parking),
            (f.parking_always_free, Self::ParkingAlways),
        ];
        all.extend(flags.into_iter().filter(|(on, _)| *on).map(|(_, d)| d));
        all.extend(f.operators.iter().cloned().map(Self::Operator));
        all.extend(f.kinds.iter().copied().map(Self::Kind));
        all.extend(f.places.iter().copied().map(Self::Place));
        all.extend(f.accessible.then_some(Self::Accessible));
        all.extend(f.min_evses.map(Self::Evses));
        all.extend(f.text.clone().map(Self::Text));
        all.extend(f.ids.clone().map(Self::Favourites));
        all
    }

    /// Whether a filter asks it.
    pub(crate) fn is_in(&self, f: &Filter) -> bool {
        match self {
            Self::Standard(s) => f.standards.contains(s),
            Self::Power(w) => f.min_power_w == Some(*w),
            Self::Dc => f.dc_only,
            Self::Price(p) => f.max_price == Some(*p),
            Self::Free => f.free_now,
            Self::FreeOrUnknown => f.free_or_unknown,
            Self::Operator(o) => f.operators.contains(o),
            Self::Open => f.open_now,
            Self::OpenOrUnknown => f.open_or_unknown,
            Self::Parking => f.parking_free,
            Self::ParkingAlways => f.parking_always_free,
            Self::Kind(k) => f.kinds.contains(k),
            Self::Place(p) => f.places.contains(p),
            Self::Accessible => f.accessible,
            Self::Evses(n) => f.min_evses == Some(*n),
            Self::Text(t) => f.text.as_ref() == Some(t),
            Self::Favourites(_) => f.ids.is_some(),
        }
    }

    /// Has a filter ask it, or no longer ask it. Of what excludes each other only the last stands.
    pub(crate) fn set(self, f: &mut Filter, on: bool) {
        match self {
            Self::Standard(s) => put(&mut f.standards, s, on),
            Self::Power(w) => f.min_power_w = on.then_some(w),
            Self::Dc => f.dc_only = on,
            Self::Price(p) => f.max_price = on.then_some(p),
            Self::Free => (f.free_now, f.free_or_unknown) = (on, false),
            Self::FreeOrUnknown => (f.free_now, f.free_or_unknown) = (false, on),
            Self::Operator(o) => put(&mut f.operators, o, on),
            Self::Open => (f.open_now, f.open_or_unknown) = (on, false),
            Self::OpenOrUnknown => (f.open_now, f.open_or_unknown) = (false, on),
            Self::Parking => (f.parking_free, f.parking_always_free) = (on, false),
            Self::ParkingAlways => (f.parking_free, f.parking_always_free) = (false, on),
            Self::Kind(k) => put(&mut f.kinds, k, on),
            Self::Place(p) => put(&mut f.places, p, on),
            Self::Accessible => f.accessible = on,
            Self::Evses(n) => f.min_evses = on.then_some(n),
            Self::Text(t) => f.text = on.then_some(t),
            Self::Favourites(ids) => f.ids = on.then_some(ids),
        }
    }

    /// How many locations in view it would find, alone in its group. `operators` are those of the
    /// catalogue. `None` where nobody counted.
    pub(crate) fn count(&self, facets: &Facets, operators: &[OperatorId]) -> Option<u32> {
        let step = |counts: &[u32], at: Option<usize>| at.and_then(|i| counts.get(i).copied());
        match self {
            Self::Standard(s) => Some(facets.standard(*s)),
            Self::Power(w) => step(&facets.powers, POWER_STEPS_W.iter().position(|p| p == w)),
            Self::Dc => Some(facets.dc_only),
            Self::Price(p) => step(
                &facets.prices,
                PRICE_STEPS.iter().position(|s| *s == p.per_kwh),
            ),
            Self::Free => Some(facets.free_now),
            Self::FreeOrUnknown => Some(facets.free_or_unknown),
            Self::Operator(o) => step(&facets.operators, operators.iter().position(|p| p == o)),
            Self::Open => Some(facets.open_now),
            Self::OpenOrUnknown => Some(facets.open_or_unknown),
            Self::Parking => Some(facets.parking_free),
            Self::ParkingAlways => Some(facets.parking_always_free),
            Self::Kind(k) => Some(facets.kind(*k)),
            Self::Place(p) => Some(facets.place(*p)),
            Self::Accessible => Some(facets.accessible),
            Self::Evses(n) => step(&facets.evses, EVSE_STEPS.iter().position(|s| s == n)),
            Self::Text(_) | Self::Favourites(_) => None,
        }
    }

    /// What a chip says. `operator` names an operator.
    pub(crate) fn words(&self, l: Lang, operator: &dyn Fn(&OperatorId) -> String) -> String {
        match self {
            Self::Standard(s) => common::connector(l, *s).to_owned(),
            Self::Power(w) => map::at_least_kw(l, w / W_PER_KW),
            Self::Dc => map::dc_only(l).to_owned(),
            Self::Price(p) => words::at_most(l, &common::price(l, p.per_kwh, p.currency)),
            Self::Free => map::free_now(l).to_owned(),
            Self::FreeOrUnknown => words::free_or_unknown(l).to_owned(),
            Self::Operator(o) => operator(o),
            Self::Open => map::open_now(l).to_owned(),
            Self::OpenOrUnknown => words::open_or_unknown(l).to_owned(),
            Self::Parking => map::parking_free(l).to_owned(),
            Self::ParkingAlways => words::parking_always_free(l).to_owned(),
            Self::Kind(k) => common::kind(l, *k).to_owned(),
            Self::Place(p) => common::place(l, *p).to_owned(),
            Self::Accessible => map::accessible(l).to_owned(),
            Self::Evses(n) => words::at_least_evses(l, *n),
            Self::Text(t) => words::containing(l, t),
            Self::Favourites(_) => words::favourites(l).to_owned(),
        }
    }
}

/// Demands that only together make sense to drop: several connectors, operators, kinds or places
/// are each one choice among many. The filter without each of them, and one demand for its name.
pub(crate) fn relaxations(f: &Filter) -> Vec<(Vec<Demand>, Filter)> {
    let mut groups: Vec<Vec<Demand>> = Vec::new();
    for demand in Demand::of(f) {
        let same = |group: &&mut Vec<Demand>| {
            let first = group.first();
            let listed = matches!(
                demand,
                Demand::Standard(_) | Demand::Operator(_) | Demand::Kind(_) | Demand::Place(_)
            );
            listed
                && first
                    .is_some_and(|d| core::mem::discriminant(d) == core::mem::discriminant(&demand))
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.push(demand),
            None => groups.push(vec![demand]),
        }
    }
    groups
        .into_iter()
        .map(|group| {
            let mut without = f.clone();
            for demand in &group {
                demand.clone().set(&mut without, false);
            }
            (group, without)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chongtu_model::UnitPrice;

    fn full() -> Filter {
        Filter {
            standards: vec![ConnectorStandard::GbtDc, ConnectorStandard::GbtAc],
            min_power_w: Some(60_000),
            dc_only: true,
            max_price: Some(PriceLimit::yuan(UnitPrice::from_millionths(1_200_000))),
            free_now: true,
            free_or_unknown: true,
            operators: vec![OperatorId::new("a")],
            kinds: vec![LocationKind::BatterySwap],
            places: vec![PlaceKind::Mall],
            open_now: true,
            open_or_unknown: true,
            parking_free: true,
            parking_always_free: true,
            accessible: true,
            min_evses: Some(4),
            text: Some("x".into()),
            ids: Some(vec![LocationId::new("i")]),
        }
    }

    #[test]
    fn every_field_of_the_filter_is_a_demand_with_words() {
        // No `..`: a new field of the filter must get its demand, or this does not compile.
        let demands = Demand::of(&full());
        assert_eq!(demands.len(), 18);
        for l in [Lang::Zh, Lang::En] {
            let mut said: Vec<String> = demands
                .iter()
                .map(|d| d.words(l, &|o| o.as_str().to_owned()))
                .collect();
            said.sort();
            said.dedup();
            assert_eq!(
                said.len(),
                demands.len(),
                "each has words of its own: {said:?}"
            );
        }
        assert!(Demand::of(&Filter::default()).is_empty());
    }

    #[test]
    fn a_filter_is_the_sum_of_its_demands() {
        for drop_two in [false, true] {
            let mut filter = full();
            if drop_two {
                filter.free_now = false;
                filter.open_now = false;
                filter.parking_always_free = false;
            } else {
                filter.free_or_unknown = false;
                filter.open_or_unknown = false;
                filter.parking_free = false;
            }
            let mut built = Filter::default();
            for demand in Demand::of(&filter) {
                assert!(!demand.is_in(&built));
                demand.clone().set(&mut built, true);
                assert!(demand.is_in(&built));
            }
            assert_eq!(built, filter);
            for demand in Demand::of(&filter) {
                demand.set(&mut built, false);
            }
            assert!(built.is_empty());
        }
    }

    #[test]
    fn what_excludes_each_other_does() {
        for (first, second) in [
            (Demand::Free, Demand::FreeOrUnknown),
            (Demand::Open, Demand::OpenOrUnknown),
            (Demand::Parking, Demand::ParkingAlways),
            (Demand::Power(7_000), Demand::Power(60_000)),
        ] {
            let mut filter = Filter::default();
            first.clone().set(&mut filter, true);
            second.clone().set(&mut filter, true);
            assert!(second.is_in(&filter) && !first.is_in(&filter));
        }
    }

    #[test]
    fn relaxations_drop_one_group_each() {
        let filter = Filter {
            standards: vec![ConnectorStandard::GbtDc, ConnectorStandard::Chaoji],
            free_now: true,
            ..Filter::default()
        };
        let all = relaxations(&filter);
        assert_eq!(all.len(), 2, "two connectors are one group");
        assert_eq!(
            all.iter()
                .map(|(_, f)| Demand::of(f).len())
                .collect::<Vec<_>>(),
            [2, 1]
        );
    }
}
