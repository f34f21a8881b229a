//! Who a container belongs to, so that what a killed run left behind can be told from what a living
//! one still uses.

use std::collections::HashMap;
use std::fmt;
use std::fs;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Label that names the owning process.
pub(crate) const OWNER: &str = "tollgate.owner";
/// Label that says what a thing is for.
pub(crate) const ROLE: &str = "tollgate.role";
/// Label of the worker image: who built it. The image itself outlives its builder.
pub(crate) const BUILDER: &str = "tollgate.builder";
/// Label with the Unix time in seconds after which nobody can still need the thing.
pub(crate) const EXPIRES: &str = "tollgate.expires";

/// No run is longer; a thing older than this is swept even when its owner cannot be judged from here.
const LONGEST_RUN: Duration = Duration::from_secs(24 * 3600);

/// A process on some machine, told apart from later processes with the same number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// Boot of the machine's kernel.
    boot: String,
    /// Namespace in which the process number counts.
    pid_namespace: String,
    pid: u32,
    /// Start of the process in clock ticks after boot.
    started: u64,
}

impl Owner {
    /// This process.
    #[must_use]
    pub fn current() -> Self {
        let pid = std::process::id();
        Self { boot: boot_id(), pid_namespace: pid_namespace(), pid, started: start_of(pid).unwrap_or(0) }
    }

    /// Reads the value of an owner label.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split(' ');
        let owner = Self {
            boot: parts.next()?.to_owned(),
            pid_namespace: parts.next()?.to_owned(),
            pid: parts.next()?.parse().ok()?,
            started: parts.next()?.parse().ok()?,
        };
        parts.next().is_none().then_some(owner)
    }

    /// Labels for something of this owner.
    pub(crate) fn labels(&self, role: Role) -> HashMap<String, String> {
        let expires = unix_now() + LONGEST_RUN.as_secs();
        HashMap::from([
            (OWNER.to_owned(), self.to_string()),
            (ROLE.to_owned(), role.as_str().to_owned()),
            (EXPIRES.to_owned(), expires.to_string()),
        ])
    }

    /// A name no other container, network or volume of this machine has.
    pub(crate) fn fresh_name(&self, role: Role) -> String {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let (boot, namespace) = (self.short_boot(), self.short_namespace());
        format!("{}{boot}-{namespace}-{}-{}-{count}", Self::name_prefix(role), self.pid, self.started)
    }

    /// How the names of this role begin.
    pub(crate) fn name_prefix(role: Role) -> String {
        format!("tollgate-{}-", role.as_str())
    }

    /// Whether the rest of a fresh name, after its prefix, names a process of this machine that is gone.
    /// Processes of other namespaces are not judged: their numbers mean nothing here.
    pub(crate) fn outlived_name(&self, rest: &str) -> bool {
        let parts: Vec<&str> = rest.split('-').collect();
        let [boot, namespace, pid, started, _] = parts.as_slice() else { return false };
        if *boot != self.short_boot() {
            return true;
        }
        let (Ok(pid), Ok(started)) = (pid.parse(), started.parse()) else { return false };
        *namespace == self.short_namespace() && start_of(pid) != Some(started)
    }

    fn short_boot(&self) -> &str {
        self.boot.get(..8).unwrap_or("0")
    }

    fn short_namespace(&self) -> String {
        self.pid_namespace.chars().filter(char::is_ascii_digit).collect()
    }

    /// Whether the owner is known to be gone. `on_this_machine` says whether the engine is, so that
    /// another boot id means an earlier boot and not another machine.
    pub(crate) fn is_dead(&self, observer: &Self, on_this_machine: bool) -> bool {
        if self.boot != observer.boot {
            return on_this_machine && !self.boot.is_empty() && !observer.boot.is_empty();
        }
        self.pid_namespace == observer.pid_namespace && start_of(self.pid) != Some(self.started)
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {} {}", self.boot, self.pid_namespace, self.pid, self.started)
    }
}

/// What a container, network, volume or image is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Worker,
    Pause,
    Lock,
    Staging,
    Tool,
}

impl Role {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Worker => "worker",
            Self::Pause => "pause",
            Self::Lock => "lock",
            Self::Staging => "staging",
            Self::Tool => "tool",
        }
    }
}

/// Whether a thing with these labels was left behind by a run that is over.
pub(crate) fn is_abandoned(
    labels: &HashMap<String, String>,
    observer: &Owner,
    on_this_machine: bool,
) -> bool {
    let Some(owner) = labels.get(OWNER).and_then(|text| Owner::parse(text)) else { return false };
    let expired = labels
        .get(EXPIRES)
        .and_then(|text| text.parse::<u64>().ok())
        .is_some_and(|expires| expires < unix_now());
    expired || owner.is_dead(observer, on_this_machine)
}

fn unix_now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

fn boot_id() -> String {
    fs::read_to_string("/proc/sys/kernel/random/boot_id")
        .map_or_else(|_| "-".to_owned(), |id| id.trim().to_owned())
}

fn pid_namespace() -> String {
    fs::read_link("/proc/self/ns/pid")
        .map_or_else(|_| "-".to_owned(), |link| link.to_string_lossy().into_owned())
}

/// Start time of a living process: field 22 of its `stat`, counted after the command, which may hold
/// spaces and parentheses itself. A zombie counts as gone.
pub(crate) fn start_of(pid: u32) -> Option<u64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let fields: Vec<&str> = stat.get(stat.rfind(')')? + 1..)?.split_whitespace().collect();
    if matches!(*fields.first()?, "Z" | "X") {
        return None;
    }
    fields.get(19)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_living_owner_keeps_its_things() {
        let me = Owner::current();
        assert_eq!(Owner::parse(&me.to_string()), Some(me.clone()));
        assert!(!is_abandoned(&me.labels(Role::Worker), &me, true));
    }

    #[test]
    fn gone_owners_are_recognised() {
        let me = Owner::current();
        let reused = Owner { started: me.started + 1, ..me.clone() };
        assert!(is_abandoned(&reused.labels(Role::Worker), &me, true), "another process has the number now");
        let rebooted = Owner { boot: "00000000-aaaa".to_owned(), ..me.clone() };
        assert!(is_abandoned(&rebooted.labels(Role::Worker), &me, true));
        assert!(!is_abandoned(&rebooted.labels(Role::Worker), &me, false), "may be another machine");
        let elsewhere = Owner { pid_namespace: "pid:[1]".to_owned(), pid: 4_000_000, ..me.clone() };
        let mut labels = elsewhere.labels(Role::Worker);
        assert!(!is_abandoned(&labels, &me, true), "the number counts in another namespace");
        labels.insert(EXPIRES.to_owned(), "1".to_owned());
        assert!(is_abandoned(&labels, &me, true));
        assert!(!is_abandoned(&HashMap::new(), &me, true), "not ours at all");
        let rest = |owner: &Owner| {
            owner.fresh_name(Role::Pause).strip_prefix(&Owner::name_prefix(Role::Pause)).unwrap().to_owned()
        };
        assert!(!me.outlived_name(&rest(&me)));
        assert!(me.outlived_name(&rest(&reused)));
        assert!(me.outlived_name(&rest(&rebooted)));
        assert!(!me.outlived_name(&rest(&elsewhere)));
    }
}
