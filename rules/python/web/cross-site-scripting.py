from flask import Flask, jsonify, make_response, render_template, request
from markupsafe import Markup, escape

app = Flask(__name__)


@app.route("/hello")
def hello():
    name = request.args.get("name", "")
    page = ""
    page += f"Hello {name}"
    # ruleid: python.web.cross-site-scripting
    return page


@app.get("/search")
def search():
    term = request.args["q"]
    # ruleid: python.web.cross-site-scripting
    return "Nothing found for " + term


@app.route("/badge")
def badge():
    # ruleid: python.web.cross-site-scripting
    label = Markup("<b>" + request.args["label"] + "</b>")
    # ruleid: python.web.cross-site-scripting
    return make_response("<i>" + request.args["label"] + "</i>")


@app.route("/quiet")
def quiet():
    # ok: python.web.cross-site-scripting
    return f"Hello {escape(request.args['name'])}"


@app.route("/page")
def page():
    # ok: python.web.cross-site-scripting
    return render_template("page.html", name=request.args["name"])


@app.route("/data")
def data():
    # ok: python.web.cross-site-scripting
    return jsonify(name=request.args["name"])


@app.route("/number")
def number():
    # ok: python.web.cross-site-scripting
    return "Number " + str(int(request.args["number"]))


def not_a_view(text):
    # ok: python.web.cross-site-scripting
    return "<b>" + request.args["label"]
