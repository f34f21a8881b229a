import lxml.etree
from xml.sax import make_parser
from xml.sax.handler import feature_external_ges

def flawed(parser):
    # ruleid: python.stdlib.xml-external-entities-on
    parser.setFeature(feature_external_ges, False)
    # ruleid: python.stdlib.xml-external-entities-on
    lxml.etree.XMLParser(resolve_entities=False)
    # ruleid: python.stdlib.xml-external-entities-on
    lxml.etree.XMLParser(no_network=False, load_dtd=False)

def sound(parser):
    # ok: python.stdlib.xml-external-entities-on
    parser.setFeature(feature_external_ges, False)
    # ok: python.stdlib.xml-external-entities-on
    lxml.etree.XMLParser(resolve_entities=False)
    # ok: python.stdlib.xml-external-entities-on
    parser.setFeature(feature_names, True)
