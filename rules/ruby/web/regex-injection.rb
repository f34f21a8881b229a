class Users
  def find(text)
    # ruleid: ruby.web.regex-injection
    Regexp.new(params[:name])
    # ruleid: ruby.web.regex-injection
    Regexp.compile("^" + params[:name])
    # ruleid: ruby.web.regex-injection
    Regexp.new("^#{params[:name]}$")
    # ok: ruby.web.regex-injection
    Regexp.new(Regexp.escape(params[:name]))
    # ok: ruby.web.regex-injection
    Regexp.new("^[a-z]+$")
    # ok: ruby.web.regex-injection
    Pattern.new(params[:name])
  end
end
