import aiohttp.web
import flask
import tornado.web
from aiohttp import web
from fastapi import FastAPI, Query, UploadFile

app = FastAPI()


@app.get("/fastapi")
async def find(name: str, page: int = 1):
    # ok: python.web.sql-injection
    cursor.execute("select * from t limit " + str(page))
    # ruleid: python.web.sql-injection
    cursor.execute("select * from t where name = '" + name + "'")


@app.post("/fastapi")
def make(name: str = Query(...)):
    # ruleid: python.web.sql-injection
    cursor.execute(f"insert into t values ('{name}')")


@app.get("/fastapi/{name}")
def read(name):
    # ruleid: python.web.sql-injection
    cursor.execute(f"select * from t where name = '{name}'")


async def handle(request: web.Request):
    name = request.query["name"]
    # ruleid: python.web.sql-injection
    cursor.execute(f"select * from t where name = '{name}'")
    data = await request.post()
    # ruleid: python.web.sql-injection
    cursor.execute(f"select * from t where name = '{data['name']}'")


class Tornado(tornado.web.RequestHandler):
    def get(self):
        name = self.get_argument("name")
        # ruleid: python.web.sql-injection
        cursor.execute(f"select * from t where name = '{name}'")


def django_view(request, id):
    # ruleid: python.web.sql-injection
    cursor.execute(f"select * from t where name = '{request.GET['name']}'")
    # ruleid: python.web.sql-injection
    cursor.execute(f"select * from t where name = '{request.headers['X-Name']}'")
    form = NameForm(request.POST)
    if form.is_valid():
        # ruleid: python.web.sql-injection
        cursor.execute(f"select * from t where name = '{form.cleaned_data['name']}'")


def client(session, name):
    request = session.prepare(name)
    # ok: python.web.sql-injection
    cursor.execute(f"select * from t where name = '{request.headers['X-Name']}'")


@app.get("/list")
def gather(name: str):
    parts = []
    parts.append(name)
    found = {}
    found.update({"name": name})
    # ruleid: python.web.sql-injection
    cursor.execute("select * from t where name in (" + ",".join(parts) + ")")
    # ruleid: python.web.sql-injection
    cursor.execute("select * from t where name = " + found["name"])
    # ok: python.web.sql-injection
    cursor.execute("select * from t where hash = " + hashlib.sha256(name.encode()).hexdigest())


@flask_app.route("/fixed", methods=["GET"])
def fixed_route():
    # ok: python.web.sql-injection
    cursor.execute("select * from t where name = '" + flask.request.path + "'")
    # ruleid: python.web.sql-injection
    cursor.execute("select * from t where name = '" + flask.request.full_path + "'")


@flask_app.route("/pages/<path:page>")
def open_route(page):
    # ruleid: python.web.sql-injection
    cursor.execute("select * from t where name = '" + flask.request.path + "'")


@flask_app.errorhandler(404)
def missing(error):
    # ruleid: python.web.sql-injection
    cursor.execute("insert into missing values ('" + flask.request.path + "')")
