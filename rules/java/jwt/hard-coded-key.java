import com.auth0.jwt.algorithms.Algorithm;

class Tokens {
    void flawed(JwtBuilder builder) {
        // ruleid: java.jwt.hard-coded-key
        Algorithm own = Algorithm.HMAC256("not-a-secret-value");
        // ruleid: java.jwt.hard-coded-key
        builder.signWith(SignatureAlgorithm.HS256, "not-a-secret-value");
        // ruleid: java.jwt.hard-coded-key
        Key key = Keys.hmacShaKeyFor("not-a-secret-value".getBytes(UTF_8));
        // ruleid: java.jwt.hard-coded-key
        Jwts.parser().setSigningKey("not-a-secret-value");
    }
    void sound(JwtBuilder builder, byte[] key) {
        // ok: java.jwt.hard-coded-key
        Algorithm own = Algorithm.HMAC256(System.getenv("SIGNING_KEY"));
        // ok: java.jwt.hard-coded-key
        builder.signWith(SignatureAlgorithm.HS256, key);
        // ok: java.jwt.hard-coded-key
        builder.claim("name", "not-a-secret-value");
    }
}
