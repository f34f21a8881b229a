// ruleid: if-block-dots
if (a) { x(); b(); y(); }
// ruleid: if-block-dots
if (a) { if (q) { b(); } }
if (a) { c(); }
