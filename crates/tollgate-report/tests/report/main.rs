//! The reports as other programs and people see them.

mod formats;
mod lenient;
mod limits;
mod sample;
mod text;
mod written;
