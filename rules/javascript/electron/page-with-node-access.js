// ruleid: javascript.electron.page-with-node-access
new BrowserWindow({ webPreferences: { nodeIntegration: true } });
// ruleid: javascript.electron.page-with-node-access
new BrowserWindow({ webPreferences: { contextIsolation: false } });
// ruleid: javascript.electron.page-with-node-access
new BrowserWindow({ width: 1, webPreferences: { webSecurity: false } });
// ok: javascript.electron.page-with-node-access
new BrowserWindow({ webPreferences: { nodeIntegration: false } });
// ok: javascript.electron.page-with-node-access
new BrowserWindow({ webPreferences: { sandbox: true } });
// ok: javascript.electron.page-with-node-access
start({ nodeIntegration: true });
