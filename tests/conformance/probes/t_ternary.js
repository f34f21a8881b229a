const x = c ? src() : 1;
// ruleid: t-ternary
sink(x);
