from fastapi.middleware.cors import CORSMiddleware
from flask_cors import CORS


def flawed(app):
    # ruleid: python.web.cross-origin-any-with-credentials
    app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=True)
    # ruleid: python.web.cross-origin-any-with-credentials
    CORS(app, origins="*", supports_credentials=True)
    # ruleid: python.web.cross-origin-any-with-credentials
    CORS(app, origins=["*"], supports_credentials=True)


def sound(app):
    # ok: python.web.cross-origin-any-with-credentials
    app.add_middleware(CORSMiddleware, allow_origins=["*"])
    # ok: python.web.cross-origin-any-with-credentials
    app.add_middleware(CORSMiddleware, allow_origins=["https://example.org"], allow_credentials=True)
    # ok: python.web.cross-origin-any-with-credentials
    CORS(app, origins="https://example.org", supports_credentials=True)
