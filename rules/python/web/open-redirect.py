from django.http import HttpResponseRedirect
from flask import redirect, request, url_for


def login():
    # ruleid: python.web.open-redirect
    return redirect(request.args["next"])


def logout():
    target = request.form.get("next")
    # ruleid: python.web.open-redirect
    return redirect(target, code=302)


def view(request):
    # ruleid: python.web.open-redirect
    return HttpResponseRedirect(request.GET["next"])


def sound():
    # ok: python.web.open-redirect
    return redirect(url_for("page", name=request.args["name"]))


def fixed():
    # ok: python.web.open-redirect
    return redirect("/home")


def allowed():
    target = request.args["next"]
    if target not in ["/home", "/profile"]:
        return redirect("/home")
    # ok: python.web.open-redirect
    return redirect(target)
