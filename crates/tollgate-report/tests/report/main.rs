//! The reports as other programs and people see them.

#[cfg(test)]
mod damaged;
#[cfg(test)]
mod formats;
#[cfg(test)]
mod lenient;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod text;
#[cfg(test)]
mod written;
