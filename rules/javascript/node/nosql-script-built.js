function search(users, id, age) {
  // ruleid: javascript.node.nosql-script-built
  users.find({ $where: `this.id == ${id}` });
  // ruleid: javascript.node.nosql-script-built
  users.find({ $where: "this.id == " + id });
  // ruleid: javascript.node.nosql-script-built
  users.find({ $where: "this.name == '" + id + "'" });
  // ok: javascript.node.nosql-script-built
  users.find({ $where: "this.age > 3" });
  // ok: javascript.node.nosql-script-built
  users.find({ age: { $gt: age } });
  // ok: javascript.node.nosql-script-built
  users.find({ where: `this.id == ${id}` });
}
