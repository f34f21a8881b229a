class Users
  def find(document)
    # ruleid: ruby.web.xpath-injection
    document.xpath("//user[@name='#{params[:name]}']")
    # ruleid: ruby.web.xpath-injection
    document.at_xpath("//user[@name='" + params[:name] + "']")
    # ruleid: ruby.web.xpath-injection
    REXML::XPath.first(document, "//user[@name='#{params[:name]}']")
    # ok: ruby.web.xpath-injection
    document.xpath("//user[@name=$name]", nil, name: params[:name])
    # ok: ruby.web.xpath-injection
    document.xpath("//user")
    # ok: ruby.web.xpath-injection
    document.css(params[:name])
  end
end
