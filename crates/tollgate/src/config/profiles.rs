//! Built-in profiles: what each step of a pipeline wants.

/// Name and settings of a built-in profile.
pub(crate) struct BuiltIn {
    /// Its name, as `--profile` takes it.
    pub(crate) name: &'static str,
    /// Its settings, as they would stand in `tollgate.toml`.
    pub(crate) toml: &'static str,
}

/// Every built-in profile, in the order of a pipeline.
pub(crate) const BUILT_IN: [BuiltIn; 5] = [
    BuiltIn {
        name: "pre-commit",
        toml: "[scan]\nscanners = ['sast', 'secrets']\nsince = 'HEAD'\n[sast]\npack = 'default'\n",
    },
    BuiltIn {
        name: "pre-push",
        toml: "[scan]\nscanners = ['sast', 'secrets', 'deps']\n[sast]\npack = 'default'\n",
    },
    BuiltIn {
        name: "pull-request",
        toml: "[scan]\nscanners = ['sast', 'secrets', 'deps']\n[sast]\npack = 'default'\n[gate]\nnew-only = true\n",
    },
    BuiltIn {
        name: "staging",
        toml: "[scan]\nscanners = ['sast', 'secrets', 'deps', 'dast']\n[sast]\npack = 'default'\n",
    },
    BuiltIn {
        name: "nightly",
        toml: "[scan]\ncache = false\n[sast]\npack = 'extended'\n[secrets]\nhistory = true\n[deps]\nmax-age = '2d'\n",
    },
];
