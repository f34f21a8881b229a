use super::{check, read_tree};

#[test]
fn requirements_as_pip_reads_them() {
    check(
        &[
            (
                "requirements.txt",
                "# comment\n-r base.txt\n-c constraints.txt\n--index-url https://pypi.org/simple\nFlask[async]==2.0.1 ; python_version >= '3.8'  # note\nrequests==2.25.0 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\njinja2\nlxml>=4\n-e .\n./local\npkg @ https://h/pkg-1.2.3-py3-none-any.whl\n",
            ),
            ("base.txt", "six==1.0\n"),
            ("constraints.txt", "Jinja2==2.11.0\n"),
        ],
        &[
            "5 Flask 2.0.1 P = ==2.0.1",
            "6 requests 2.25.0 P = ==2.25.0",
            "9 jinja2 2.11.0 P",
            "10 lxml - P = >=4",
            "13 pkg 1.2.3 P~",
        ],
    );
    let lockfile = read_tree(&[("requirements.txt", b"-r base.txt\n"), ("base.txt", b"a==1\n")]);
    assert_eq!(lockfile.includes.len(), 1);
}

#[test]
fn pip_compile_notes_tell_who_asked() {
    check(
        &[(
            "requirements-dev.txt",
            "flask==2.0.1\n    # via -r requirements.in\njinja2==3.0.0\n    # via\n    #   flask\n    #   other\nclick==8.0  # via flask\n",
        )],
        &[
            "1 flask 2.0.1 D! > jinja2 click = ==2.0.1",
            "3 jinja2 3.0.0 D! = ==3.0.0",
            "7 click 8.0 D = ==8.0",
        ],
    );
}

#[test]
fn poetry_old_and_new() {
    let manifest = "[tool.poetry.dependencies]\npython = \"^3.8\"\na = \"^1.0\"\n[tool.poetry.group.dev.dependencies]\nt = \"*\"\n";
    check(
        &[
            (
                "poetry.lock",
                "[[package]]\nname = \"a\"\nversion = \"1.2.0\"\noptional = false\n\n[package.dependencies]\nB-c = \">=1\"\n\n[[package]]\nname = \"b.c\"\nversion = \"1.0\"\n\n[[package]]\nname = \"t\"\nversion = \"3\"\n\n[metadata]\nlock-version = \"2.0\"\n",
            ),
            ("pyproject.toml", manifest),
        ],
        &["2 a 1.2.0 P! > b.c = ^1.0", "10 b.c 1.0 P", "14 t 3 D! = *"],
    );
    check(
        &[(
            "poetry.lock",
            "[[package]]\nname = \"a\"\nversion = \"1\"\ngroups = [\"main\", \"dev\"]\n[[package]]\nname = \"b\"\nversion = \"1\"\ngroups = [\"dev\"]\n[[package]]\nname = \"c\"\nversion = \"1\"\ncategory = \"dev\"\n[package.source]\ntype = \"directory\"\nurl = \"c\"\n[metadata]\n",
        )],
        &["2 a 1 P", "6 b 1 D", "10 c 1 D."],
    );
}

#[test]
fn pipfile_lock() {
    check(
        &[
            (
                "Pipfile.lock",
                "{\"_meta\": {},\n \"default\": {\n  \"a\": {\"version\": \"==1.0\"},\n  \"g\": {\"git\": \"https://h/g\", \"ref\": \"abc\"}\n },\n \"develop\": {\n  \"t\": {\"version\": \"==2.0\"}\n }}",
            ),
            ("Pipfile", "[packages]\na = \"*\"\n"),
        ],
        &["3 a 1.0 P! = *", "4 g - P~", "7 t 2.0 D"],
    );
}

#[test]
fn pdm_uv_and_pylock() {
    check(
        &[
            (
                "pdm.lock",
                "[metadata]\ngroups = [\"default\", \"dev\"]\n\n[[package]]\nname = \"a\"\nversion = \"1\"\ngroups = [\"default\"]\ndependencies = [\"b>=1; python_version<'4'\"]\n\n[[package]]\nname = \"b\"\nversion = \"2\"\nextras = [\"x\"]\ngroups = [\"dev\"]\n\n[[package]]\nname = \"b\"\nversion = \"2\"\ngroups = [\"dev\"]\n",
            ),
            ("pyproject.toml", "[project]\ndependencies = [\"A>=1\"]\n"),
        ],
        &["5 a 1 P! > b = >=1", "11 b 2 D"],
    );
    check(
        &[(
            "uv.lock",
            "version = 1\n\n[[package]]\nname = \"top\"\nversion = \"0\"\nsource = { virtual = \".\" }\ndependencies = [{ name = \"a\" }]\n\n[package.dev-dependencies]\ndev = [{ name = \"t\" }]\n\n[package.metadata]\nrequires-dist = [{ name = \"a\", specifier = \">=1\" }]\n\n[[package]]\nname = \"a\"\nversion = \"1\"\nsource = { registry = \"https://pypi.org/simple\" }\ndependencies = [{ name = \"b\", version = \"2\" }]\n\n[[package]]\nname = \"b\"\nversion = \"1\"\n\n[[package]]\nname = \"b\"\nversion = \"2\"\nsource = { git = \"https://h/b\" }\n\n[[package]]\nname = \"t\"\nversion = \"1\"\n",
        )],
        &["4 top 0 P. > a t", "16 a 1 P! > b = >=1", "22 b 1 P", "26 b 2 P~", "31 t 1 D!"],
    );
    check(
        &[(
            "pylock.toml",
            "lock-version = \"1.0\"\n[[packages]]\nname = \"a\"\nversion = \"1\"\n[[packages.dependencies]]\nname = \"b\"\n[[packages]]\nname = \"b\"\nversion = \"2\"\nmarker = \"'dev' in dependency_groups\"\n[[packages]]\nname = \"c\"\ndirectory = { path = \".\" }\n",
        )],
        &["3 a 1 P > b", "8 b 2 D", "12 c - P."],
    );
}
