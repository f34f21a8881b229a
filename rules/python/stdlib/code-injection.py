import ast


def flawed(text, scope):
    # ruleid: python.stdlib.code-from-variable
    a = eval(text)
    # ruleid: python.stdlib.code-from-variable
    exec(text)
    # ruleid: python.stdlib.code-from-variable
    b = eval("1 + " + text, scope)
    return a, b


def sound(text, model):
    # ok: python.stdlib.code-from-variable
    a = ast.literal_eval(text)
    # ok: python.stdlib.code-from-variable
    b = eval("1 + 2")
    # ok: python.stdlib.code-from-variable
    model.eval(text)
    return a, b


def quoted(text):
    if not text.startswith("'") or not text.endswith("'") or "'" in text[1:-1]:
        return None
    # ok: python.stdlib.code-from-variable
    return eval(text)


def half_quoted(text):
    if not text.startswith("'"):
        return None
    # ruleid: python.stdlib.code-from-variable
    return eval(text)
