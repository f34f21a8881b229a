// ruleid: javascript.nest.validation-open
app.useGlobalPipes(new ValidationPipe());
// ruleid: javascript.nest.validation-open
app.useGlobalPipes(new ValidationPipe({ transform: true }));
// ruleid: javascript.nest.validation-open
app.useGlobalPipes(new ValidationPipe({ whitelist: false }));
// ok: javascript.nest.validation-open
app.useGlobalPipes(new ValidationPipe({ whitelist: true }));
// ok: javascript.nest.validation-open
app.useGlobalPipes(new ValidationPipe({ transform: true, whitelist: true }));
// ok: javascript.nest.validation-open
app.useGlobalPipes(new ParsePipe());
