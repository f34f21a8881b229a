const port = 80;
// ruleid: js_template_constant
listen(`port ${port}`);
// ruleid: js_template_constant
listen("port " + port);
listen(`port ${other}`);
