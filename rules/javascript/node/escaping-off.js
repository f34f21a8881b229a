// ruleid: javascript.node.escaping-off
Handlebars.compile(text, { noEscape: true });
// ruleid: javascript.node.escaping-off
nunjucks.configure("views", { autoescape: false });
// ruleid: javascript.node.escaping-off
handlebars.compile(text, { strict: true, noEscape: true });
// ok: javascript.node.escaping-off
Handlebars.compile(text);
// ok: javascript.node.escaping-off
nunjucks.configure("views", { autoescape: true });
// ok: javascript.node.escaping-off
print(text, { noEscape: true });
