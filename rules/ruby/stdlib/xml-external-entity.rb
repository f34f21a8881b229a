class Reader
  def read(text)
    Nokogiri::XML(text) do |config|
      # ruleid: ruby.stdlib.xml-external-entity
      config.noent
    end
    # ruleid: ruby.stdlib.xml-external-entity
    Nokogiri::XML(text, nil, nil, Nokogiri::XML::ParseOptions::NOENT)
    # ruleid: ruby.stdlib.xml-external-entity
    Nokogiri::XML(text, nil, nil, Nokogiri::XML::ParseOptions::DTDLOAD)
    # ok: ruby.stdlib.xml-external-entity
    Nokogiri::XML(text)
    # ok: ruby.stdlib.xml-external-entity
    Nokogiri::XML(text) { |config| config.strict }
    # ok: ruby.stdlib.xml-external-entity
    Nokogiri::XML(text, nil, nil, Nokogiri::XML::ParseOptions::NONET)
  end
end
