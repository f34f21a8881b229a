import io.jsonwebtoken.*;

class Tokens {
    void flawed(String token, byte[] key) {
        // ruleid: java.jwt.signature-not-verified
        Jwts.parser().parseClaimsJwt(token);
        // ruleid: java.jwt.signature-not-verified
        Jwts.parser().setSigningKey(key).parse(token);
        // ruleid: java.jwt.signature-not-verified
        JWT.require(Algorithm.none()).build().verify(token);
        // ruleid: java.jwt.signature-not-verified
        new JwtConsumerBuilder().setSkipSignatureVerification().build();
    }
    void sound(String token, byte[] key) {
        // ok: java.jwt.signature-not-verified
        Jwts.parser().setSigningKey(key).parseClaimsJws(token);
        // ok: java.jwt.signature-not-verified
        Jwts.parser().verifyWith(key).build().parseSignedClaims(token);
        // ok: java.jwt.signature-not-verified
        JWT.require(Algorithm.HMAC256(key)).build().verify(token);
    }
}
