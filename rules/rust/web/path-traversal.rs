async fn handle(query: web::Query<Params>) -> HttpResponse {
    // ruleid: rust.web.path-traversal
    fs::read_to_string(format!("data/{}", query.name));
    // ruleid: rust.web.path-traversal
    File::open(&query.name);
    // ruleid: rust.web.path-traversal
    NamedFile::open(Path::new("data").join(&query.name));
    // ok: rust.web.path-traversal
    fs::read_to_string("data/fixed");
    // ok: rust.web.path-traversal
    File::open(Path::new("data").join(Path::new(&query.name).file_name()));
    // ok: rust.web.path-traversal
    table.open(&query.name);
}
