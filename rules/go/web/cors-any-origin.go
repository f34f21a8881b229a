package sample

func set(w http.ResponseWriter, r *http.Request) {
    // ruleid: go.web.cors-any-origin
    w.Header().Set("Access-Control-Allow-Origin", r.Header.Get("Origin"))
    // ruleid: go.web.cors-any-origin
    a := cors.New(cors.Config{AllowAllOrigins: true, AllowCredentials: true})
    // ruleid: go.web.cors-any-origin
    b := handlers.CORS(handlers.AllowedOrigins([]string{"*"}))
    // ok: go.web.cors-any-origin
    w.Header().Set("Access-Control-Allow-Origin", "https://example.org")
    // ok: go.web.cors-any-origin
    c := cors.New(cors.Config{AllowOrigins: names, AllowCredentials: true})
    // ok: go.web.cors-any-origin
    w.Header().Set("X-Origin", r.Header.Get("Origin"))
}
