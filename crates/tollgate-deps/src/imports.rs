//! Under which names source code imports a package. Where a package's name says nothing certain of its
//! modules there is no answer, so that a package is never called unused by mistake.

use crate::graph::{Ecosystem, PackageKey};

/// Names for the reachability check, sorted.
pub(crate) fn import_names(key: &PackageKey, name: &str) -> Vec<String> {
    let mut names: Vec<String> = match key.ecosystem() {
        Ecosystem::CratesIo => vec![name.replace('-', "_")],
        Ecosystem::Npm => vec![name.to_owned()],
        Ecosystem::Go if matches!(name, "stdlib" | "toolchain") => Vec::new(),
        Ecosystem::Go => vec![name.to_owned()],
        Ecosystem::PyPi => python(key.name(), name),
        Ecosystem::Maven => maven(name),
        // Bundler requires gems by itself, autoloaders and namespaces have names of their own.
        Ecosystem::RubyGems
        | Ecosystem::Packagist
        | Ecosystem::NuGet
        | Ecosystem::Hex
        | Ecosystem::Pub
        | Ecosystem::SwiftUrl
        | Ecosystem::ConanCenter
        | Ecosystem::GitHubActions => Vec::new(),
    };
    names.sort();
    names.dedup();
    names
}

fn python(normal: &str, written: &str) -> Vec<String> {
    if let Ok(at) = PYTHON_MODULES.binary_search_by_key(&normal, |(package, _)| package) {
        return PYTHON_MODULES[at].1.iter().map(|&module| module.to_owned()).collect();
    }
    let mut names = vec![normal.replace('-', "_"), written.replace(['-', '.'], "_")];
    // Namespace packages such as `zope.interface` and `google-cloud-storage`.
    if normal.contains('-') {
        names.push(normal.replace('-', "."));
    }
    if let Some(stem) = normal.strip_prefix("python-").or_else(|| normal.strip_suffix("-python")) {
        names.push(stem.replace('-', "_"));
    }
    names
}

fn maven(name: &str) -> Vec<String> {
    let group = name.split(':').next().unwrap_or(name);
    let is_it = |module: &str| match module.strip_suffix('*') {
        Some(stem) => group.starts_with(stem),
        None => module == name,
    };
    JAVA_PACKAGES
        .iter()
        .find(|(module, _)| is_it(module))
        .map(|(_, packages)| packages.iter().map(|&package| package.to_owned()).collect())
        .unwrap_or_default()
}

/// Modules of Python packages whose names differ, sorted by normalised name.
const PYTHON_MODULES: &[(&str, &[&str])] = &[
    ("apache-airflow", &["airflow"]),
    ("attrs", &["attr", "attrs"]),
    ("beautifulsoup4", &["bs4"]),
    ("biopython", &["Bio"]),
    ("cheetah3", &["Cheetah"]),
    ("discord-py", &["discord"]),
    ("django-allauth", &["allauth"]),
    ("django-ckeditor", &["ckeditor"]),
    ("django-cms", &["cms"]),
    ("django-cors-headers", &["corsheaders"]),
    ("django-debug-toolbar", &["debug_toolbar"]),
    ("django-filter", &["django_filters"]),
    ("djangorestframework", &["rest_framework"]),
    ("djangorestframework-simplejwt", &["rest_framework_simplejwt"]),
    ("dnspython", &["dns"]),
    ("docker-py", &["docker"]),
    ("email-validator", &["email_validator"]),
    ("faiss-cpu", &["faiss"]),
    ("gitpython", &["git"]),
    ("google-api-python-client", &["apiclient", "googleapiclient"]),
    ("grpcio", &["grpc"]),
    ("ibm-db", &["ibm_db", "ibm_db_dbi"]),
    ("ipython", &["IPython"]),
    ("jupyter-notebook", &["notebook"]),
    ("kafka-python", &["kafka"]),
    ("mako", &["mako"]),
    ("markdown", &["markdown"]),
    ("mistune", &["mistune"]),
    ("msgpack-python", &["msgpack"]),
    ("mysql-connector-python", &["mysql"]),
    ("mysqlclient", &["MySQLdb", "_mysql"]),
    ("opencv-contrib-python", &["cv2"]),
    ("opencv-contrib-python-headless", &["cv2"]),
    ("opencv-python", &["cv2"]),
    ("opencv-python-headless", &["cv2"]),
    ("pdfminer-six", &["pdfminer"]),
    ("pillow", &["PIL"]),
    ("pillow-simd", &["PIL"]),
    ("protobuf", &["google.protobuf"]),
    ("psycopg2-binary", &["psycopg2"]),
    ("py-bcrypt", &["bcrypt"]),
    ("pyasn1-modules", &["pyasn1_modules"]),
    ("pycrypto", &["Crypto"]),
    ("pycryptodome", &["Crypto"]),
    ("pycryptodomex", &["Cryptodome"]),
    ("pyjwt", &["jwt"]),
    ("pymongo", &["bson", "gridfs", "pymongo"]),
    ("pynacl", &["nacl"]),
    ("pyopenssl", &["OpenSSL"]),
    ("pypdf2", &["PyPDF2"]),
    ("pysaml2", &["saml2"]),
    ("pyserial", &["serial"]),
    ("python-dateutil", &["dateutil"]),
    ("python-docx", &["docx"]),
    ("python-dotenv", &["dotenv"]),
    ("python-engineio", &["engineio"]),
    ("python-gnupg", &["gnupg"]),
    ("python-jose", &["jose"]),
    ("python-ldap", &["ldap", "ldif"]),
    ("python-magic", &["magic"]),
    ("python-multipart", &["multipart", "python_multipart"]),
    ("python-socketio", &["socketio"]),
    ("python3-openid", &["openid"]),
    ("python3-saml", &["onelogin"]),
    ("pywin32", &["pythoncom", "win32api", "win32con", "win32file"]),
    ("pyxdg", &["xdg"]),
    ("pyyaml", &["_yaml", "yaml"]),
    ("pyzmq", &["zmq"]),
    ("ruamel-yaml", &["ruamel.yaml", "ruamel_yaml"]),
    ("scikit-image", &["skimage"]),
    ("scikit-learn", &["sklearn"]),
    ("setuptools", &["_distutils_hack", "pkg_resources", "setuptools"]),
    ("tensorflow-cpu", &["tensorflow"]),
    ("tensorflow-gpu", &["tensorflow"]),
    ("typing-extensions", &["typing_extensions"]),
    ("web-py", &["web"]),
    ("websocket-client", &["websocket"]),
];

/// Packages of Java modules, by module or by group; `*` stands for the rest of a group.
const JAVA_PACKAGES: &[(&str, &[&str])] = &[
    ("com.alibaba:fastjson", &["com.alibaba.fastjson"]),
    ("com.fasterxml.jackson*", &["com.fasterxml.jackson"]),
    ("com.google.code.gson:gson", &["com.google.gson"]),
    ("com.google.guava:guava", &["com.google.common", "com.google.thirdparty"]),
    ("com.google.protobuf*", &["com.google.protobuf"]),
    ("com.h2database:h2", &["org.h2"]),
    ("com.squareup.okhttp3*", &["okhttp3"]),
    ("com.thoughtworks.xstream:xstream", &["com.thoughtworks.xstream"]),
    ("commons-beanutils:commons-beanutils", &["org.apache.commons.beanutils"]),
    ("commons-collections:commons-collections", &["org.apache.commons.collections"]),
    ("commons-fileupload:commons-fileupload", &["org.apache.commons.fileupload"]),
    ("commons-io:commons-io", &["org.apache.commons.io"]),
    ("io.netty*", &["io.netty"]),
    ("io.undertow*", &["io.undertow"]),
    ("log4j:log4j", &["org.apache.log4j"]),
    ("org.apache.commons:commons-compress", &["org.apache.commons.compress"]),
    ("org.apache.commons:commons-text", &["org.apache.commons.text"]),
    ("org.apache.httpcomponents:httpclient", &["org.apache.http"]),
    ("org.apache.logging.log4j*", &["org.apache.logging.log4j"]),
    ("org.apache.shiro*", &["org.apache.shiro"]),
    ("org.apache.struts*", &["com.opensymphony.xwork2", "org.apache.struts2"]),
    ("org.bouncycastle*", &["org.bouncycastle"]),
    ("org.codehaus.jettison:jettison", &["org.codehaus.jettison"]),
    ("org.hibernate*", &["org.hibernate"]),
    ("org.springframework*", &["org.springframework"]),
    ("org.yaml:snakeyaml", &["org.yaml.snakeyaml"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted() {
        assert!(PYTHON_MODULES.is_sorted_by_key(|(package, _)| package));
        assert!(JAVA_PACKAGES.is_sorted_by_key(|(module, _)| module));
    }

    #[test]
    fn names_of_packages() {
        let check = |ecosystem, name: &str, expected: &[&str]| {
            assert_eq!(import_names(&PackageKey::new(ecosystem, name), name), expected, "{name}");
        };
        check(Ecosystem::PyPi, "PyYAML", &["_yaml", "yaml"]);
        check(Ecosystem::PyPi, "Flask", &["Flask", "flask"]);
        check(Ecosystem::PyPi, "zope.interface", &["zope.interface", "zope_interface"]);
        check(Ecosystem::CratesIo, "serde-json", &["serde_json"]);
        check(Ecosystem::Go, "golang.org/x/text", &["golang.org/x/text"]);
        check(Ecosystem::Maven, "org.springframework.boot:spring-boot", &["org.springframework"]);
        check(Ecosystem::Maven, "unknown.group:thing", &[]);
    }
}
