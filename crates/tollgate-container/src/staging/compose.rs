//! Reading the part of a Compose file that a staging app needs. What would give a container more than
//! that, or changes what is run in a way not understood here, is refused by name.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;

use super::StagingError;
use super::compose_file::{DependsOn, File, Networks, RawBuild, RawHealth, RawService, Words};
use super::compose_text::{duration, interpolate};

/// A Compose file as it will be run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Compose {
    /// Services in the order they are started.
    pub(super) services: Vec<Service>,
    /// The service to scan.
    pub(super) target: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Service {
    pub(super) name: String,
    pub(super) image: Option<String>,
    pub(super) build: Option<Build>,
    pub(super) command: Option<Vec<String>>,
    pub(super) entrypoint: Option<Vec<String>>,
    pub(super) environment: BTreeMap<String, String>,
    pub(super) ports: Vec<u16>,
    pub(super) after: Vec<(String, Condition)>,
    pub(super) health: Option<Health>,
    pub(super) networks: BTreeMap<String, Vec<String>>,
    pub(super) binds: Vec<Bind>,
    pub(super) volumes: Vec<(String, String)>,
    pub(super) tmpfs: Vec<String>,
    pub(super) user: Option<String>,
    pub(super) folder: Option<String>,
    pub(super) read_only: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Build {
    pub(super) context: PathBuf,
    pub(super) dockerfile: String,
    pub(super) arguments: BTreeMap<String, String>,
    pub(super) target: Option<String>,
}

/// A file or folder of the project, mounted read-only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bind {
    pub(super) source: PathBuf,
    pub(super) target: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Condition {
    Started,
    Healthy,
    Completed,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Health {
    pub(super) test: Vec<String>,
    pub(super) interval: Option<Duration>,
    pub(super) timeout: Option<Duration>,
    pub(super) start: Option<Duration>,
    pub(super) retries: Option<i64>,
}

/// Keys that change nothing a scan could notice.
const HARMLESS: [&str; 24] = [
    "annotations",
    "attach",
    "container_name",
    "cpus",
    "deploy",
    "domainname",
    "hostname",
    "init",
    "labels",
    "logging",
    "mem_limit",
    "mem_reservation",
    "oom_score_adj",
    "platform",
    "pull_policy",
    "restart",
    "scale",
    "shm_size",
    "stdin_open",
    "stop_grace_period",
    "stop_signal",
    "tty",
    "ulimits",
    "develop",
];

/// Reads a Compose file. `variable` looks up what `${…}` names.
pub(super) fn read(
    file: &Path,
    wanted: Option<&str>,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<Compose, StagingError> {
    let trouble = |message: String| StagingError::Compose { file: file.to_owned(), message };
    let text = fs::read_to_string(file).map_err(|error| trouble(error.to_string()))?;
    let folder =
        file.parent().unwrap_or(Path::new(".")).canonicalize().map_err(|error| trouble(error.to_string()))?;
    parse(&text, &folder, wanted, variable).map_err(trouble)
}

fn parse(
    text: &str,
    folder: &Path,
    wanted: Option<&str>,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<Compose, String> {
    let mut document: Value = serde_saphyr::from_str(text).map_err(|error| error.to_string())?;
    interpolate(&mut document, variable)?;
    let file: File = serde_json::from_value(document).map_err(|error| error.to_string())?;
    refuse_unknown("the file", &file.rest, &["name", "version", "configs", "secrets"])?;
    for (name, network) in &file.networks {
        if network.get("external").is_some_and(|external| *external != Value::Bool(false)) {
            return Err(format!("network `{name}` is external, which is not supported"));
        }
    }
    for (name, volume) in &file.volumes {
        if volume.get("external").is_some_and(|external| *external != Value::Bool(false)) {
            return Err(format!("volume `{name}` is external, which is not supported"));
        }
    }
    let mut services = BTreeMap::new();
    for (name, raw) in file.services {
        let service = settle(&name, raw, folder).map_err(|message| format!("service `{name}`: {message}"))?;
        services.insert(name, service);
    }
    let target = match wanted {
        Some(name) => services
            .get_key_value(name)
            .map(|(name, _)| name.clone())
            .ok_or_else(|| format!("there is no service `{name}`"))?,
        None => services
            .iter()
            .find(|(_, (service, in_profile))| !in_profile && !service.ports.is_empty())
            .map(|(name, _)| name.clone())
            .ok_or("no service publishes a port; name the one to scan in `dast.start.service`")?,
    };
    let order = start_order(&services, &target)?;
    let services =
        order.into_iter().filter_map(|name| services.remove(&name).map(|(service, _)| service)).collect();
    Ok(Compose { services, target })
}

/// Services without a profile and whatever those and the target need, dependencies first.
fn start_order(services: &BTreeMap<String, (Service, bool)>, target: &str) -> Result<Vec<String>, String> {
    let mut order: Vec<String> = Vec::new();
    let mut open: Vec<(&str, usize)> = Vec::new();
    let roots = services.iter().filter(|(name, (_, in_profile))| !in_profile || *name == target);
    for (root, _) in roots {
        open.push((root, 0));
        while let Some((name, next)) = open.pop() {
            let (service, _) = services.get(name).ok_or_else(|| format!("there is no service `{name}`"))?;
            if order.iter().any(|done| done == name) {
                continue;
            }
            match service.after.get(next) {
                Some((needed, _)) => {
                    if open.iter().any(|(waiting, _)| waiting == needed) || needed == name {
                        return Err(format!("services `{name}` and `{needed}` wait for each other"));
                    }
                    open.push((name, next + 1));
                    open.push((needed, 0));
                }
                None => order.push(name.to_owned()),
            }
        }
    }
    Ok(order)
}

/// A service and whether it is started only when asked for.
fn settle(name: &str, raw: RawService, folder: &Path) -> Result<(Service, bool), String> {
    refuse_unknown("it", &raw.rest, &HARMLESS)?;
    let mut service = Service { name: name.to_owned(), image: raw.image, ..Service::default() };
    service.build = raw.build.map(|build| settle_build(build, folder)).transpose()?;
    if service.image.is_none() && service.build.is_none() {
        return Err("it has neither `image` nor `build`".to_owned());
    }
    service.command = raw.command.map(Words::split).transpose()?;
    service.entrypoint = raw.entrypoint.map(Words::split).transpose()?;
    for file in raw.env_file.list() {
        service.environment.extend(read_environment(&within(folder, &file)?)?);
    }
    service.environment.extend(raw.environment.settle());
    for port in raw.ports.iter().chain(&raw.expose) {
        service.ports.push(container_port(port)?);
    }
    service.after = match raw.depends_on {
        DependsOn::List(names) => names.into_iter().map(|name| (name, Condition::Started)).collect(),
        DependsOn::Map(map) => map
            .into_iter()
            .map(|(name, raw)| match raw.condition.as_deref() {
                None | Some("service_started") => Ok((name, Condition::Started)),
                Some("service_healthy") => Ok((name, Condition::Healthy)),
                Some("service_completed_successfully") => Ok((name, Condition::Completed)),
                Some(other) => Err(format!("condition `{other}` is not known")),
            })
            .collect::<Result<_, String>>()?,
    };
    service.health = raw.healthcheck.map(settle_health).transpose()?;
    service.networks = match raw.networks {
        None => BTreeMap::from([("default".to_owned(), Vec::new())]),
        Some(Networks::List(names)) => names.into_iter().map(|name| (name, Vec::new())).collect(),
        Some(Networks::Map(map)) => {
            map.into_iter().map(|(name, endpoint)| (name, endpoint.unwrap_or_default().aliases)).collect()
        }
    };
    for volume in &raw.volumes {
        settle_volume(&mut service, volume, folder)?;
    }
    service.tmpfs.extend(raw.tmpfs.list());
    service.user = raw.user.map(|user| user.as_str().map_or_else(|| user.to_string(), ToOwned::to_owned));
    service.folder = raw.working_dir;
    service.read_only = raw.read_only;
    Ok((service, !raw.profiles.is_empty()))
}

fn settle_build(build: RawBuild, folder: &Path) -> Result<Build, String> {
    let default = "Dockerfile".to_owned();
    match build {
        RawBuild::Context(context) => Ok(Build {
            context: within(folder, &context)?,
            dockerfile: default,
            arguments: BTreeMap::new(),
            target: None,
        }),
        RawBuild::Long { context, dockerfile, args, target } => Ok(Build {
            context: within(folder, &context)?,
            dockerfile: dockerfile.unwrap_or(default),
            arguments: args.settle(),
            target,
        }),
    }
}

fn settle_health(raw: RawHealth) -> Result<Health, String> {
    if raw.disable {
        return Ok(Health { test: vec!["NONE".to_owned()], ..Health::default() });
    }
    let test = match raw.test {
        None => Vec::new(),
        Some(Words::Line(line)) => vec!["CMD-SHELL".to_owned(), line],
        Some(Words::List(words)) => words,
    };
    let time = |text: Option<String>| text.map(|text| duration(&text)).transpose();
    Ok(Health {
        test,
        interval: time(raw.interval)?,
        timeout: time(raw.timeout)?,
        start: time(raw.start_period)?,
        retries: raw.retries,
    })
}

fn settle_volume(service: &mut Service, volume: &Value, folder: &Path) -> Result<(), String> {
    let text = |key: &str| volume.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let (kind, source, target) = match volume {
        Value::String(line) => {
            let parts: Vec<&str> = line.split(':').collect();
            match parts.as_slice() {
                [target] => ("anonymous".to_owned(), String::new(), (*target).to_owned()),
                [source, target] | [source, target, _] => {
                    let kind = if source.starts_with(['.', '/', '~']) { "bind" } else { "volume" };
                    (kind.to_owned(), (*source).to_owned(), (*target).to_owned())
                }
                _ => return Err(format!("volume `{line}` is not understood")),
            }
        }
        _ => (text("type"), text("source"), text("target")),
    };
    match kind.as_str() {
        "bind" => service.binds.push(Bind { source: within(folder, &source)?, target }),
        "volume" if !source.is_empty() => service.volumes.push((source, target)),
        "volume" | "anonymous" => service.tmpfs.push(target),
        "tmpfs" => service.tmpfs.push(target),
        other => return Err(format!("volumes of type `{other}` are not supported")),
    }
    Ok(())
}

/// A path of the project: a Compose file of a scanned repository must not mount what lies outside.
fn within(folder: &Path, path: &str) -> Result<PathBuf, String> {
    let whole = folder.join(path).canonicalize().map_err(|error| format!("{path}: {error}"))?;
    if whole.starts_with(folder) {
        Ok(whole)
    } else {
        Err(format!("`{path}` lies outside the folder of the file"))
    }
}

fn read_environment(file: &Path) -> Result<BTreeMap<String, String>, String> {
    let text = fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    Ok(lines
        .filter_map(|line| line.strip_prefix("export ").unwrap_or(line).split_once('='))
        .map(|(name, value)| (name.trim().to_owned(), value.trim().trim_matches(['"', '\'']).to_owned()))
        .collect())
}

fn container_port(port: &Value) -> Result<u16, String> {
    let text = match port {
        Value::Object(long) => long.get("target").map(Value::to_string).unwrap_or_default(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let text = text.trim_matches('"');
    let inner = text.rsplit(':').next().unwrap_or_default();
    let number = inner.split(['/', '-']).next().unwrap_or_default();
    number.parse().map_err(|_| format!("port `{text}` is not understood"))
}

fn refuse_unknown(whose: &str, rest: &BTreeMap<String, Value>, harmless: &[&str]) -> Result<(), String> {
    let unknown: Vec<&str> = rest
        .keys()
        .map(String::as_str)
        .filter(|key| !key.starts_with("x-") && !harmless.contains(key))
        .collect();
    if unknown.is_empty() {
        Ok(())
    } else {
        Err(format!("{whose} uses `{}`, which is not supported", unknown.join("`, `")))
    }
}

/// Names of the networks of all services, each once.
pub(super) fn networks(compose: &Compose) -> BTreeSet<String> {
    compose.services.iter().flat_map(|service| service.networks.keys().cloned()).collect()
}

/// Names of the named volumes of all services, each once.
pub(super) fn volumes(compose: &Compose) -> BTreeSet<String> {
    compose.services.iter().flat_map(|service| service.volumes.iter().map(|(name, _)| name.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Compose, String> {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        fs::create_dir(root.join("app")).unwrap();
        fs::write(root.join("app/seed.sql"), "x").unwrap();
        fs::write(root.join("web.env"), "# note\nFROM_FILE=\"yes\"\nBOTH=file\n").unwrap();
        parse(text, &root, None, &|name| (name == "TAG").then(|| "7".to_owned()))
    }

    #[test]
    fn the_usual_file_is_understood() {
        let compose = read(
            r#"
services:
  web:
    build: ./app
    command: serve --name "two words"
    environment: [BOTH=own, "PLAIN=a=b"]
    env_file: web.env
    ports: ["127.0.0.1:8080:80/tcp"]
    depends_on:
      db: {condition: service_healthy}
      migrate: {condition: service_completed_successfully}
    networks: [front, back]
    restart: always
  db:
    image: postgres:${TAG}
    environment: {PORT: 5432, NAME: "${NAME:-shop}"}
    healthcheck: {test: pg_isready, interval: 1m30s, retries: 3}
    networks: {back: {aliases: [database]}}
    volumes: ["data:/var/lib/data", "./app/seed.sql:/seed.sql:ro", {type: tmpfs, target: /scratch}]
  migrate:
    image: tool
    depends_on: [db]
  debug:
    image: debug
    profiles: [debug]
networks: {front: , back: {internal: true}}
volumes: {data: }
"#,
        )
        .unwrap();
        let names: Vec<&str> = compose.services.iter().map(|service| service.name.as_str()).collect();
        assert_eq!(names, ["db", "migrate", "web"]);
        assert_eq!(compose.target, "web");
        let [db, _, web] = compose.services.as_slice() else { panic!() };
        assert_eq!(db.image.as_deref(), Some("postgres:7"));
        assert_eq!(db.environment["NAME"], "shop");
        assert_eq!(db.environment["PORT"], "5432");
        let health = db.health.as_ref().unwrap();
        assert_eq!(
            (health.test.as_slice(), health.interval),
            (&["CMD-SHELL".to_owned(), "pg_isready".to_owned()][..], Some(Duration::from_secs(90)))
        );
        assert_eq!(db.networks["back"], ["database"]);
        assert_eq!((db.volumes.len(), db.binds.len(), db.tmpfs.len()), (1, 1, 1));
        assert_eq!(web.command.as_ref().unwrap(), &["serve", "--name", "two words"]);
        assert_eq!(web.environment["BOTH"], "own");
        assert_eq!(web.environment["FROM_FILE"], "yes");
        assert_eq!(web.environment["PLAIN"], "a=b");
        assert_eq!(web.ports, [80]);
        assert_eq!(networks(&compose).len(), 3);
    }

    #[test]
    fn what_cannot_be_given_is_refused_by_name() {
        let check = |text: &str, expected: &str| {
            let message = read(text).unwrap_err();
            assert!(message.contains(expected), "{message}");
        };
        check(
            "services: {a: {image: x, ports: [80], privileged: true}}",
            "service `a`: it uses `privileged`",
        );
        check("services: {a: {image: x, ports: [80], network_mode: host}}", "`network_mode`");
        check("services: {a: {image: x, ports: [80], volumes: ['/etc:/etc']}}", "lies outside");
        check("services: {a: {image: x, ports: [80], volumes: ['../..:/x']}}", "lies outside");
        check("services: {a: {ports: [80]}}", "neither `image` nor `build`");
        check("services: {a: {image: x}}", "no service publishes a port");
        check(
            "services: {a: {image: x, ports: [80], depends_on: [b]}, b: {image: x, depends_on: [a]}}",
            "wait for each other",
        );
        check("services: {a: {image: x, ports: [80], depends_on: [b]}}", "there is no service `b`");
        check("services: {a: {image: '${WHAT:?set it}', ports: [80]}}", "variable `WHAT` is not set: set it");
        check("networks: {n: {external: true}}", "external");
        check("include: [other.yaml]", "`include`");
    }
}
