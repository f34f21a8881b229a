package sample

func read(text string) {
	// ruleid: go.stdlib.xml-external-entity
	one := parser.New(parser.XMLParseNoEnt)
	// ruleid: go.stdlib.xml-external-entity
	two := parser.New(parser.XMLParseDTDLoad | parser.XMLParseNoBlanks)
	// ruleid: go.stdlib.xml-external-entity
	three, _ := libxml2.ParseString(text, parser.XMLParseNoEnt)
	// ok: go.stdlib.xml-external-entity
	four := parser.New()
	// ok: go.stdlib.xml-external-entity
	five := xml.NewDecoder(reader)
	// ok: go.stdlib.xml-external-entity
	six := parser.New(parser.XMLParseNoNet)
}
