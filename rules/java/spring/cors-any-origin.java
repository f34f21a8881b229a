class Security {
    void flawed(CorsRegistry registry, CorsConfiguration configuration) {
        // ruleid: java.spring.cors-any-origin
        registry.addMapping("/**").allowedOrigins("*");
        // ruleid: java.spring.cors-any-origin
        configuration.addAllowedOrigin("*");
        // ruleid: java.spring.cors-any-origin
        configuration.addAllowedOriginPattern("*");
    }
    void sound(CorsRegistry registry, CorsConfiguration configuration) {
        // ok: java.spring.cors-any-origin
        registry.addMapping("/**").allowedOrigins("https://example.org");
        // ok: java.spring.cors-any-origin
        configuration.addAllowedOrigin("https://example.org");
        // ok: java.spring.cors-any-origin
        configuration.addAllowedHeader("*");
    }
}
