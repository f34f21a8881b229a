package sample

func read(text string) {
    // ruleid: go.jwt.signature-not-verified
    parser.ParseUnverified(text, claims)
    // ruleid: go.jwt.signature-not-verified
    new(jwt.Parser).ParseUnverified(text, claims)
    // ruleid: go.jwt.signature-not-verified
    key := jwt.UnsafeAllowNoneSignatureType
    // ok: go.jwt.signature-not-verified
    jwt.ParseWithClaims(text, claims, key, jwt.WithValidMethods(names))
    // ok: go.jwt.signature-not-verified
    jwt.Parse(text, find)
    // ok: go.jwt.signature-not-verified
    form.Parse(text)
}
