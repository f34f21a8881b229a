async fn handle(query: web::Query<Params>) -> HttpResponse {
    // ruleid: rust.web.command-injection
    Command::new("sh").arg("-c").arg(&query.name);
    // ruleid: rust.web.command-injection
    Command::new("bash").arg("-c").arg(format!("ls {}", query.name));
    // ruleid: rust.web.command-injection
    Command::new(&query.name);
    // ok: rust.web.command-injection
    Command::new("ls").arg(&query.name);
    // ok: rust.web.command-injection
    Command::new("sh").arg("-c").arg("ls");
    // ok: rust.web.command-injection
    Job::new(&query.name);
}
