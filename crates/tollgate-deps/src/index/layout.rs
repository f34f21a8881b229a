//! How an index file is laid out. Numbers are little-endian.
//!
//! A header names eight sections: a table of packages sorted by the hash of their name, their names, a
//! table of what affects each package, the packed ranges, a table of records, a table of ids sorted by
//! hash, the texts, and a description of the whole in JSON. The texts are written first and read last;
//! a lookup without a match touches packages, names and ranges only.

use sha2::{Digest, Sha256};

/// Changes with every change of the layout; an index of another version is built anew.
pub(super) const MAGIC: [u8; 8] = *b"TGADVIX2";
pub(super) const SECTIONS: usize = 8;
const SECTIONS_AT: usize = 24;
const CHECKSUM_AT: usize = SECTIONS_AT + SECTIONS * 16;
/// Bytes before the first section.
pub(super) const HEADER: usize = CHECKSUM_AT + 8;

pub(super) const PACKAGE: usize = 24;
pub(super) const AFFECTED: usize = 32;
pub(super) const RECORD: usize = 40;
pub(super) const ID: usize = 16;

/// The record was withdrawn by its author.
pub(super) const WITHDRAWN: u32 = 1;
/// The record could not be understood.
pub(super) const REFUSED: u32 = 2;

/// Order of the sections in the header.
#[derive(Clone, Copy)]
pub(super) enum Section {
    Packages,
    Names,
    Affected,
    Ranges,
    Records,
    Ids,
    Texts,
    Description,
}

/// What the header says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    /// Length of the file.
    pub(super) length: u64,
    /// Checksum of all sections but the texts.
    pub(super) tables: u64,
    /// Offset and length of each section.
    pub(super) sections: [(u64, u64); SECTIONS],
}

impl Header {
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEADER);
        bytes.extend_from_slice(&MAGIC);
        bytes.extend_from_slice(&self.length.to_le_bytes());
        bytes.extend_from_slice(&self.tables.to_le_bytes());
        for (offset, length) in self.sections {
            bytes.extend_from_slice(&offset.to_le_bytes());
            bytes.extend_from_slice(&length.to_le_bytes());
        }
        let checksum = checksum([bytes.as_slice()]);
        bytes.extend_from_slice(&checksum.to_le_bytes());
        bytes
    }

    /// Reads a header and checks it against its own checksum and the length of the file.
    pub(super) fn decode(bytes: &[u8]) -> Result<Self, &'static str> {
        if bytes.get(..6) != Some(&MAGIC[..6]) {
            return Err("it does not begin like an index");
        }
        if bytes.get(..8) != Some(&MAGIC[..]) {
            return Err("it was written by another version");
        }
        let head = bytes.get(..CHECKSUM_AT).ok_or("its header is cut off")?;
        if number(bytes, CHECKSUM_AT) != Some(checksum([head])) {
            return Err("the checksum of its header is wrong");
        }
        let field = |at: usize| number(bytes, at).ok_or("its header is cut off");
        let mut sections = [(0, 0); SECTIONS];
        for (at, section) in sections.iter_mut().enumerate() {
            *section = (field(SECTIONS_AT + at * 16)?, field(SECTIONS_AT + at * 16 + 8)?);
        }
        let header = Self { length: field(8)?, tables: field(16)?, sections };
        if header.length != bytes.len() as u64 {
            return Err("it is not as long as its header says");
        }
        Ok(header)
    }
}

fn number(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..at + 8)?.try_into().ok().map(u64::from_le_bytes)
}

/// The first eight bytes of SHA-256.
pub(super) fn checksum<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> u64 {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part);
    }
    let digest = hasher.finalize();
    digest.iter().take(8).rev().fold(0, |sum, &byte| sum << 8 | u64::from(byte))
}

/// FNV-1a: the same on every machine and in every version. Equal hashes are told apart by the text.
pub(crate) fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// Reads a packed part from its beginning; every step may find that there is nothing left.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(super) fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    pub(super) fn byte(&mut self) -> Option<u8> {
        let (&first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(first)
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        self.take(4)?.try_into().ok().map(u32::from_le_bytes)
    }

    pub(super) fn u64(&mut self) -> Option<u64> {
        self.take(8)?.try_into().ok().map(u64::from_le_bytes)
    }

    /// A length in seven bits a byte, lowest first.
    pub(super) fn length(&mut self) -> Option<usize> {
        let mut value = 0_usize;
        for shift in [0, 7, 14, 21, 28] {
            let byte = self.byte()?;
            value |= usize::from(byte & 0x7f).checked_shl(shift)?;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    pub(super) fn bytes(&mut self) -> Option<&'a [u8]> {
        let length = self.length()?;
        self.take(length)
    }

    pub(super) fn text(&mut self) -> Option<&'a str> {
        std::str::from_utf8(self.bytes()?).ok()
    }

    /// A list; each part takes at least a byte, so a false length cannot ask for much memory.
    pub(super) fn list<T>(&mut self, mut read: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let length = self.length()?;
        if length > self.0.len() {
            return None;
        }
        (0..length).map(|_| read(self)).collect()
    }
}

/// Packs a length as [`Cursor::length`] reads it.
pub(super) fn pack_length(out: &mut Vec<u8>, mut length: usize) {
    while length >= 0x80 {
        out.push(low_bits(length) | 0x80);
        length >>= 7;
    }
    out.push(low_bits(length));
}

fn low_bits(number: usize) -> u8 {
    u8::try_from(number & 0x7f).unwrap_or(0)
}

pub(super) fn pack_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    pack_length(out, bytes.len());
    out.extend_from_slice(bytes);
}

pub(super) fn pack_texts<'a>(out: &mut Vec<u8>, texts: impl ExactSizeIterator<Item = &'a str>) {
    pack_length(out, texts.len());
    for text in texts {
        pack_bytes(out, text.as_bytes());
    }
}
