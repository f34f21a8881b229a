import elementpath
import lxml.etree
from flask import request


def employee():
    number = request.args["number"]
    tree = lxml.etree.parse("employees.xml")
    # ruleid: python.web.xpath-injection
    tree.xpath("/employees/employee[@number='" + number + "']")
    # ruleid: python.web.xpath-injection
    elementpath.select(tree, f"/employees/employee[@number='{number}']")
    # ruleid: python.web.xpath-injection
    lxml.etree.XPath("//employee[@number='%s']" % number)
    # ok: python.web.xpath-injection
    tree.xpath("/employees/employee[@number=$number]", number=number)
    # ok: python.web.xpath-injection
    tree.xpath(f"/employees/employee[@number='{int(number)}']")
    # ok: python.web.xpath-injection
    lxml.etree.XPath("//employee")
