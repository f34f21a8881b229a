src().then((v) => { sink(v); });
