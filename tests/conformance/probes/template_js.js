// ruleid: template-js
f(`a${x}b`);
// ruleid: template-js
f(`${x}`);
f(`ab`);
