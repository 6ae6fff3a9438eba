//! The `.locations` file: write, read, size.

use crate::Scale;
use crate::generate::catalogue;
use crate::table::{Table, Times, fnv1a};
use anyhow::{Result, ensure};
use chongtu_model::{Catalogue, file};

const SEED: u64 = 7;

pub(crate) fn measure(table: &mut Table, scale: Scale) -> Result<()> {
    let n = scale.pick(20_000, 200_000);
    let runs = scale.pick(2, 5);
    let catalogue = catalogue(SEED, n);

    let ours = file::encode(&catalogue);
    ensure!(
        file::decode(&ours)? == catalogue,
        "the .locations file does not give back what was written"
    );
    let theirs = postcard::to_allocvec(&catalogue)?;
    ensure!(
        postcard::from_bytes::<Catalogue>(&theirs)? == catalogue,
        "postcard does not give back what was written"
    );
    let checksum = format!("{:016x}", fnv1a(&ours));
    let thousands = n / 1000;

    let encode = Times::of(runs, || file::encode(&catalogue));
    let peer = Times::of(runs, || postcard::to_allocvec(&catalogue));
    table.row(
        &format!(".locations encode, {thousands}k"),
        &encode,
        Some(("postcard of the same catalogue", &peer)),
        &checksum,
    )?;
    table.note(&sizes(ours.len(), theirs.len(), n, &encode, &peer))?;

    let decode = Times::of(runs, || file::decode(&ours));
    let peer = Times::of(runs, || postcard::from_bytes::<Catalogue>(&theirs));
    table.row(
        &format!(".locations decode, {thousands}k"),
        &decode,
        Some(("postcard of the same catalogue", &peer)),
        &checksum,
    )?;
    table.note(&sizes(ours.len(), theirs.len(), n, &decode, &peer))
}

/// Bytes a location and MB of file a second, both sides.
fn sizes(ours: usize, theirs: usize, n: usize, times: &Times, peer: &Times) -> String {
    let each = |bytes: usize, times: &Times| {
        format!(
            "{:.1} bytes a location, {:.0} MB/s",
            bytes as f64 / n as f64,
            bytes as f64 / 1e6 / times.median()
        )
    };
    format!(
        "ours {}; postcard {}",
        each(ours, times),
        each(theirs, peer)
    )
}
