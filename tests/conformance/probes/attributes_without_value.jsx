// ruleid: attributes_without_value
x = <input disabled />;
// ruleid: attributes_without_value
x = <input name="a" disabled={true} />;
// ok: attributes_without_value
x = <input disabled={false} />;
// ok: attributes_without_value
x = <input name="a" />;
