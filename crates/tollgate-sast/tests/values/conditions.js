function f(list) {
  const x = source();
  let seen = false;
  list.forEach((item) => { seen = true; });
  if (seen) {
    // ruleid: conditions
    sink(x);
  }
  const mode = 'safe';
  if (mode === 'open' || mode.length > 9) {
    sink(x);
  }
  if ('0') {
    // ruleid: conditions
    sink(x);
  }
  sink(mode ? 1 : x);
  let bar;
  switch (mode) {
    case 'open':
      bar = x;
      break;
    default:
      bar = 'ok';
  }
  sink(bar);
}
