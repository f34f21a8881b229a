const x = src();
// ruleid: t-lambda
foo(() => { sink(x); });
