//! Where a setting came from.

use std::fmt;

/// The place that set a value, so that every setting of a plan can be traced.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// Built in.
    Default,
    /// A configuration file, with the line.
    File {
        /// The file as the user named it.
        path: String,
        /// Line, from 1.
        line: u32,
    },
    /// A profile in a configuration file.
    Profile {
        /// Name of the profile.
        name: String,
        /// The file it stands in, or `built-in`.
        path: String,
    },
    /// An environment variable.
    Environment(String),
    /// A command-line flag.
    Flag(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File { path, line } => write!(f, "{path}:{line}"),
            Self::Profile { name, path } => write!(f, "profile {name} ({path})"),
            Self::Environment(name) => write!(f, "${name}"),
            Self::Flag(flag) => f.write_str(flag),
        }
    }
}

/// A value and where it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sourced<T> {
    /// The value.
    pub value: T,
    /// Who set it.
    pub origin: Origin,
}

impl<T> Sourced<T> {
    /// A value with its origin.
    pub const fn new(value: T, origin: Origin) -> Self {
        Self { value, origin }
    }

    /// A built-in value.
    pub const fn default_value(value: T) -> Self {
        Self { value, origin: Origin::Default }
    }
}
