import jinja2
from jinja2 import Environment, select_autoescape


def flawed():
    # ruleid: python.stdlib.markup-autoescape-off
    Environment()
    # ruleid: python.stdlib.markup-autoescape-off
    jinja2.Environment(loader=None)
    # ruleid: python.stdlib.markup-autoescape-off
    jinja2.Environment(autoescape=False)


def sound():
    # ok: python.stdlib.markup-autoescape-off
    Environment(autoescape=True)
    # ok: python.stdlib.markup-autoescape-off
    Environment(autoescape=select_autoescape())
    # ok: python.stdlib.markup-autoescape-off
    jinja2.Template("text")
