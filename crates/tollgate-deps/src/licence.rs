//! Licence policy: which licences packages may have, as far as lockfiles and manifests state them.

use spdx::{Expression, LicenseReq, ParseMode};

/// Allow and deny lists by SPDX id. An entry without `-only` or `-or-later` stands for both.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LicencePolicy {
    /// Licences that may be used; empty admits all that are not denied.
    pub allow: Vec<String>,
    /// Licences that may not be used.
    pub deny: Vec<String>,
}

impl LicencePolicy {
    /// Whether there is anything to check.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.allow.is_empty() && self.deny.is_empty()
    }

    /// Why a stated licence breaks the policy; `None` where it does not. Of alternatives (`OR`) one that
    /// is admitted will do; of a conjunction (`AND`) every part must be.
    #[must_use]
    pub fn violation(&self, stated: &str) -> Option<String> {
        let stated = stated.trim();
        let Ok(expression) = Expression::parse_mode(stated, ParseMode::LAX) else {
            return self.violation_of_name(stated);
        };
        if !expression.evaluate(|required| !lists(&self.deny, required)) {
            return Some(format!("`{stated}` needs a licence that is denied"));
        }
        let admitted = self.allow.is_empty()
            || expression.evaluate(|required| lists(&self.allow, required) && !lists(&self.deny, required));
        (!admitted).then(|| format!("`{stated}` needs a licence that is not on the allow list"))
    }

    /// A licence text that is no SPDX expression is compared as it stands.
    fn violation_of_name(&self, stated: &str) -> Option<String> {
        let named = |list: &[String]| list.iter().any(|entry| entry.eq_ignore_ascii_case(stated));
        if named(&self.deny) {
            return Some(format!("`{stated}` is denied"));
        }
        (!self.allow.is_empty() && !named(&self.allow))
            .then(|| format!("`{stated}` is not on the allow list"))
    }
}

fn lists(list: &[String], required: &LicenseReq) -> bool {
    let name = match &required.addition {
        Some(addition) => format!("{} WITH {addition}", required.license),
        None => required.license.to_string(),
    };
    let bare = name.split(" WITH ").next().unwrap_or(&name);
    list.iter().any(|entry| {
        let same = |own: &str| entry.eq_ignore_ascii_case(own);
        same(&name)
            || (required.addition.is_none()
                && [bare.strip_suffix("-only"), bare.strip_suffix("-or-later"), bare.strip_suffix('+')]
                    .into_iter()
                    .flatten()
                    .any(same))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_judged() {
        let policy = LicencePolicy {
            allow: ["MIT", "Apache-2.0", "BSD-3-Clause"].map(str::to_owned).to_vec(),
            deny: vec!["GPL-3.0".to_owned()],
        };
        let check =
            |stated: &str, fine: bool| assert_eq!(policy.violation(stated).is_none(), fine, "{stated}");
        check("MIT", true);
        check("MIT OR GPL-3.0-only", true);
        check("MIT AND GPL-3.0-or-later", false);
        check("MIT/Apache-2.0", true);
        check("GPL-3.0", false);
        check("MPL-2.0", false);
        check("My own licence", false);
        let deny_only = LicencePolicy { allow: Vec::new(), deny: vec!["AGPL-3.0".to_owned()] };
        assert!(deny_only.violation("MPL-2.0").is_none());
        assert!(deny_only.violation("AGPL-3.0-or-later").is_some());
        assert!(deny_only.violation("My own licence").is_none());
    }
}
