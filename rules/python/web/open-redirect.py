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


def kind_of_model(request):
    options = bind_model(request.POST).instance._meta
    # ok: python.web.open-redirect
    return HttpResponseRedirect(with_filters({"options": options}, "/list"))
