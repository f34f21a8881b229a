//! placeholder
use super::Endpoint;
use crate::engine::Engine;
#[derive(Debug, Clone, Default)]
pub(crate) struct Schema {}
pub(crate) async fn introspect(_engine: &Engine, _path: &str) -> Option<Schema> {
    None
}
pub(super) async fn endpoints(_engine: &Engine, _path: &str) -> Vec<Endpoint> {
    Vec::new()
}
