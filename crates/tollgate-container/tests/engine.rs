//! Against a real container engine. Without one they say so and pass; with `TOLLGATE_REQUIRE_ENGINE=1`
//! they fail instead.

#[expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a helper that fails is a failed test, and a skipped test is said aloud"
)]
#[path = "engine/support.rs"]
mod support;

#[expect(clippy::unwrap_used, reason = "a helper that fails is a failed test")]
#[path = "engine/worker.rs"]
mod worker;

#[expect(clippy::unwrap_used, reason = "a helper that fails is a failed test")]
#[path = "engine/lock.rs"]
mod lock;

#[expect(clippy::unwrap_used, reason = "a helper that fails is a failed test")]
#[path = "engine/staging.rs"]
mod staging;

#[expect(clippy::unwrap_used, reason = "a helper that fails is a failed test")]
#[path = "engine/tool.rs"]
mod tool;
