//! Compressed siblings of the served files, made once at build and kept by content.

use crate::workspace::{hex, read, write};
use anyhow::{Context as _, Result};
use flate2::{Compression, write::GzEncoder};
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::Write as _,
    path::Path,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

/// Smaller files gain nothing: headers and one packet cost more.
const WORTH_IT: usize = 512;

/// The forms a file is stored in besides its own.
#[derive(Debug, Default, Clone)]
pub(crate) struct Compressed {
    /// Brotli, level 11; none when not smaller.
    pub(crate) br: Option<Vec<u8>>,
    /// Gzip, level 9; none when not smaller.
    pub(crate) gz: Option<Vec<u8>>,
}

/// Whether files of this name are worth compressing: pictures and fonts already are.
fn is_compressible(name: &str) -> bool {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    !matches!(
        extension,
        "png" | "jpg" | "jpeg" | "webp" | "avif" | "woff2" | "br" | "gz" | "pmtiles"
    )
}

/// Compresses what is worth it, on all processors. `cache` keeps results of this build and forgets older ones.
pub(crate) fn all(
    files: &BTreeMap<String, Vec<u8>>,
    cache: &Path,
) -> Result<BTreeMap<String, Compressed>> {
    let work: Vec<(&String, &Vec<u8>)> = files
        .iter()
        .filter(|(name, bytes)| bytes.len() > WORTH_IT && is_compressible(name))
        .collect();
    let next = AtomicUsize::new(0);
    let done = Mutex::new(BTreeMap::new());
    let kept = Mutex::new(BTreeSet::new());
    let n_threads = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    thread::scope(|scope| -> Result<()> {
        let worker = || -> Result<()> {
            while let Some((name, bytes)) = work.get(next.fetch_add(1, Ordering::Relaxed)) {
                let key = hex(&Sha256::digest(bytes));
                let one = Compressed {
                    br: cached(cache, &format!("{key}.br"), bytes, brotli)?,
                    gz: cached(cache, &format!("{key}.gz"), bytes, gzip)?,
                };
                done.lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .insert((*name).clone(), one);
                kept.lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .insert(key);
            }
            Ok(())
        };
        let handles: Vec<_> = (0..n_threads).map(|_| scope.spawn(worker)).collect();
        for handle in handles {
            handle
                .join()
                .unwrap_or_else(|_| Err(anyhow::anyhow!("a compressing thread failed")))?;
        }
        Ok(())
    })?;
    forget_others(
        cache,
        &kept.into_inner().unwrap_or_else(PoisonError::into_inner),
    )?;
    Ok(done.into_inner().unwrap_or_else(PoisonError::into_inner))
}

fn cached(
    cache: &Path,
    name: &str,
    bytes: &[u8],
    compress: fn(&[u8]) -> Result<Vec<u8>>,
) -> Result<Option<Vec<u8>>> {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let path = cache.join(name);
    let small = if path.exists() {
        read(&path)?
    } else {
        let small = compress(bytes)?;
        // Two files may have the same content: each thread writes its own and the last renaming wins.
        let fresh = cache.join(format!(
            "{name}.{}.new",
            NEXT.fetch_add(1, Ordering::Relaxed)
        ));
        write(&fresh, &small)?;
        fs::rename(&fresh, &path).with_context(|| format!("cannot write {}", path.display()))?;
        small
    };
    Ok((small.len() < bytes.len()).then_some(small))
}

fn forget_others(cache: &Path, kept: &BTreeSet<String>) -> Result<()> {
    for (name, path) in crate::workspace::files_under(cache)? {
        let key = name.split('.').next().unwrap_or("");
        if !kept.contains(key) {
            fs::remove_file(&path).with_context(|| format!("cannot remove {}", path.display()))?;
        }
    }
    Ok(())
}

fn brotli(bytes: &[u8]) -> Result<Vec<u8>> {
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        size_hint: bytes.len(),
        ..Default::default()
    };
    let mut out = Vec::new();
    brotli::BrotliCompress(&mut &*bytes, &mut out, &parameters).context("brotli failed")?;
    Ok(out)
}

fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).context("gzip failed")?;
    encoder.finish().context("gzip failed")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read as _;

    #[test]
    fn both_forms_give_the_file_back() {
        let text: Vec<u8> = (0..20_000u32)
            .flat_map(|i| (i * i % 251).to_le_bytes())
            .collect();
        let mut plain = Vec::new();
        brotli::BrotliDecompress(&mut &*brotli(&text).unwrap(), &mut plain).unwrap();
        assert_eq!(plain, text);
        let mut plain = Vec::new();
        flate2::read::GzDecoder::new(&*gzip(&text).unwrap())
            .read_to_end(&mut plain)
            .unwrap();
        assert_eq!(plain, text);
    }

    #[test]
    fn only_what_gains_is_stored_and_old_results_are_forgotten() {
        let cache = std::env::temp_dir().join(format!("chongtu-compress-{}", std::process::id()));
        let mut files = BTreeMap::from([
            ("long.js".to_owned(), b"again and ".repeat(1000)),
            ("short.js".to_owned(), b"again".to_vec()),
            ("picture.png".to_owned(), vec![0; 5000]),
        ]);
        let first = all(&files, &cache).unwrap();
        assert_eq!(first.keys().collect::<Vec<_>>(), ["long.js"]);
        let long = &first["long.js"];
        assert!(long.br.as_ref().unwrap().len() < 200 && long.gz.as_ref().unwrap().len() < 200);
        assert_eq!(
            all(&files, &cache).unwrap()["long.js"].br,
            long.br,
            "from the cache"
        );
        files.insert("long.js".to_owned(), b"another ".repeat(1000));
        all(&files, &cache).unwrap();
        assert_eq!(
            crate::workspace::files_under(&cache).unwrap().len(),
            2,
            "the first text is forgotten"
        );
        fs::remove_dir_all(&cache).unwrap();
    }
}
