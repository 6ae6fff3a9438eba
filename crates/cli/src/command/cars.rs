//! `chongtu cars`.

use crate::args::CarsArgs;
use crate::error::Result;
use crate::output::Streams;

pub(crate) fn run(args: &CarsArgs, streams: &mut Streams<'_>) -> Result<()> {
    let cars = crate::cars::all(args.cars.as_deref())?;
    if args.json {
        return streams.json(&cars);
    }
    let width = cars
        .iter()
        .filter_map(|c| c.id.as_ref())
        .map(String::len)
        .max()
        .unwrap_or(0);
    for car in &cars {
        let id = car.id.as_deref().unwrap_or_default();
        streams.line(&format!("{id:width$}  {}", car.name))?;
    }
    Ok(())
}
