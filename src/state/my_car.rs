//! What the person's car takes. The cars are the planner's, and who only looks for a charger
//! never loads it: so the name and the inlets of the chosen car are kept beside its id.

use super::AppState;
use super::follow::follow;
use super::url;
use crate::js::storage;
use chongtu_model::ConnectorStandard;
use chongtu_model::filter::Filter;
use chongtu_model::provenance::LocalText;
use leptos::prelude::*;

const KEY: &str = "car_inlets";
const VERSION: &str = "1";

/// The chosen car, as far as filters need it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct MyCar {
    /// As in [`super::AppFields::car`].
    pub id: String,
    /// Its name.
    pub name: LocalText,
    /// Its inlets; never empty.
    pub inlets: Vec<ConnectorStandard>,
}

impl MyCar {
    /// Whether a filter asks for just its connectors.
    pub(crate) fn is_asked(&self, filter: &Filter) -> bool {
        filter.standards.len() == self.inlets.len()
            && self.inlets.iter().all(|s| filter.standards.contains(s))
    }
}

/// Lines of percent-encoded fields: the id of an own car holds all its figures.
fn write(car: &MyCar) -> String {
    let inlets: Vec<&str> = car.inlets.iter().map(|s| s.ocpi()).collect();
    [
        VERSION.to_owned(),
        url::encode(&car.id),
        inlets.join(","),
        url::encode(&car.name.text),
        car.name.en.as_deref().map_or_else(String::new, url::encode),
    ]
    .join("\n")
}

fn read(text: &str) -> Option<MyCar> {
    let mut lines = text.split('\n');
    let (version, id, inlets, name) = (lines.next()?, lines.next()?, lines.next()?, lines.next()?);
    let inlets: Vec<ConnectorStandard> = inlets
        .split(',')
        .filter_map(ConnectorStandard::from_ocpi)
        .collect();
    let sound = version == VERSION && !inlets.is_empty();
    sound.then(|| MyCar {
        id: url::decode(id),
        name: match lines.next().filter(|en| !en.is_empty()) {
            Some(en) => LocalText::both(url::decode(name), url::decode(en)),
            None => LocalText::plain(url::decode(name)),
        },
        inlets,
    })
}

/// What was kept.
pub(crate) fn load() -> Option<MyCar> {
    let id = storage::get("car")?;
    read(&storage::get(KEY)?).filter(|car| car.id == id)
}

/// Follows the choice of car once the cars are known, and keeps what is known.
pub(crate) fn keep(app: AppState) {
    follow(move || {
        let Some(id) = app.car.get() else {
            app.my_car.set(None);
            return;
        };
        let known = app.planner.cars.with(|cars| {
            let car = cars.iter().find(|c| c.id == id)?;
            (!car.connectors.is_empty()).then(|| MyCar {
                id: id.clone(),
                name: car.name.clone(),
                inlets: car.connectors.clone(),
            })
        });
        if let Some(car) = known {
            storage::set(KEY, &write(&car));
            app.my_car.set(Some(car));
        } else if app
            .my_car
            .with_untracked(|c| c.as_ref().is_some_and(|c| c.id != id))
        {
            app.my_car.set(None);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_read_again() {
        for name in [LocalText::both("海豚", "Dolphin"), LocalText::plain("海豚")] {
            let car = MyCar {
                id: "own\n1 %41 海".into(),
                name,
                inlets: vec![ConnectorStandard::GbtDc, ConnectorStandard::GbtAc],
            };
            assert_eq!(read(&write(&car)), Some(car));
        }
        for bad in [
            "",
            "1\nx",
            "1\nx\n\nname\n",
            "2\nx\nGBT_DC\nn\n",
            "1\nx\nFOO\nn",
        ] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_order_of_connectors_does_not_matter() {
        let car = MyCar {
            id: "x".into(),
            name: LocalText::plain("x"),
            inlets: vec![ConnectorStandard::GbtDc, ConnectorStandard::GbtAc],
        };
        let filter = |standards: &[ConnectorStandard]| Filter {
            standards: standards.to_vec(),
            ..Filter::default()
        };
        assert!(car.is_asked(&filter(&[
            ConnectorStandard::GbtAc,
            ConnectorStandard::GbtDc
        ])));
        assert!(!car.is_asked(&filter(&[ConnectorStandard::GbtDc])));
        assert!(!car.is_asked(&Filter::default()));
    }
}
