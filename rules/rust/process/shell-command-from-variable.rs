fn example(a: &str, b: &str) {
    // ruleid: rust.process.shell-command-from-variable
    Command::new("sh").arg("-c").arg(format!("ping {a}"));
    // ruleid: rust.process.shell-command-from-variable
    Command::new("/bin/bash").arg("-c").arg(&format!("ls {}", b));
    // ruleid: rust.process.shell-command-from-variable
    let x = Command::new("cmd").arg("/C").arg(format!("dir {a}")).status();
    // ok: rust.process.shell-command-from-variable
    Command::new("ping").arg("-c").arg(format!("{a}"));
    // ok: rust.process.shell-command-from-variable
    Command::new("sh").arg("-c").arg("ls");
    // ok: rust.process.shell-command-from-variable
    Command::new("sh").arg(a);
}
