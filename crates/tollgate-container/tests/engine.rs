//! Against a real container engine. Without one they say so and pass; with `TOLLGATE_REQUIRE_ENGINE=1`
//! they fail instead.

#[path = "engine/support.rs"]
mod support;

#[path = "engine/worker.rs"]
mod worker;

#[path = "engine/lock.rs"]
mod lock;

#[path = "engine/staging.rs"]
mod staging;

#[path = "engine/tool.rs"]
mod tool;
