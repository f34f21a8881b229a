use super::{check, read_tree, show};

const CARGO: &str = r#"# made by hand
version = 3

[[package]]
name = "app"
version = "0.1.0"
dependencies = [
 "a",
 "b 2.0.0",
 "t",
]

[[package]]
name = "a"
version = "1.0.0"
source = "registry+https://github.com/rust-lang/crates.io-index"
dependencies = [
 "b 1.0.0",
]

[[package]]
name = "b"
version = "1.0.0"
source = "registry+https://github.com/rust-lang/crates.io-index"

[[package]]
name = "b"
version = "2.0.0"
source = "git+https://h/b#0123456789012345678901234567890123456789"

[[package]]
name = "t"
version = "1.0.0"
source = "registry+https://github.com/rust-lang/crates.io-index"
"#;

#[test]
fn cargo_with_manifest() {
    check(
        &[
            ("Cargo.lock", CARGO),
            (
                "Cargo.toml",
                "[package]\nname = \"app\"\n[dependencies]\na = { version = \"1\", optional = true }\nb = \"2\"\n[dev-dependencies]\nt = \"1\"\n",
            ),
        ],
        &[
            "5 app 0.1.0 P. > a b t",
            "14 a 1.0.0 O! > b = 1",
            "22 b 1.0.0 O",
            "27 b 2.0.0 P!~ = 2",
            "32 t 1.0.0 D! = 1",
        ],
    );
}

#[test]
fn cargo_1_with_root_and_metadata() {
    check(
        &[(
            "Cargo.lock",
            "[root]\nname = \"app\"\nversion = \"0.1.0\"\ndependencies = [\n \"a 1.0.0 (registry+https://github.com/rust-lang/crates.io-index)\",\n]\n\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\n\n[metadata]\n\"checksum a 1.0.0 (registry+https://github.com/rust-lang/crates.io-index)\" = \"8b715d7a9f8a1e2b5f2b0d2f0e0b1f5c7d4b6a7d1c1a5c1a4f1e9c1b2d3e4f5a\"\n",
        )],
        &["9 a 1.0.0 P!", "2 app 0.1.0 P. > a"],
    );
}

#[test]
fn go_modules() {
    check(
        &[(
            "go.mod",
            "module h/m\n\ngo 1.21\n\ntoolchain go1.22.3\n\nrequire (\n\th/a v1.0.0\n\th/b v1.2.0 // indirect\n\th/l v0.0.0\n)\n\nreplace h/b => h/fork v1.3.0\n\nreplace h/l => ./l\n\nexclude h/c v1.0.0\n",
        )],
        &[
            "8 h/a v1.0.0 P! = v1.0.0",
            "9 h/fork v1.3.0 P",
            "10 h/l v0.0.0 P!. = v0.0.0",
            "5 stdlib 1.22.3 P!",
            "5 toolchain 1.22.3 P!",
        ],
    );
    check(
        &[
            ("go.mod", "module h/m\ngo 1.16\nrequire h/a v1.0.0\n"),
            (
                "go.sum",
                "h/a v1.0.0 h1:x=\nh/a v1.1.0 h1:x=\nh/a v1.9.0/go.mod h1:x=\nh/t v0.1.0 h1:x=\nh/t v0.10.0 h1:x=\nh/u v1.0.0/go.mod h1:x=\n",
            ),
        ],
        &["3 h/a v1.1.0 P! = v1.0.0", "1 h/t v0.10.0 P", "2 stdlib 1.16 P!"],
    );
}

#[test]
fn gemfile_lock() {
    check(
        &[
            (
                "Gemfile.lock",
                "GIT\n  remote: https://h/g.git\n  revision: abc\n  specs:\n    g (1.0)\n      a (>= 1)\n\nGEM\n  remote: https://rubygems.org/\n  specs:\n    a (1.2.3)\n    n (1.15.0-x86_64-linux)\n    t (3.0)\n      a\n\nPLATFORMS\n  ruby\n\nDEPENDENCIES\n  g!\n  n (~> 1.15)\n  t\n\nBUNDLED WITH\n   2.4.1\n",
            ),
            ("Gemfile", "gem 'g', git: 'x'\ngem 'n'\ngroup :development, :test do\n  gem 't'\nend\n"),
        ],
        &["5 g 1.0 P!~ > a", "11 a 1.2.3 P", "12 n 1.15.0 P! = ~> 1.15", "13 t 3.0 D! > a"],
    );
}

#[test]
fn composer_lock() {
    check(
        &[
            (
                "composer.lock",
                "{\"packages\": [\n {\"name\": \"V/a\", \"version\": \"v1.0.0\", \"require\": {\"php\": \">=7\", \"v/b\": \"^1\"}, \"license\": [\"MIT\"]},\n {\"name\": \"v/b\", \"version\": \"1.1\"}],\n \"packages-dev\": [{\"name\": \"v/t\", \"version\": \"2\"}]}",
            ),
            ("composer.json", "{\"require\": {\"v/a\": \"^1\"}, \"require-dev\": {\"v/t\": \"*\"}}"),
        ],
        &["2 V/a v1.0.0 P! > v/b = ^1", "3 v/b 1.1 P", "4 v/t 2 D! = *"],
    );
}

#[test]
fn maven_inherits_within_the_tree() {
    let parent = "<project><groupId>g</groupId><artifactId>parent</artifactId><version>1</version>\n<properties><lib.version>2.5</lib.version></properties>\n<dependencyManagement><dependencies>\n<dependency><groupId>m</groupId><artifactId>managed</artifactId><version>${lib.version}</version></dependency>\n<dependency><groupId>g</groupId><artifactId>bom</artifactId><version>1</version><type>pom</type><scope>import</scope></dependency>\n</dependencies></dependencyManagement></project>";
    let bom = "<project><groupId>g</groupId><artifactId>bom</artifactId><version>1</version>\n<dependencyManagement><dependencies><dependency><groupId>m</groupId><artifactId>by-bom</artifactId><version>7</version></dependency></dependencies></dependencyManagement></project>";
    let child = "<project>\n<parent><groupId>g</groupId><artifactId>parent</artifactId><version>1</version></parent>\n<artifactId>child</artifactId>\n<properties><lib.version>3.0</lib.version></properties>\n<dependencies>\n<dependency><groupId>m</groupId><artifactId>managed</artifactId></dependency>\n<dependency><groupId>m</groupId><artifactId>by-bom</artifactId><scope>test</scope></dependency>\n<dependency><groupId>m</groupId><artifactId>own</artifactId><version>[1.5]</version></dependency>\n<dependency><groupId>m</groupId><artifactId>range</artifactId><version>[1,2)</version></dependency>\n<dependency><groupId>g</groupId><artifactId>bom</artifactId><version>${project.version}</version></dependency>\n</dependencies></project>";
    check(
        &[("child/pom.xml", child), ("pom.xml", parent), ("bom/pom.xml", bom)],
        &[
            "6 m:managed 3.0 P! = 3.0",
            "7 m:by-bom 7 D! = 7",
            "8 m:own 1.5 P! = [1.5]",
            "9 m:range - P! = [1,2)",
            "10 g:bom 1 P!. = 1",
        ],
    );
}

#[test]
fn gradle() {
    check(
        &[(
            "gradle.lockfile",
            "# comment\na.b:c:1.0=compileClasspath,runtimeClasspath\na.b:t:2.0=testCompileClasspath\nempty=annotationProcessor\n",
        )],
        &["2 a.b:c 1.0 P", "3 a.b:t 2.0 D"],
    );
    check(
        &[(
            "gradle/libs.versions.toml",
            "[versions]\nk = \"1.9\"\nr = { strictly = \"[1,2[\", prefer = \"1.5\" }\n[libraries]\na = \"g:a:1.0\"\nb = { module = \"g:b\", version.ref = \"k\" }\nc = { group = \"g\", name = \"c\", version = { require = \"3\" } }\nd = { module = \"g:d\" }\ne = { module = \"g:e\", version.ref = \"r\" }\n",
        )],
        &["5 g:a 1.0 P!", "6 g:b 1.9 P!", "7 g:c 3 P!", "8 g:d - P!", "9 g:e - P!"],
    );
}

#[test]
fn nuget() {
    check(
        &[(
            "packages.lock.json",
            "{\"version\": 1, \"dependencies\": {\"net8.0\": {\n\"A\": {\"type\": \"Direct\", \"requested\": \"[1.0, )\", \"resolved\": \"1.0.0\", \"dependencies\": {\"b\": \"2.0\"}},\n\"B\": {\"type\": \"Transitive\", \"resolved\": \"2.0.0\"},\n\"own\": {\"type\": \"Project\"}}}}",
        )],
        &["2 A 1.0.0 P! > B = [1.0, )", "3 B 2.0.0 P", "4 own - P."],
    );
    check(
        &[
            (
                "src/App.csproj",
                "<Project Sdk=\"x\">\n<PropertyGroup><V>3.1</V></PropertyGroup>\n<ItemGroup>\n<PackageReference Include=\"A\" Version=\"$(V)\" />\n<PackageReference Include=\"B\"><Version>1.0</Version></PackageReference>\n<PackageReference Include=\"C\" PrivateAssets=\"all\" />\n<PackageReference Include=\"D\" Version=\"1.*\" />\n</ItemGroup></Project>",
            ),
            (
                "Directory.Packages.props",
                "<Project><ItemGroup><PackageVersion Include=\"c\" Version=\"9.9\" /></ItemGroup></Project>",
            ),
        ],
        &["4 A 3.1 P! = 3.1", "5 B 1.0 P! = 1.0", "6 C 9.9 D! = 9.9", "7 D - P! = 1.*"],
    );
    check(
        &[(
            "packages.config",
            "<packages>\n<package id=\"A\" version=\"1.0\" />\n<package id=\"T\" version=\"2\" developmentDependency=\"true\" />\n</packages>",
        )],
        &["2 A 1.0 P", "3 T 2 D"],
    );
}

#[test]
fn mix_pub_swift_and_conan() {
    check(
        &[
            (
                "mix.lock",
                "%{\n  \"a\": {:hex, :a, \"1.0.0\", \"h\", [:mix], [{:b, \"~> 1.0\", [hex: :b, repo: \"hexpm\", optional: false]}], \"hexpm\", \"h\"},\n  \"b\": {:hex, :\"b_real\", \"1.1.0\", \"h\", [:mix], [], \"hexpm\", \"h\"},\n  g: {:git, \"https://h/g.git\", \"abc\", []},\n}\n",
            ),
            ("mix.exs", "  defp deps do\n    [\n      {:a, \"~> 1.0\", only: [:dev, :test]},\n    ]\n"),
        ],
        &["2 a 1.0.0 D! = ~> 1.0", "3 b_real 1.1.0 P", "4 g - P~"],
    );
    check(
        &[(
            "pubspec.lock",
            "packages:\n  a:\n    dependency: \"direct main\"\n    description:\n      name: a\n    source: hosted\n    version: \"1.0.0\"\n  t:\n    dependency: \"direct dev\"\n    source: hosted\n    version: \"2.0\"\n  f:\n    dependency: transitive\n    source: sdk\n    version: \"0.0.0\"\nsdks:\n  dart: \">=3\"\n",
        )],
        &["2 a 1.0.0 P!", "8 t 2.0 D!", "12 f 0.0.0 P."],
    );
    check(
        &[(
            "Package.resolved",
            "{\"pins\": [\n{\"identity\": \"swift-nio\", \"kind\": \"remoteSourceControl\", \"location\": \"https://github.com/apple/swift-nio.git\", \"state\": {\"revision\": \"a\", \"version\": \"2.0.0\"}}], \"version\": 2}",
        )],
        &["2 https://github.com/apple/swift-nio.git 2.0.0 P"],
    );
    check(
        &[(
            "Package.resolved",
            "{\"object\": {\"pins\": [\n{\"package\": \"x\", \"repositoryURL\": \"https://h/x\", \"state\": {\"branch\": \"main\", \"revision\": \"a\", \"version\": null}}]}, \"version\": 1}",
        )],
        &["2 https://h/x - P"],
    );
    check(
        &[(
            "conan.lock",
            "{\"version\": \"0.5\", \"requires\": [\n\"zlib/1.2.11#rev%17.0\"], \"build_requires\": [\"cmake/3.20\"]}",
        )],
        &["2 zlib 1.2.11 P", "2 cmake 3.20 D"],
    );
    check(
        &[(
            "conan.lock",
            "{\"graph_lock\": {\"nodes\": {\n\"0\": {\"ref\": \"app/1.0\", \"path\": \"conanfile.py\", \"requires\": [\"1\"]},\n\"1\": {\"ref\": \"zlib/1.2.11@_/_#rev\", \"package_id\": \"x\"}}}}",
        )],
        &["2 app 1.0 P. > zlib", "3 zlib 1.2.11 P"],
    );
}

#[test]
fn workflows() {
    check(
        &[(
            ".github/workflows/ci.yml",
            "on: push\njobs:\n  a:\n    uses: o/r/.github/workflows/x.yml@v1.2.3\n  b:\n    steps:\n      - uses: actions/checkout@v4\n      - uses: ./local\n      - uses: docker://alpine\n      - uses: o/p@0123456789012345678901234567890123456789 # v3.1.0\n      - uses: o/q@main\n      - run: |\n          uses: not/this@v1\n",
        )],
        &[
            "4 o/r v1.2.3 D! = v1.2.3",
            "7 actions/checkout v4 D! = v4",
            "10 o/p v3.1.0 D! = 0123456789012345678901234567890123456789",
            "11 o/q - D! = main",
        ],
    );
}

#[test]
fn bills_of_materials() {
    check(
        &[(
            "bom.json",
            "{\"bomFormat\": \"CycloneDX\", \"specVersion\": \"1.5\", \"metadata\": {\"component\": {\"bom-ref\": \"app\"}},\n\"components\": [\n{\"bom-ref\": \"1\", \"purl\": \"pkg:npm/%40s/a@1.0.0\", \"licenses\": [{\"license\": {\"id\": \"MIT\"}}], \"components\": [\n{\"bom-ref\": \"2\", \"purl\": \"pkg:maven/g/b@2.0\"}]},\n{\"purl\": \"pkg:deb/debian/x@1\"}],\n\"dependencies\": [{\"ref\": \"app\", \"dependsOn\": [\"1\"]}, {\"ref\": \"1\", \"dependsOn\": [\"2\"]}]}",
        )],
        &["3 @s/a 1.0.0 P! > g:b", "4 g:b 2.0 P"],
    );
    let spdx = read_tree(&[(
        "x.spdx.json",
        b"{\"spdxVersion\": \"SPDX-2.3\", \"documentDescribes\": [\"SPDXRef-root\"], \"packages\": [\n{\"SPDXID\": \"SPDXRef-a\", \"name\": \"a\", \"versionInfo\": \"1.0\", \"licenseDeclared\": \"MIT\", \"externalRefs\": [{\"referenceType\": \"purl\", \"referenceLocator\": \"pkg:pypi/a\"}]}],\n\"relationships\": [{\"spdxElementId\": \"SPDXRef-root\", \"relationshipType\": \"DEPENDS_ON\", \"relatedSpdxElement\": \"SPDXRef-a\"}]}",
    )]);
    assert_eq!(show(&spdx), ["2 a 1.0 P!"]);
    assert_eq!(spdx.packages[0].licence.as_deref(), Some("MIT"));
}
