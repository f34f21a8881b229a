function f(i) {
  const o = { a: 'safe', b: source() };
  sink(o.a);
  sink(o['a']);
  // ruleid: collections
  sink(o['b']);
  // ruleid: collections
  sink(o.b);
  // ruleid: collections
  sink(o[i]);
  const list = ['safe'];
  list.push(source());
  sink(list[0]);
  // ruleid: collections
  sink(list[1]);
  list.unshift('safe');
  // ruleid: collections
  sink(list[0]);
  const other = [source(), 'safe'];
  const first = other.shift();
  // ruleid: collections
  sink(first);
  sink(other[0]);
}
