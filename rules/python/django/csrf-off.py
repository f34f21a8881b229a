from django.views.decorators.csrf import csrf_exempt, csrf_protect


# ruleid: python.django.csrf-off
@csrf_exempt
def flawed(request):
    return None


def page(request):
    return None


# ruleid: python.django.csrf-off
route = csrf_exempt(page)


def configure(app):
    # ruleid: python.django.csrf-off
    app.config["WTF_CSRF_ENABLED"] = False
    # ok: python.django.csrf-off
    app.config["WTF_CSRF_ENABLED"] = True


# ok: python.django.csrf-off
@csrf_protect
def sound(request):
    return None


# ok: python.django.csrf-off
other = csrf_protect(page)
