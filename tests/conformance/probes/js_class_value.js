// ruleid: js_class_value
class Declared { run() {} }
const Value = class Named { run() {} };
module.exports = class Exported { run() {} };
