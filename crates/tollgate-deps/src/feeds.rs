//! What is known about exploitation, by CVE id: CISA's list of known exploited vulnerabilities and the
//! EPSS probabilities. Each is a sorted table beside the index, opened in place.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use serde::Deserialize;

use crate::index::IndexError;
use crate::index::map::Bytes;
use crate::matching::AdvisoryMatch;

const MAGIC: [u8; 8] = *b"TGFEED01";
const HEADER: usize = 32;
const ROW: usize = 12;
/// Largest feed that is read, unpacked.
const MAX_FEED: u64 = 256 << 20;

/// CVE ids as numbers with what the feed says of them, sorted.
pub(crate) type Rows = Vec<(u64, u32)>;

/// A feed that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum FeedError {
    /// The bytes could not be had.
    #[error("the feed cannot be read: {0}")]
    Unreadable(#[from] io::Error),
    /// The bytes are not what they should be.
    #[error("the feed is malformed: {0}")]
    Malformed(String),
}

/// What a feed holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeedStatus {
    /// CVE ids.
    pub entries: u64,
    /// Seconds since 1970 of the last update.
    pub updated_at: i64,
}

/// The feeds beside an index, as far as there are any.
#[derive(Default)]
pub(crate) struct Feeds {
    kev: Option<Table>,
    epss: Option<Table>,
}

impl Feeds {
    pub(crate) fn open(dir: &Path) -> Result<Self, IndexError> {
        Ok(Self { kev: Table::open(&kev_path(dir))?, epss: Table::open(&epss_path(dir))? })
    }

    pub(crate) fn annotate(&self, advisory: &mut AdvisoryMatch) -> Result<(), IndexError> {
        if self.kev.is_none() && self.epss.is_none() {
            return Ok(());
        }
        let ids = std::iter::once(&advisory.id).chain(&advisory.aliases);
        let keys: Vec<u64> = ids.filter_map(|id| cve_key(id.as_str())).collect();
        for key in keys {
            if let Some(kev) = &self.kev {
                advisory.kev |= kev.get(key).is_some();
            }
            if let Some(epss) = &self.epss {
                advisory.epss_ppm = advisory.epss_ppm.max(epss.get(key));
            }
        }
        Ok(())
    }

    pub(crate) fn kev_status(&self) -> Option<FeedStatus> {
        self.kev.as_ref().map(Table::status)
    }

    pub(crate) fn epss_status(&self) -> Option<FeedStatus> {
        self.epss.as_ref().map(Table::status)
    }
}

pub(crate) fn kev_path(dir: &Path) -> PathBuf {
    dir.join("kev.feed")
}

pub(crate) fn epss_path(dir: &Path) -> PathBuf {
    dir.join("epss.feed")
}

/// Reads CISA's catalogue: the CVE ids, each with the value 1.
pub(crate) fn read_kev(bytes: &[u8]) -> Result<Rows, FeedError> {
    #[derive(Deserialize)]
    struct Catalogue {
        vulnerabilities: Vec<Entry>,
    }
    #[derive(Deserialize)]
    struct Entry {
        #[serde(rename = "cveID")]
        cve: String,
    }
    let catalogue: Catalogue =
        serde_json::from_slice(bytes).map_err(|error| FeedError::Malformed(error.to_string()))?;
    sorted(catalogue.vulnerabilities.iter().filter_map(|entry| Some((cve_key(&entry.cve)?, 1))).collect())
}

/// Reads EPSS scores, plain or gzipped: CVE ids with the probability in millionths.
pub(crate) fn read_epss(bytes: &[u8]) -> Result<Rows, FeedError> {
    let plain: Box<dyn Read + '_> =
        if bytes.starts_with(&[0x1f, 0x8b]) { Box::new(GzDecoder::new(bytes)) } else { Box::new(bytes) };
    let mut rows = Vec::new();
    let mut limited = plain.take(MAX_FEED);
    for line in BufReader::new(&mut limited).lines() {
        let line = line?;
        if line.starts_with('#') || line.starts_with("cve,") || line.trim().is_empty() {
            continue;
        }
        let mut fields = line.split(',');
        let key = fields.next().and_then(cve_key);
        let probability = fields.next().and_then(|field| field.trim().parse::<f64>().ok());
        match (key, probability) {
            (Some(key), Some(probability)) if (0.0..=1.0).contains(&probability) => {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "at most a million"
                )]
                rows.push((key, (probability * 1_000_000.0).round() as u32));
            }
            _ => {
                return Err(FeedError::Malformed(format!("`{}`", line.chars().take(80).collect::<String>())));
            }
        }
    }
    if limited.limit() == 0 {
        return Err(FeedError::Malformed(format!("it is larger than {MAX_FEED} bytes")));
    }
    sorted(rows)
}

fn sorted(mut rows: Rows) -> Result<Rows, FeedError> {
    if rows.is_empty() {
        return Err(FeedError::Malformed("it names no CVE".to_owned()));
    }
    rows.sort_unstable();
    rows.dedup_by_key(|row| row.0);
    Ok(rows)
}

/// The bytes of a table file.
pub(crate) fn encode(rows: &[(u64, u32)], now: i64) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(HEADER + rows.len() * ROW);
    bytes.extend_from_slice(&MAGIC);
    bytes.extend_from_slice(&(rows.len() as u64).to_le_bytes());
    bytes.extend_from_slice(&now.to_le_bytes());
    bytes.extend_from_slice(&[0; 8]);
    for (key, value) in rows {
        bytes.extend_from_slice(&key.to_le_bytes());
        bytes.extend_from_slice(&value.to_le_bytes());
    }
    bytes
}

/// `CVE-2021-44228` as one number: year above, number below.
fn cve_key(id: &str) -> Option<u64> {
    let (year, number) = id.trim().strip_prefix("CVE-")?.split_once('-')?;
    let (year, number) = (year.parse::<u16>().ok()?, number.parse::<u64>().ok()?);
    (number < 1 << 40).then_some(u64::from(year) << 40 | number)
}

struct Table {
    bytes: Bytes,
}

impl Table {
    fn open(path: &Path) -> Result<Option<Self>, IndexError> {
        let error = |source| IndexError::Unreadable { path: path.to_owned(), source };
        let file = match File::open(path) {
            Ok(file) => file,
            Err(source) if source.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(error(source)),
        };
        let table = Self { bytes: Bytes::map(&file).map_err(error)? };
        let whole = table.bytes.get(..8) == Some(&MAGIC[..])
            && table.number(8).is_some_and(|rows| {
                rows.checked_mul(ROW as u64).and_then(|size| size.checked_add(HEADER as u64))
                    == Some(table.bytes.len() as u64)
            });
        if whole {
            Ok(Some(table))
        } else {
            Err(IndexError::Corrupt {
                path: path.to_owned(),
                reason: "it is no feed or is cut off".to_owned(),
            })
        }
    }

    fn get(&self, key: u64) -> Option<u32> {
        let rows = (self.bytes.len() - HEADER) / ROW;
        let (mut low, mut high) = (0, rows);
        while low < high {
            let middle = usize::midpoint(low, high);
            if self.number(HEADER + middle * ROW)? < key {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        let at = HEADER + low * ROW;
        if self.number(at)? != key {
            return None;
        }
        self.bytes.get(at + 8..at + 12)?.try_into().ok().map(u32::from_le_bytes)
    }

    fn status(&self) -> FeedStatus {
        FeedStatus {
            entries: self.number(8).unwrap_or(0),
            updated_at: self.number(16).map_or(0, u64::cast_signed),
        }
    }

    fn number(&self, at: usize) -> Option<u64> {
        self.bytes.get(at..at.checked_add(8)?)?.try_into().ok().map(u64::from_le_bytes)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn feeds_are_found_by_cve() {
        let dir = tempfile::tempdir().unwrap();
        let kev = read_kev(br#"{"vulnerabilities":[{"cveID":"CVE-2021-44228"},{"cveID":"CVE-2014-0160"}]}"#)
            .unwrap();
        std::fs::write(kev_path(dir.path()), encode(&kev, 77)).unwrap();
        let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gz.write_all(b"#model:v1\ncve,epss,percentile\nCVE-2021-44228,0.97,1\nCVE-1999-0001,0.0123456,0.5\n")
            .unwrap();
        let epss = read_epss(&gz.finish().unwrap()).unwrap();
        std::fs::write(epss_path(dir.path()), encode(&epss, 78)).unwrap();

        let feeds = Feeds::open(dir.path()).unwrap();
        let get = |table: &Option<Table>, id: &str| table.as_ref().unwrap().get(cve_key(id).unwrap());
        assert_eq!(get(&feeds.kev, "CVE-2014-0160"), Some(1));
        assert_eq!(get(&feeds.kev, "CVE-2014-0161"), None);
        assert_eq!(get(&feeds.epss, "CVE-2021-44228"), Some(970_000));
        assert_eq!(get(&feeds.epss, "CVE-1999-0001"), Some(12_346));
        assert_eq!(feeds.kev_status(), Some(FeedStatus { entries: 2, updated_at: 77 }));
    }

    #[test]
    fn damaged_feeds_are_refused() {
        assert!(read_kev(b"{}").is_err());
        assert!(read_kev(br#"{"vulnerabilities":[]}"#).is_err());
        assert!(read_epss(b"cve,epss\nCVE-2020-1,2.0\n").is_err());
        assert!(read_epss(b"<html>").is_err());
        assert!(read_epss(b"\x1f\x8bxx").is_err());
        let dir = tempfile::tempdir().unwrap();
        for bytes in [&b""[..], b"TGFEED01", &encode(&[(1, 1)], 0)[..40]] {
            std::fs::write(kev_path(dir.path()), bytes).unwrap();
            assert!(matches!(Feeds::open(dir.path()), Err(IndexError::Corrupt { .. })));
        }
    }
}
