//! The bytes of an index or feed, mapped from a file or held in memory. The one module with unsafe code.

use std::fs::File;
use std::io;
use std::ops::Deref;

use memmap2::Mmap;

pub(crate) enum Bytes {
    Mapped(Mmap),
    Owned(Vec<u8>),
}

impl Bytes {
    pub(crate) fn map(file: &File) -> io::Result<Self> {
        if file.metadata()?.len() == 0 {
            // An empty file cannot be mapped on every system.
            return Ok(Self::Owned(Vec::new()));
        }
        #[expect(
            unsafe_code,
            reason = "an index file is replaced by renaming and never written in place, so the mapped \
                      bytes do not change; every access is bounds-checked all the same"
        )]
        // SAFETY: as the reason above says.
        let map = unsafe { Mmap::map(file)? };
        Ok(Self::Mapped(map))
    }
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Mapped(map) => map,
            Self::Owned(bytes) => bytes,
        }
    }
}
