"""Pages that show what the visitor sent."""

from flask import Blueprint, redirect, render_template_string, request
from markupsafe import escape

routes = Blueprint("pages", __name__)

LINKS = [
    "/products?q=lamp", "/safe/products?q=lamp",
    "/greet?name=Ann", "/safe/greet?name=Ann",
    "/manuals?file=kettle.txt", "/safe/manuals?file=kettle.txt",
    "/leave?to=/products", "/safe/leave?to=/products",
    "/banner?text=Sale", "/safe/banner?text=Sale",
    "/preview?url=http://127.0.0.1/", "/safe/preview?url=http://127.0.0.1/",
    "/discount?formula=1", "/safe/discount?formula=1",
    "/guestbook", "/safe/guestbook", "/cart", "/safe/cart", "/tools", "/account",
    "/badge?token=none", "/safe/badge?token=none", "/stock", "/safe/stock", "/openapi.json",
]


@routes.get("/")
def index():
    items = "".join(f'<li><a href="{link}">{link}</a></li>' for link in LINKS)
    return f"<h1>Shop</h1><ul>{items}</ul>"


@routes.get("/health")
def health():
    return "ok"


@routes.get("/greet")
def greet():
    # Flaw 2: the name is shown as markup.
    name = request.args.get("name", "")
    return "<p>Hello " + name + "</p>"


@routes.get("/safe/greet")
def safe_greet():
    name = request.args.get("name", "")
    return "<p>Hello " + str(escape(name)) + "</p>"


@routes.get("/leave")
def leave():
    # Flaw 5: any address is followed.
    return redirect(request.args.get("to", "/"))


@routes.get("/safe/leave")
def safe_leave():
    targets = {"/products": "/products", "/guestbook": "/guestbook"}
    return redirect(targets.get(request.args.get("to", ""), "/"))


@routes.get("/banner")
def banner():
    # Flaw 6: the text becomes part of the template.
    return render_template_string("<h2>" + request.args.get("text", "") + "</h2>")


@routes.get("/safe/banner")
def safe_banner():
    return render_template_string("<h2>{{ text }}</h2>", text=request.args.get("text", ""))
