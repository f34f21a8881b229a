const {a, b} = src();
// ruleid: t-destructure
sink(a);
