use super::check;

#[test]
fn npm_lock_3_with_workspace_alias_and_nesting() {
    check(
        &[(
            "package-lock.json",
            r#"{
 "name": "top", "lockfileVersion": 3,
 "packages": {
  "": {"name": "top", "workspaces": ["w"], "dependencies": {"a": "^1.0.0"}, "devDependencies": {"x": "npm:real@2"}},
  "w": {"name": "w", "version": "0.0.0", "dependencies": {"b": "~2.0.0"}},
  "node_modules/w": {"resolved": "w", "link": true},
  "node_modules/a": {"version": "1.0.1", "resolved": "https://registry.npmjs.org/a/-/a-1.0.1.tgz", "license": "MIT", "dependencies": {"b": "^1.0.0"}},
  "node_modules/a/node_modules/b": {"version": "1.5.0"},
  "node_modules/b": {"version": "2.0.3", "optionalDependencies": {"missing": "1"}},
  "node_modules/x": {"name": "real", "version": "2.1.0", "dev": true},
  "node_modules/@s/g": {"version": "1.0.0", "resolved": "git+ssh://git@github.com/s/g.git#abc", "optional": true}
 }
}"#,
        )],
        &[
            "4 top - P. > a real",
            "5 w 0.0.0 P. > b",
            "7 a 1.0.1 P! > b = ^1.0.0",
            "8 b 1.5.0 P",
            "9 b 2.0.3 P! = ~2.0.0",
            "10 real 2.1.0 D! = npm:real@2",
            "11 @s/g 1.0.0 O~",
        ],
    );
}

#[test]
fn npm_lock_1_nests_dependencies() {
    check(
        &[
            (
                "package-lock.json",
                r#"{"lockfileVersion": 1, "dependencies": {
 "a": {"version": "1.0.0", "requires": {"b": "^1.0.0", "c": "1"},
  "dependencies": {"b": {"version": "1.1.0", "requires": {"c": "1"}}}},
 "b": {"version": "2.0.0", "dev": true},
 "c": {"version": "npm:real@1.2.3"},
 "d": {"version": "file:../d"},
 "e": {"version": "git+https://h/e.git#abc"}
}}"#,
            ),
            ("package.json", r#"{"dependencies": {"a": "^1.0.0"}, "devDependencies": {"b": "2"}}"#),
        ],
        &[
            "2 a 1.0.0 P! > real b = ^1.0.0",
            "4 b 2.0.0 D! = 2",
            "5 real 1.2.3 P",
            "6 d - P.",
            "7 e - P~",
            "3 b 1.1.0 P > real",
        ],
    );
}

#[test]
fn yarn_classic() {
    check(
        &[
            (
                "yarn.lock",
                "# yarn lockfile v1\n\n\n\"@s/a@^1.0.0\", \"@s/a@~1.0.0\":\n  version \"1.0.2\"\n  resolved \"https://registry.yarnpkg.com/@s/a/-/a-1.0.2.tgz#abc\"\n  dependencies:\n    b \"^2.0.0\"\n    \"x\" \"npm:real@1\"\n\nb@^2.0.0:\n  version \"2.1.0\"\n\n\"x@npm:real@1\":\n  version \"1.0.0\"\n\nt@1:\n  version \"1.0.0\"\n",
            ),
            ("package.json", r#"{"dependencies": {"@s/a": "^1.0.0"}, "devDependencies": {"t": "1"}}"#),
        ],
        &["4 @s/a 1.0.2 P! > b real = ^1.0.0", "11 b 2.1.0 P", "14 real 1.0.0 P", "17 t 1.0.0 D! = 1"],
    );
}

#[test]
fn yarn_berry() {
    check(
        &[
            (
                "yarn.lock",
                "__metadata:\n  version: 8\n\n\"a@npm:^1.0.0, a@npm:~1.0.0\":\n  version: 1.0.2\n  resolution: \"a@npm:1.0.2\"\n  dependencies:\n    b: \"npm:^2\"\n  languageName: node\n  linkType: hard\n\n\"b@npm:^2\":\n  version: 2.0.0\n  resolution: \"b@npm:2.0.0\"\n\n\"c@patch:c@npm%3A1.0.0#~/.yarn/c.patch\":\n  version: 1.0.0\n  resolution: \"c@patch:c@npm%3A1.0.0#~/.yarn/c.patch::version=1.0.0\"\n\n\"top@workspace:.\":\n  version: 0.0.0-use.local\n  resolution: \"top@workspace:.\"\n  dependencies:\n    a: \"npm:^1.0.0\"\n    c: \"patch:c@npm%3A1.0.0#~/.yarn/c.patch\"\n  linkType: soft\n",
            ),
            ("package.json", r#"{"dependencies": {"a": "^1.0.0"}, "devDependencies": {"c": "1.0.0"}}"#),
        ],
        &[
            "4 a 1.0.2 P! > b = ^1.0.0",
            "12 b 2.0.0 P",
            "16 c 1.0.0 D! = patch:c@npm%3A1.0.0#~/.yarn/c.patch",
            "20 top 0.0.0-use.local P. > a c",
        ],
    );
}

#[test]
fn pnpm_5_6_9() {
    check(
        &[(
            "pnpm-lock.yaml",
            "lockfileVersion: 5.4\nspecifiers:\n  a: ^1.0.0\ndependencies:\n  a: 1.0.0_b@2.0.0\npackages:\n  /a/1.0.0_b@2.0.0:\n    resolution: {integrity: x}\n    dependencies:\n      b: 2.0.0\n  /b/2.0.0:\n    resolution: {integrity: x}\n    dev: false\n  /t/1.0.0:\n    dev: true\n",
        )],
        &["7 a 1.0.0 P! > b = ^1.0.0", "11 b 2.0.0 P", "14 t 1.0.0 D"],
    );
    check(
        &[(
            "pnpm-lock.yaml",
            "lockfileVersion: '6.0'\nimporters:\n  .:\n    devDependencies:\n      '@s/a':\n        specifier: ^1.0.0\n        version: 1.0.0(b@2.0.0)\npackages:\n  /@s/a@1.0.0(b@2.0.0):\n    resolution: {integrity: x}\n    dependencies:\n      b: 2.0.0\n    dev: true\n  /b@2.0.0:\n    resolution: {integrity: x}\n    dev: true\n",
        )],
        &["9 @s/a 1.0.0 D! > b = ^1.0.0", "14 b 2.0.0 D"],
    );
    check(
        &[(
            "pnpm-lock.yaml",
            "lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n      a:\n        specifier: ^1.0.0\n        version: 1.0.0(b@2.0.0)\n      w:\n        specifier: workspace:*\n        version: link:w\npackages:\n  a@1.0.0:\n    resolution: {integrity: x}\n  b@2.0.0:\n    resolution: {integrity: x}\n  g@https://codeload.github.com/o/g/tar.gz/abc:\n    resolution: {tarball: https://codeload.github.com/o/g/tar.gz/abc}\n    version: 3.0.0\nsnapshots:\n  a@1.0.0(b@2.0.0):\n    dependencies:\n      b: 2.0.0\n  b@2.0.0: {}\n  g@https://codeload.github.com/o/g/tar.gz/abc: {}\n",
        )],
        &["12 a 1.0.0 P! > b = ^1.0.0", "14 b 2.0.0 P", "16 g 3.0.0 P~"],
    );
}

#[test]
fn bun_text_lock() {
    check(
        &[(
            "bun.lock",
            "{\n  \"lockfileVersion\": 1,\n  \"workspaces\": {\n    \"\": {\"name\": \"top\", \"dependencies\": {\"a\": \"^1\"}, \"devDependencies\": {\"b\": \"2\"},},\n  },\n  \"packages\": {\n    \"a\": [\"a@1.0.0\", \"\", {\"dependencies\": {\"b\": \"^1\"}}, \"sha512-x\"],\n    \"a/b\": [\"b@1.5.0\", \"\", {}, \"sha512-x\"],\n    \"b\": [\"b@2.0.0\", \"\", {}, \"sha512-x\"],\n    \"w\": [\"w@workspace:w\"], // local\n  }\n}\n",
        )],
        &["7 a 1.0.0 P! > b = ^1", "8 b 1.5.0 P", "9 b 2.0.0 D! = 2", "10 w - P."],
    );
}
