import uvicorn


def flawed(app, socket):
    # ruleid: python.stdlib.bound-to-every-address
    socket.bind(("0.0.0.0", 80))
    # ruleid: python.stdlib.bound-to-every-address
    app.run(host="0.0.0.0")
    # ruleid: python.stdlib.bound-to-every-address
    uvicorn.run(app, host="0.0.0.0", port=80)


def sound(app, socket):
    # ok: python.stdlib.bound-to-every-address
    socket.bind(("127.0.0.1", 80))
    # ok: python.stdlib.bound-to-every-address
    app.run(host="127.0.0.1")
    # ok: python.stdlib.bound-to-every-address
    uvicorn.run(app, port=80)
