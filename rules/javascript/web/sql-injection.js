const mysql = require("mysql2");
const express = require("express");
const app = express();
const pool = mysql.createPool({ host: "localhost" });

app.get("/user", (req, res) => {
  const name = req.query.name;
  // ruleid: javascript.web.sql-injection
  pool.query("SELECT * FROM user WHERE name = '" + name + "'", () => {});
  // ruleid: javascript.web.sql-injection
  pool.execute(`SELECT * FROM user WHERE name = '${name}'`);
  const statement = "SELECT * FROM user WHERE mail = '" + req.body.mail + "'";
  // ruleid: javascript.web.sql-injection
  pool.query(statement);
  // ok: javascript.web.sql-injection
  pool.query("SELECT * FROM user WHERE name = ?", [name]);
  const page = parseInt(req.query.page, 10);
  // ok: javascript.web.sql-injection
  pool.query("SELECT * FROM user LIMIT " + page);
  // ok: javascript.web.sql-injection
  pool.query("SELECT * FROM user WHERE name = " + pool.escape(name));
  let order = req.query.order;
  order = "name";
  // ok: javascript.web.sql-injection
  pool.query("SELECT * FROM user ORDER BY " + order);
});

app.use(async function (incoming, response, next) {
  // ruleid: javascript.web.sql-injection
  await pool.raw("SELECT * FROM item WHERE id = " + incoming.params.id);
  next();
});

async function list(ctx) {
  // ruleid: javascript.web.sql-injection
  ctx.body = await pool.query(`SELECT * FROM item WHERE kind = '${ctx.query.kind}'`);
}
