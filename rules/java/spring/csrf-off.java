class Security {
    void flawed(HttpSecurity http) throws Exception {
        // ruleid: java.spring.csrf-off
        http.csrf().disable();
        // ruleid: java.spring.csrf-off
        http.csrf(csrf -> csrf.disable());
        // ruleid: java.spring.csrf-off
        http.csrf(AbstractHttpConfigurer::disable);
    }
    void sound(HttpSecurity http) throws Exception {
        // ok: java.spring.csrf-off
        http.csrf(Customizer.withDefaults());
        // ok: java.spring.csrf-off
        http.csrf(csrf -> csrf.ignoringRequestMatchers("/hooks/*"));
        // ok: java.spring.csrf-off
        http.cors(cors -> cors.disable());
    }
}
