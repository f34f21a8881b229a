package sample

func sign(token *jwt.Token, key []byte) {
    // ruleid: go.jwt.hard-coded-key
    token.SignedString([]byte("not-a-secret-value"))
    // ruleid: go.jwt.hard-coded-key
    store := sessions.NewCookieStore([]byte("not-a-secret-value"))
    // ruleid: go.jwt.hard-coded-key
    other := cookie.NewStore([]byte("not-a-secret-value"))
    // ok: go.jwt.hard-coded-key
    token.SignedString(key)
    // ok: go.jwt.hard-coded-key
    third := sessions.NewCookieStore([]byte(os.Getenv("SESSION_KEY")))
    // ok: go.jwt.hard-coded-key
    hash.Write([]byte("not-a-secret-value"))
}
