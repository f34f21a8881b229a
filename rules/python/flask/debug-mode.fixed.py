from flask import Flask

app = Flask(__name__)
# ruleid: python.flask.debug-enabled
app.debug = False
# ruleid: python.flask.debug-enabled
app.config["DEBUG"] = False
# ok: python.flask.debug-enabled
app.config["DEBUG"] = False
# ok: python.flask.debug-enabled
app.debug = False

if __name__ == "__main__":
    # ruleid: python.flask.debug-enabled
    app.run(host="127.0.0.1", debug=False)
    # ok: python.flask.debug-enabled
    app.run(host="127.0.0.1", debug=False)
