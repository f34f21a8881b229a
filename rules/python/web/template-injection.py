import jinja2
from flask import render_template_string, request


def greet():
    name = request.args["name"]
    # ruleid: python.web.template-injection
    render_template_string("Hello " + name)
    # ruleid: python.web.template-injection
    jinja2.Template(f"Hello {name}")
    environment = jinja2.Environment(autoescape=True)
    # ruleid: python.web.template-injection
    environment.from_string(name)
    # ok: python.web.template-injection
    render_template_string("Hello {{ name }}", name=name)
    # ok: python.web.template-injection
    jinja2.Template("Hello {{ name }}").render(name=name)
    # ok: python.web.template-injection
    environment.from_string("Hello").render(name=name)
