import logging
from flask import request

logger = logging.getLogger(__name__)


def login():
    name = request.form["name"]
    # ruleid: python.web.log-injection
    logging.info("login of " + name)
    # ruleid: python.web.log-injection
    logger.warning(f"failed login of {name}")
    # ruleid: python.web.log-injection
    logger.error("failed login of %s", name)
    # ok: python.web.log-injection
    logger.info("login of %s", repr(name))
    # ok: python.web.log-injection
    logger.info("login of " + name.replace("\n", " "))
    # ok: python.web.log-injection
    logger.info("login page opened")
