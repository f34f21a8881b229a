class Security {
    void flawed(HttpSecurity http) throws Exception {
        // ruleid: java.spring.frame-options-off
        http.headers().frameOptions().disable();
        // ruleid: java.spring.frame-options-off
        http.headers(headers -> headers.frameOptions(frame -> frame.disable()));
        // ruleid: java.spring.frame-options-off
        http.headers(headers -> headers.frameOptions(FrameOptionsConfig::disable));
    }
    void sound(HttpSecurity http) throws Exception {
        // ok: java.spring.frame-options-off
        http.headers().frameOptions().sameOrigin();
        // ok: java.spring.frame-options-off
        http.headers(headers -> headers.frameOptions(frame -> frame.deny()));
        // ok: java.spring.frame-options-off
        http.headers().cacheControl().disable();
    }
}
