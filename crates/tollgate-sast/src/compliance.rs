//! Which requirements of security standards a weakness touches, from one table in `rules/`.

use std::sync::LazyLock;

use serde::Deserialize;
use tollgate_core::Cwe;

/// The standards of the table.
pub const STANDARDS: [&str; 5] = ["pci-dss", "iso-27001", "nist-800-53", "hipaa", "gdpr"];

const TABLE: &str = include_str!("../../../rules/compliance.yaml");

static GROUPS: LazyLock<Vec<Group>> =
    LazyLock::new(|| serde_saphyr::from_str::<Table>(TABLE).expect("a test reads the embedded table").groups);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    groups: Vec<Group>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Group {
    #[serde(rename = "name")]
    _name: String,
    cwes: Vec<u32>,
    pci_dss: Vec<String>,
    #[serde(rename = "iso-27001")]
    iso_27001: Vec<String>,
    #[serde(rename = "nist-800-53")]
    nist_800_53: Vec<String>,
    hipaa: Vec<String>,
    gdpr: Vec<String>,
}

/// The requirements of a standard that a weakness touches, in the order of the table; none for a
/// standard that is not in it.
#[must_use]
pub fn requirements(cwe: Cwe, standard: &str) -> Vec<&'static str> {
    let mut found: Vec<&'static str> = Vec::new();
    for group in GROUPS.iter().filter(|group| group.cwes.contains(&cwe.0)) {
        let list = match standard {
            "pci-dss" => &group.pci_dss,
            "iso-27001" => &group.iso_27001,
            "nist-800-53" => &group.nist_800_53,
            "hipaa" => &group.hipaa,
            "gdpr" => &group.gdpr,
            _ => continue,
        };
        for requirement in list {
            if !found.contains(&requirement.as_str()) {
                found.push(requirement);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weaknesses_map_to_requirements() {
        assert_eq!(requirements(Cwe(89), "pci-dss"), ["6.2.4", "6.4.1"]);
        assert!(requirements(Cwe(798), "nist-800-53").contains(&"IA-5"));
        assert!(requirements(Cwe(89), "unknown").is_empty());
        for standard in STANDARDS {
            assert!(!requirements(Cwe(79), standard).is_empty(), "{standard}");
        }
    }
}
