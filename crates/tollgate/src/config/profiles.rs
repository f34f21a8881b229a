//! Built-in profiles: what each step of a pipeline wants.

/// Name and settings of a built-in profile.
pub(crate) struct BuiltIn {
    /// Its name, as `--profile` takes it.
    pub(crate) name: &'static str,
    /// What it is for.
    pub(crate) summary: &'static str,
    /// Its settings, as they would stand in `tollgate.toml`.
    pub(crate) toml: &'static str,
}

/// Every built-in profile, in the order of a pipeline.
pub(crate) const BUILT_IN: [BuiltIn; 5] = [
    BuiltIn {
        name: "pre-commit",
        summary: "static rules and secrets over the files that differ from HEAD",
        toml: "[scan]\nscanners = ['sast', 'secrets']\nsince = 'HEAD'\n[sast]\npack = 'default'\n",
    },
    BuiltIn {
        name: "pre-push",
        summary: "static rules, secrets and dependencies, high-confidence rules only",
        toml: "[scan]\nscanners = ['sast', 'secrets', 'deps']\n[sast]\npack = 'default'\n",
    },
    BuiltIn {
        name: "pull-request",
        summary: "as pre-push; only findings that are not in the baseline gate",
        toml: "[scan]\nscanners = ['sast', 'secrets', 'deps']\n[sast]\npack = 'default'\n[gate]\nnew-only = true\n",
    },
    BuiltIn {
        name: "staging",
        summary: "all scanners, the dynamic one against the staging application",
        toml: "[scan]\nscanners = ['sast', 'secrets', 'deps', 'dast']\n[sast]\npack = 'default'\n",
    },
    BuiltIn {
        name: "nightly",
        summary: "all scanners with all rules, no cache, advisories at most two days old",
        toml: "[scan]\ncache = false\n[sast]\npack = 'extended'\n[secrets]\nhistory = true\n[deps]\nmax-age = '2d'\n",
    },
];
