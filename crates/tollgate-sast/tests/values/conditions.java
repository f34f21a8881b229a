class Conditions {
    private static final boolean ON = true;
    private boolean open = false;

    void cases() {
        String x = source();
        String guess = "ABC";
        char target = guess.charAt(1);
        String bar;
        switch (target) {
            case 'A':
                bar = x;
                break;
            case 'B':
                bar = "safe";
                break;
            default:
                bar = x;
                break;
        }
        sink(bar);
        switch (guess.charAt(2)) {
            case 'A':
                bar = "safe";
                break;
            case 'C':
            case 'D':
                bar = x;
                break;
            default:
                bar = "safe";
        }
        // ruleid: conditions
        sink(bar);
        switch (guess.charAt(0)) {
            case 'A':
                bar = "safe";
            case 'B':
                bar = x;
                break;
            default:
                bar = "safe";
        }
        // ruleid: conditions
        sink(bar);
        switch (7) {
            case 1:
                sink(x);
        }
        // ruleid: conditions
        sink(x);
    }

    void equality() {
        String x = source();
        String mode = "a" + "b";
        String bar = "ab".equals(mode) ? "safe" : x;
        sink(bar);
        bar = mode.startsWith("b") ? "safe" : x;
        // ruleid: conditions
        sink(bar);
        int n = 86;
        if ((7 * 42) - n > 200) bar = "safe";
        else bar = x;
        sink(bar);
        if (ON) bar = "safe";
        else bar = x;
        sink(bar);
        if (open) bar = x;
        // ruleid: conditions
        sink(bar);
    }

    void counted() {
        String x = source();
        int n = 0;
        for (int i = 0; i < 3; i++) {
            if (i == 2) {
                // ruleid: conditions
                sink(x);
            }
            n++;
        }
        if (n == 3) {
            // ruleid: conditions
            sink(x);
        }
    }

    void wrapped() {
        String x = source();
        if (2147483647 + 1 > 0) {
            // ruleid: conditions
            sink(x);
        }
    }
}
