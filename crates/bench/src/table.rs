//! Times, and the table they are printed in.

use anyhow::{Result, ensure};
use std::io::{self, Write as _};
use std::time::Instant;

/// Seconds of repeated work, one figure a run or an item.
#[derive(Clone, Debug)]
pub(crate) struct Times(Vec<f64>);

impl Times {
    /// Runs `work` once to warm up, then `n` times.
    pub(crate) fn of<T>(n: usize, mut work: impl FnMut() -> T) -> Self {
        std::hint::black_box(work());
        Self::sorted((0..n.max(1)).map(|_| seconds(&mut work)).collect())
    }

    /// Runs `work` on every item, once to warm up and then in `passes` rounds; an item's figure
    /// is its median.
    pub(crate) fn of_each<I, T>(items: &[I], passes: usize, mut work: impl FnMut(&I) -> T) -> Self {
        for item in items {
            std::hint::black_box(work(item));
        }
        let mut by_item = vec![Vec::with_capacity(passes); items.len()];
        for _ in 0..passes.max(1) {
            for (item, times) in items.iter().zip(&mut by_item) {
                times.push(seconds(|| work(item)));
            }
        }
        Self::sorted(
            by_item
                .into_iter()
                .map(|t| Self::sorted(t).median())
                .collect(),
        )
    }

    /// Of seconds measured elsewhere.
    pub(crate) fn measured(seconds: Vec<f64>) -> Self {
        Self::sorted(seconds)
    }

    fn sorted(mut times: Vec<f64>) -> Self {
        times.sort_unstable_by(f64::total_cmp);
        Self(times)
    }

    fn rank(&self, share: f64) -> f64 {
        let rank = (self.0.len() as f64 * share).ceil() as usize;
        self.0.get(rank.max(1) - 1).copied().unwrap_or(f64::NAN)
    }

    pub(crate) fn n(&self) -> usize {
        self.0.len()
    }

    /// The middle one (of two the lower).
    pub(crate) fn median(&self) -> f64 {
        self.rank(0.5)
    }

    /// The one that 95 of 100 do not exceed.
    pub(crate) fn p95(&self) -> f64 {
        self.rank(0.95)
    }
}

fn seconds<T>(work: impl FnOnce() -> T) -> f64 {
    timed(work).1
}

/// What some work gives, and its seconds.
pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let start = Instant::now();
    let made = std::hint::black_box(work());
    (made, start.elapsed().as_secs_f64())
}

/// Prints rows as they come: a whole table takes minutes.
pub(crate) struct Table {
    out: io::Stdout,
    n_rows: usize,
    n_skipped: usize,
}

impl Table {
    /// Prints the heading.
    pub(crate) fn begin() -> Result<Self> {
        let mut out = io::stdout();
        writeln!(
            out,
            "one thread; ratio = our median / the peer's, below 1 is faster{}",
            load()
        )?;
        writeln!(
            out,
            "{:<46} {:>6} {:>10} {:>10}  {:<44} {:>10} {:>7}  answer checksum",
            "what", "n", "median", "p95", "peer", "its median", "ratio"
        )?;
        Ok(Self {
            out,
            n_rows: 0,
            n_skipped: 0,
        })
    }

    /// A row. `peer`: its name and times; `checksum`: of answers that have been compared.
    pub(crate) fn row(
        &mut self,
        what: &str,
        times: &Times,
        peer: Option<(&str, &Times)>,
        checksum: &str,
    ) -> Result<()> {
        let (name, its, ratio) = match peer {
            Some((name, its)) => (
                name,
                time(its.median()),
                format!("{:.3}", times.median() / its.median()),
            ),
            None => ("-", "-".to_owned(), "-".to_owned()),
        };
        writeln!(
            self.out,
            "{what:<46} {:>6} {:>10} {:>10}  {name:<44} {its:>10} {ratio:>7}  {checksum}",
            times.n(),
            time(times.median()),
            time(times.p95()),
        )?;
        self.n_rows += 1;
        Ok(())
    }

    /// A remark on the row above.
    pub(crate) fn note(&mut self, text: &str) -> Result<()> {
        writeln!(self.out, "    {text}")?;
        Ok(())
    }

    /// Says what is not measured, and why.
    pub(crate) fn skipped(&mut self, what: &str, why: &str) -> Result<()> {
        writeln!(self.out, "skipped: {what}: {why}")?;
        self.n_skipped += 1;
        Ok(())
    }

    /// Prints the end.
    pub(crate) fn end(mut self) -> Result<()> {
        ensure!(self.n_rows > 0, "nothing was measured");
        writeln!(
            self.out,
            "{} rows, {} skipped; every answer agrees with its peer or check{}",
            self.n_rows,
            self.n_skipped,
            load()
        )?;
        Ok(())
    }
}

/// What else the machine does, where the system says so.
fn load() -> String {
    std::fs::read_to_string("/proc/loadavg")
        .ok()
        .and_then(|text| Some(format!("; load average {}", text.split(' ').next()?)))
        .unwrap_or_default()
}

/// Three or four figures and a unit.
fn time(seconds: f64) -> String {
    if seconds >= 1.0 {
        format!("{seconds:.2} s")
    } else if seconds >= 1e-3 {
        format!("{:.2} ms", seconds * 1e3)
    } else if seconds >= 1e-6 {
        format!("{:.2} us", seconds * 1e6)
    } else {
        format!("{:.0} ns", seconds * 1e9)
    }
}

/// FNV-1a over 64 bits.
pub(crate) fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks() {
        let times = Times::sorted((1..=100).rev().map(f64::from).collect());
        assert_eq!((times.median(), times.p95()), (50.0, 95.0));
        let one = Times::sorted(vec![3.0]);
        assert_eq!((one.median(), one.p95()), (3.0, 3.0));
    }

    #[test]
    fn times_as_people_read_them() {
        for (seconds, text) in [
            (2.5, "2.50 s"),
            (0.012_34, "12.34 ms"),
            (0.000_5, "500.00 us"),
            (2e-8, "20 ns"),
        ] {
            assert_eq!(time(seconds), text);
        }
    }

    #[test]
    fn fnv_by_its_published_vectors() {
        assert_eq!(fnv1a(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv1a(b"a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(fnv1a(b"foobar"), 0x8594_4171_f739_67e8);
    }
}
