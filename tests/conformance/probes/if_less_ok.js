// ruleid: if-less-ok
if (a) { b(); }
// ruleid: if-less-ok
if (a) { b(); } else { c(); }
// ruleid: if-less-ok
if (a) b();
if (a) { b(); c(); }
