class Security {
    fun flawed(http: HttpSecurity) {
        // ruleid: kotlin.spring.csrf-off
        http.csrf().disable()
        // ruleid: kotlin.spring.csrf-off
        http.csrf { it.disable() }
        http {
            // ruleid: kotlin.spring.csrf-off
            csrf { disable() }
        }
    }
    fun sound(http: HttpSecurity) {
        // ok: kotlin.spring.csrf-off
        http.csrf { it.ignoringRequestMatchers("/hooks") }
        // ok: kotlin.spring.csrf-off
        http.cors { it.disable() }
        // ok: kotlin.spring.csrf-off
        http.formLogin().disable()
    }
}
