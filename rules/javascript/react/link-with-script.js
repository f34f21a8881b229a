// ruleid: javascript.react.link-with-script
export const one = <a href="javascript:run()">go</a>;
// ruleid: javascript.react.link-with-script
export const two = <a href="javascript:void(0)" className="x">go</a>;
// ruleid: javascript.react.link-with-script
export const three = <Link href="javascript:alert(1)">go</Link>;
// ok: javascript.react.link-with-script
export const four = <a href="/javascript:/x">go</a>;
// ok: javascript.react.link-with-script
export const five = <button onClick={run}>go</button>;
// ok: javascript.react.link-with-script
export const six = <a title="javascript:x" href="/x">go</a>;
