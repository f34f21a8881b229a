fun f() {
    // ruleid: kotlin_lambda_argument
    run(1)
    run(1) { it }
    // ruleid: kotlin_lambda_argument
    run { it }
}
