import Koa from "koa";
import fastify from "fastify";
import { Hono } from "hono";
import { Body, Controller, Get, Param, Post, Query } from "@nestjs/common";

router.get("/koa", async (ctx) => {
  // ruleid: javascript.web.sql-injection
  await db.query("select * from t where name = '" + ctx.query.name + "'");
  // ruleid: javascript.web.sql-injection
  await db.query("select * from t where name = '" + ctx.request.body.name + "'");
  // ok: javascript.web.sql-injection
  await db.query("select * from t where name = '" + ctx.body + "'");
});

server.get("/fastify", async (request, reply) => {
  // ruleid: javascript.web.sql-injection
  return db.query(`select * from t where name = '${request.query.name}'`);
});

app.get("/hono", async (c) => {
  const name = c.req.query("name");
  // ruleid: javascript.web.sql-injection
  await db.query(`select * from t where name = '${name}'`);
  const body = await c.req.json();
  // ruleid: javascript.web.sql-injection
  await db.query(`select * from t where name = '${body.name}'`);
});

app.get("/express", ({ query, params }: Request, res: Response) => {
  // ruleid: javascript.web.sql-injection
  db.query("select * from t where name = '" + query.name + "'");
  // ok: javascript.web.sql-injection
  db.query("select * from t where id = " + Number(params.id));
});

@Controller("users")
class Users {
  @Get()
  find(@Query("name") name: string, @Query("page") page: number) {
    // ok: javascript.web.sql-injection
    this.db.query("select * from t limit " + page);
    // ruleid: javascript.web.sql-injection
    return this.db.query("select * from t where name = '" + name + "'");
  }
  @Post()
  make(@Body() body: NewUser) {
    // ruleid: javascript.web.sql-injection
    return this.db.query(`insert into t values ('${body.name}')`);
  }
}

export async function GET(request: NextRequest) {
  const name = request.nextUrl.searchParams.get("name");
  const other = new URL(request.url).searchParams.get("name");
  // ruleid: javascript.web.sql-injection
  await db.query(`select * from t where name = '${name}'`);
  // ruleid: javascript.web.sql-injection
  await db.query(`select * from t where name = '${other}'`);
}

export async function save(formData: FormData) {
  // ruleid: javascript.web.sql-injection
  await db.query(`insert into t values ('${formData.get("name")}')`);
}

export const handler = async (event) => {
  const name = event.queryStringParameters.name;
  // ruleid: javascript.web.sql-injection
  await db.query(`select * from t where name = '${name}'`);
};

io.on("connection", (socket) => {
  socket.on("find", (name) => {
    // ruleid: javascript.web.sql-injection
    db.query(`select * from t where name = '${name}'`);
  });
  socket.on("disconnect", (reason) => {
    // ok: javascript.web.sql-injection
    db.query(`insert into ends values ('${reason}')`);
  });
});

function collect(req, res) {
  const names: string[] = [];
  names.push(req.query.name);
  // ruleid: javascript.web.sql-injection
  db.query("select * from t where name in (" + names.join(",") + ")");
}
