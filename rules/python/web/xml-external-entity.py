import xml.dom.minidom
import xml.sax
import xml.sax.handler
import lxml.etree
from flask import request


def read_sax():
    parser = xml.sax.make_parser()
    parser.setFeature(xml.sax.handler.feature_external_ges, True)
    # ruleid: python.web.xml-external-entity
    return xml.dom.minidom.parseString(request.data, parser)


def read_lxml():
    parser = lxml.etree.XMLParser(resolve_entities=True)
    # ruleid: python.web.xml-external-entity
    return lxml.etree.fromstring(request.data, parser)


def read_remote():
    document = request.get_data()
    parser = lxml.etree.XMLParser(no_network=False)
    # ruleid: python.web.xml-external-entity
    return lxml.etree.fromstring(document, parser=parser)


def sound_sax():
    parser = xml.sax.make_parser()
    # ok: python.web.xml-external-entity
    return xml.dom.minidom.parseString(request.data, parser)


def off():
    parser = xml.sax.make_parser()
    parser.setFeature(xml.sax.handler.feature_external_ges, False)
    # ok: python.web.xml-external-entity
    return xml.dom.minidom.parseString(request.data, parser)


def sound_lxml():
    parser = lxml.etree.XMLParser(resolve_entities=False)
    # ok: python.web.xml-external-entity
    return lxml.etree.fromstring(request.data, parser)
